/** A line of text under a cursor: what a prompt edits. Pure. */

export interface EditLine {
  readonly text: string;
  /** UTF-16 offset, always between graphemes. */
  readonly cursor: number;
}

export type Edit =
  | { readonly type: 'insert'; readonly text: string }
  | { readonly type: 'delete-back' }
  | { readonly type: 'delete-forward' }
  | { readonly type: 'delete-word' }
  | { readonly type: 'delete-to-start' }
  | { readonly type: 'left' }
  | { readonly type: 'right' }
  | { readonly type: 'start' }
  | { readonly type: 'end' };

export const emptyLine: EditLine = { text: '', cursor: 0 };

/** A line with the cursor at its end. */
export function lineOf(text: string): EditLine {
  return { text, cursor: text.length };
}

export function editLine(line: EditLine, edit: Edit): EditLine {
  const { text, cursor } = line;
  switch (edit.type) {
    case 'insert':
      return splice(line, cursor, cursor, edit.text);
    case 'delete-back':
      return splice(line, previousStop(text, cursor), cursor, '');
    case 'delete-forward':
      return splice(line, cursor, nextStop(text, cursor), '');
    case 'delete-word':
      return splice(line, wordStart(text, cursor), cursor, '');
    case 'delete-to-start':
      return splice(line, 0, cursor, '');
    case 'left':
      return { text, cursor: previousStop(text, cursor) };
    case 'right':
      return { text, cursor: nextStop(text, cursor) };
    case 'start':
      return { text, cursor: 0 };
    case 'end':
      return lineOf(text);
  }
}

function splice(line: EditLine, from: number, to: number, text: string): EditLine {
  return {
    text: line.text.slice(0, from) + text + line.text.slice(to),
    cursor: from + text.length,
  };
}

const graphemes = new Intl.Segmenter(undefined, { granularity: 'grapheme' });

function previousStop(text: string, cursor: number): number {
  return cursor === 0 ? 0 : (graphemes.segment(text).containing(cursor - 1)?.index ?? 0);
}

function nextStop(text: string, cursor: number): number {
  const next = graphemes.segment(text).containing(cursor);
  return next === undefined ? text.length : next.index + next.segment.length;
}

function wordStart(text: string, cursor: number): number {
  return text.slice(0, cursor).replace(/\S*\s*$/, '').length;
}
