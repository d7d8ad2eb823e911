/** Where a key or a paste goes: to the overlay that is open, or to the act it stands for. */
import { helpRows } from '../state/help-rows.ts';
import { actFor } from '../state/keymap.ts';
import { pasted, promptEdit } from '../state/prompt-keys.ts';
import type { Prompt } from '../state/ui-state.ts';
import { ACTS, removeSelected } from './acts.ts';
import type { Controls } from './controls.ts';
import { ban } from './peer-acts.ts';
import {
  completeCommand,
  completePath,
  recall,
  submitPrompt,
  suggest,
  turnScope,
} from './prompts.ts';

/** What works whatever is open. */
const ALWAYS: Readonly<Record<string, (controls: Controls) => void>> = {
  'ctrl-c': leaveOverlay,
  'ctrl-l': ({ repaint }) => repaint(),
  'ctrl-z': ({ suspend }) => suspend(),
};

/** @param name - as `keyName` makes it; @param input - the letters of the key, if it has any */
export function handleKey(controls: Controls, name: string, input: string): void {
  const { engine, ui, commands, dispatch } = controls;
  const always = ALWAYS[name];
  if (always !== undefined) return always(controls);
  switch (ui.overlay?.name) {
    case undefined: {
      const act = actFor(ui.view, name);
      if (act !== undefined) ACTS[act](controls);
      break;
    }
    case 'help': {
      const { length, shownLength } = helpRows(controls.screen.height, commands !== undefined);
      scrollOrClose(controls, name, length, shownLength);
      break;
    }
    case 'answer':
      scrollOrClose(controls, name, controls.answerLines.length, controls.layout.answerLength);
      break;
    case 'ban':
      if (name === 'y') dispatch({ type: 'notice', notice: ban(engine, ui.overlay.host) });
      if (['y', 'n', 'q', 'esc'].includes(name)) dispatch({ type: 'close' });
      break;
    case 'remove':
      if (name === 'y' || name === 'D') removeSelected(controls, ui.overlay, name === 'D');
      if (['y', 'D', 'n', 'q', 'esc'].includes(name)) dispatch({ type: 'close' });
      break;
    case 'prompt':
      handlePromptKey(controls, name, input);
  }
}

/** As in a shell: Ctrl-C gives up what is being asked or shown, and ends the program where nothing is. */
function leaveOverlay(controls: Controls): void {
  if (controls.ui.overlay === undefined) controls.quit('interrupted');
  else handleKey(controls, 'esc', '');
}

/** `/help`, `/ping 192.0.2.7 6881`: a command, where a path would go on with a slash. */
const COMMAND_LIKE = /^\/[a-z_]+(?:\s|$)/;

/** A paste goes into the prompt; without one it opens the prompt that adds, or that of commands. */
export function handlePaste(
  { ui, commands, saveFolder, dispatch, now }: Controls,
  text: string,
): void {
  const isCommand = commands !== undefined && COMMAND_LIKE.test(text.trim());
  const prompt: Prompt = isCommand ? { purpose: 'command' } : { purpose: 'add', saveFolder };
  if (ui.overlay === undefined) dispatch({ type: 'ask', prompt });
  if (ui.overlay === undefined || ui.overlay.name === 'prompt')
    dispatch({ type: 'edit', edit: pasted(text.trim()) });
  suggest(now());
}

function handlePromptKey(controls: Controls, name: string, input: string): void {
  if (purposeOf(controls) === 'command') {
    if (name === 'tab') return completeCommand(controls);
    if (name === 'up') return recall(controls, 'older');
    if (name === 'down') return recall(controls, 'newer');
  }
  switch (name) {
    case 'esc':
      if (purposeOf(controls) === 'filter') controls.dispatch({ type: 'filter', filter: '' });
      else controls.dispatch({ type: 'close' });
      break;
    case 'enter':
      submitPrompt(controls);
      break;
    case 'tab':
      if (purposeOf(controls) === 'add') completePath(controls);
      else turnScope(controls);
      break;
    default: {
      const edit = promptEdit(name, input);
      if (edit === undefined) break;
      controls.dispatch({ type: 'edit', edit });
      suggest(controls.now());
    }
  }
}

function purposeOf({ ui }: Controls): string | undefined {
  return ui.overlay?.name === 'prompt' ? ui.overlay.prompt.purpose : undefined;
}

/** Keys that move do so while there is more than fits; any other closes. */
function scrollOrClose(
  { dispatch }: Controls,
  name: string,
  length: number,
  shownLength: number,
): void {
  const by = length <= shownLength ? undefined : scrollOf(name, shownLength);
  if (by === undefined) dispatch({ type: 'close' });
  else dispatch({ type: 'scroll', by, last: length - shownLength });
}

/** Lines that a key moves an answer by; undefined for keys that do not move it. */
function scrollOf(name: string, pageLength: number): number | undefined {
  switch (actFor('list', name)) {
    case 'next':
      return 1;
    case 'previous':
      return -1;
    case 'page-down':
      return pageLength;
    case 'page-up':
      return -pageLength;
    case 'first':
      return Number.NEGATIVE_INFINITY;
    case 'last':
      return Number.POSITIVE_INFINITY;
    default:
      return undefined;
  }
}
