/** What the prompts ask and what Enter does in them. */
import type { TorrentPort } from '../engine-port.ts';
import { describeLimits } from '../format/bytes.ts';
import { cleanText } from '../format/clean-text.ts';
import { textWidth } from '../format/fit.ts';
import { lineOf } from '../state/edit-line.ts';
import type { UiAction } from '../state/ui-reducer.ts';
import type { LimitScope, Notice } from '../state/ui-state.ts';
import { type AddPorts, addTorrents } from './add-torrents.ts';
import type { Controls } from './controls.ts';
import { explain } from './explain.ts';
import { readLimits, showLimits } from './limits-text.ts';

/** Blank columns beside a notice. */
const NOTICE_MARGIN = 2;
/** A lone slash could be anything: `/help` and Tab list it all. */
const MIN_SUGGESTED = 2;

/** Asks for the limits of the selected torrent, or of everything when there is none. */
export function askLimits(controls: Controls): void {
  const { torrent, dispatch } = controls;
  const scope = torrent === undefined ? 'all' : { infoHash: torrent.infoHash, name: torrent.name };
  const text = limitsOf(controls, scope);
  dispatch({ type: 'ask', prompt: { purpose: 'limits', scope }, text });
}

/** Turns the limits prompt between the selected torrent and everything. */
export function turnScope(controls: Controls): void {
  const { ui, torrent, dispatch } = controls;
  if (ui.overlay?.name !== 'prompt' || ui.overlay.prompt.purpose !== 'limits') return;
  if (torrent === undefined) return;
  const isAll = ui.overlay.prompt.scope === 'all';
  const scope = isAll ? { infoHash: torrent.infoHash, name: torrent.name } : 'all';
  dispatch({ type: 'scope', scope, text: limitsOf(controls, scope) });
}

/** Carries out what was typed; the prompt stays open with the error when it cannot be done. */
export function submitPrompt(controls: Controls): void {
  const { ui, dispatch } = controls;
  if (ui.overlay?.name !== 'prompt' || ui.overlay.isBusy) return;
  const { prompt, line } = ui.overlay;
  if (prompt.purpose === 'limits') {
    setLimits(controls, prompt.scope, line.text);
    return;
  }
  if (prompt.purpose === 'filter') {
    dispatch({ type: 'filter', filter: line.text.trim() });
    return;
  }
  dispatch({ type: 'submitted' });
  const answered = prompt.purpose === 'add' ? add(controls, line.text) : run(controls, line.text);
  void answered.then((actions) => {
    for (const action of actions) dispatch(action);
  });
}

function limitsOf({ engine }: Controls, scope: LimitScope): string {
  const limits =
    scope === 'all'
      ? engine.getSnapshot().limits
      : engine.torrent(scope.infoHash)?.getDetail().limits;
  return limits === undefined ? '' : showLimits(limits);
}

function setLimits({ engine, dispatch }: Controls, scope: LimitScope, text: string): void {
  const limits = readLimits(text);
  if (typeof limits === 'string') {
    dispatch({ type: 'refused', error: limits });
    return;
  }
  if (scope === 'all') engine.setLimits(limits);
  else engine.torrent(scope.infoHash)?.setLimits(limits);
  const name = scope === 'all' ? 'everything' : scope.name;
  const { downBytesPerS, upBytesPerS } = limits;
  const isFree = downBytesPerS === undefined && upBytesPerS === undefined;
  const words = isFree ? `no limit on ${name}` : `${name}: ${describeLimits(limits)}`;
  dispatch({ type: 'accepted', notice: { tone: 'plain', text: words, name } });
}

async function add(ports: AddPorts, text: string): Promise<UiAction[]> {
  const { torrents, error } = await addTorrents(ports, text);
  const last = torrents.at(-1);
  if (last === undefined) return [{ type: 'refused', error: error ?? 'Nothing was added.' }];
  return [
    { type: 'show', view: 'list' },
    { type: 'select', infoHash: last.infoHash },
    { type: 'accepted', notice: addedNotice(torrents, error) },
  ];
}

function addedNotice(torrents: readonly TorrentPort[], error: string | undefined): Notice {
  const name =
    torrents.length === 1 ? torrents[0]!.getSummary().name : `${torrents.length} torrents`;
  if (error === undefined) return { tone: 'plain', text: `added ${name}`, name };
  return { tone: 'bad', text: `! added ${name}, but not all: ${error}`, name };
}

/** Tab in the command prompt fills in what is certain and shows what may follow. */
export function completeCommand({ ui, commands, torrent, dispatch }: Controls): void {
  if (commands === undefined || ui.overlay?.name !== 'prompt' || ui.overlay.isBusy) return;
  const from = ui.overlay.line;
  void commands.complete(from.text, from.cursor, torrent?.infoHash).then((completion) => {
    const { line: text, cursor, candidates, help } = completion;
    dispatch({ type: 'completed', from, line: { text, cursor }, candidates, help });
  });
}

/** After each letter of a command: what may follow, and what the command does. Fills in nothing. */
export function suggest({ ui, commands, torrent, dispatch }: Controls): void {
  if (commands === undefined || ui.overlay?.name !== 'prompt' || ui.overlay.isBusy) return;
  const { line, prompt } = ui.overlay;
  if (prompt.purpose !== 'command') return;
  if (line.text.length < MIN_SUGGESTED) {
    dispatch({ type: 'completed', from: line, line, candidates: [] });
    return;
  }
  void commands.complete(line.text, line.cursor, torrent?.infoHash).then(({ candidates, help }) => {
    dispatch({ type: 'completed', from: line, line, candidates, help });
  });
}

/** Tab in the prompt that adds: the path as far as it is certain. */
export function completePath({ ui, commands, dispatch }: Controls): void {
  if (commands === undefined || ui.overlay?.name !== 'prompt' || ui.overlay.isBusy) return;
  const from = ui.overlay.line;
  void commands.completeSource(from.text).then(({ line: text, cursor, candidates }) => {
    dispatch({ type: 'completed', from, line: { text, cursor }, candidates });
  });
}

/** The arrows in the command prompt go through the lines that were entered. */
export function recall({ ui, commands, dispatch }: Controls, way: 'older' | 'newer'): void {
  if (commands === undefined || ui.overlay?.name !== 'prompt' || ui.overlay.isBusy) return;
  dispatch({ type: 'recalled', line: lineOf(commands[way](ui.overlay.line.text)) });
}

async function run(controls: Controls, line: string): Promise<UiAction[]> {
  const { commands, torrent, dispatch, quit, screen } = controls;
  if (commands === undefined) return [];
  const handleProgress = (progress: string): void => dispatch({ type: 'progress', progress });
  try {
    const answer = await commands.run(line, torrent?.infoHash, handleProgress);
    const { lines, isError, isLast } = answer;
    if (isLast) quit('quit');
    const text = lines[0] ?? 'done';
    if (isError) return [{ type: 'refused', error: text }];
    const notice: Notice = { tone: 'plain', text };
    // A lone line that fits is said at the foot, and in nobody's way.
    const isShort = textWidth(cleanText(text)) <= screen.width - NOTICE_MARGIN;
    if (lines.length < 2 && isShort) return [{ type: 'accepted', notice }];
    const shown = { name: 'answer', title: line, lines, first: 0 } as const;
    return [{ type: 'accepted', notice, answer: shown }];
  } catch (error) {
    return [{ type: 'refused', error: explain(error) }];
  }
}
