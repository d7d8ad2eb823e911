/** What a key does to the line of a prompt. */
import { cleanText } from '../format/clean-text.ts';
import type { Edit } from './edit-line.ts';

const EDITS: Readonly<Record<string, Edit>> = {
  left: { type: 'left' },
  right: { type: 'right' },
  home: { type: 'start' },
  end: { type: 'end' },
  'ctrl-a': { type: 'start' },
  'ctrl-e': { type: 'end' },
  'ctrl-b': { type: 'left' },
  'ctrl-f': { type: 'right' },
  'ctrl-u': { type: 'delete-to-start' },
  'ctrl-w': { type: 'delete-word' },
  backspace: { type: 'delete-back' },
  'ctrl-h': { type: 'delete-back' },
  delete: { type: 'delete-forward' },
  'ctrl-d': { type: 'delete-forward' },
};

const NAMED_KEY = /^(?:up|down|pageup|pagedown|enter|esc|tab|shift-tab|(?:ctrl|alt)-.*)$/;

/** The edit a key makes, or undefined when it makes none. @param name - as `keyName` makes it */
export function promptEdit(name: string, input: string): Edit | undefined {
  const edit = EDITS[name];
  if (edit !== undefined) return edit;
  return NAMED_KEY.test(name) || input === '' ? undefined : pasted(input);
}

/** Text from the clipboard as it may stand in a line: clean, its lines kept apart by blanks. */
export function pasted(text: string): Edit {
  return { type: 'insert', text: cleanText(text) };
}
