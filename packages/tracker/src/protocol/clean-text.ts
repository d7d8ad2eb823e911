/** Text from a tracker, made safe to show and to log. */

/** Longest message kept, in UTF-16 units. */
const MAX_TEXT_LENGTH = 240;

/** C0 and C1 controls, line separators, and marks that reorder or hide text. */
const UNSAFE = /[\s\u0000-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]+/g;

/** The text with each run of blanks and controls as one space, trimmed, cut at 240 characters. */
export function cleanText(text: string): string {
  return text
    .slice(0, 4 * MAX_TEXT_LENGTH)
    .replace(UNSAFE, ' ')
    .trim()
    .slice(0, MAX_TEXT_LENGTH);
}
