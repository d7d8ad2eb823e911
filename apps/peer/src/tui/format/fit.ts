/** Text cut and padded to an exact number of terminal columns, by grapheme. */
import stringWidth from 'string-width';
import { cleanText } from './clean-text.ts';

export type Align = 'left' | 'right';
/** Where text that is too long loses its letters. Paths tell most at their end. */
export type Cut = 'end' | 'start' | 'middle';

const graphemes = new Intl.Segmenter(undefined, { granularity: 'grapheme' });
const ASCII = /^[\x20-\x7e]*$/;
const ELLIPSIS = '…';

/** How many columns a clean text takes. */
export function textWidth(text: string): number {
  return ASCII.test(text) ? text.length : stringWidth(text);
}

/**
 * A cell of a table: `text` cleaned, then cut or padded so that it takes exactly `width` columns.
 * @param width - columns; 0 or less gives an empty string
 */
export function fit(text: string, width: number, align: Align = 'left', cut: Cut = 'end'): string {
  const shown = truncate(text, width, cut);
  const padding = ' '.repeat(Math.max(0, width - textWidth(shown)));
  return align === 'left' ? shown + padding : padding + shown;
}

/** Like `fit` but without padding: at most `width` columns. */
export function truncate(text: string, width: number, cut: Cut = 'end'): string {
  const clean = cleanText(text);
  if (width <= 0) return '';
  if (textWidth(clean) <= width) return clean;
  if (width === 1) return ELLIPSIS;
  const parts = [...graphemes.segment(clean)].map((part) => part.segment);
  const room = width - 1;
  if (cut === 'end') return take(parts, room) + ELLIPSIS;
  if (cut === 'start') return ELLIPSIS + takeLast(parts, room);
  const head = take(parts, Math.ceil(room / 2));
  return head + ELLIPSIS + takeLast(parts, room - textWidth(head));
}

function take(parts: readonly string[], room: number): string {
  let text = '';
  let used = 0;
  for (const part of parts) {
    used += textWidth(part);
    if (used > room) break;
    text += part;
  }
  return text;
}

function takeLast(parts: readonly string[], room: number): string {
  let text = '';
  let used = 0;
  for (let at = parts.length - 1; at >= 0; at--) {
    const part = parts[at]!;
    used += textWidth(part);
    if (used > room) break;
    text = part + text;
  }
  return text;
}
