/** Text over several lines. */

import { cleanText } from './clean-text.ts';
import { textWidth, truncate } from './fit.ts';

const graphemes = new Intl.Segmenter(undefined, { granularity: 'grapheme' });

/**
 * Breaks a text between its words, and words that are longer than a line where they must be.
 * @param width - columns of a line
 * @param limit - lines at most: the last one is cut
 * @returns at least one line, none wider than `width`
 */
export function wrap(text: string, width: number, limit = Number.POSITIVE_INFINITY): string[] {
  const clean = cleanText(text).trimEnd();
  if (textWidth(clean) <= width) return [clean];
  if (width < 1) return [''];
  const lines: string[] = [];
  let rest = clean;
  while (textWidth(rest) > width && lines.length < limit - 1) {
    const end = breakAt(rest, width);
    lines.push(rest.slice(0, end).trimEnd());
    rest = rest.slice(end).trimStart();
  }
  return [...lines, truncate(rest, width)];
}

/** Columns between two columns of a table in plain text. */
const COLUMN_START = / {2,}(?=\S)/g;
const INDENT = 2;

/**
 * Like `wrap`, with what does not fit set below the last column that begins in the left half of the
 * line, as tables and lists of commands want it.
 */
export function wrapHanging(text: string, width: number): string[] {
  const clean = cleanText(text).trimEnd();
  if (textWidth(clean) <= width) return [clean];
  const starts = [...clean.matchAll(COLUMN_START)].map(({ 0: gap, index }) => index + gap.length);
  const indent = starts.findLast((start) => start <= width / 2) ?? INDENT;
  const end = breakAt(clean, width);
  const rest = wrap(clean.slice(end).trimStart(), width - indent);
  return [clean.slice(0, end).trimEnd(), ...rest.map((line) => ' '.repeat(indent) + line)];
}

/** Where the first line of a text that is too long ends: behind a blank in its later half, if it has one. */
function breakAt(text: string, width: number): number {
  let used = 0;
  let end = 0;
  let blankEnd = 0;
  for (const { segment, index } of graphemes.segment(text)) {
    used += textWidth(segment);
    if (segment === ' ') blankEnd = index + 1;
    if (used > width) break;
    end = index + segment.length;
  }
  return blankEnd > end / 2 ? Math.min(blankEnd, end + 1) : Math.max(end, 1);
}
