/** The gate for text that others wrote: file names, client names, tracker messages, comments. */

/** ESC sequences and their C1 twins: OSC, DCS and the like to their end, CSI, two-byte ones. */
const ESCAPE_SEQUENCES =
  /(?:\x1b[\]PX^_]|[\x9d\x90\x98\x9e\x9f])[^\x07\x1b\x9c]*(?:\x07|\x1b\\|\x9c)|(?:\x1b\[|\x9b)[\x30-\x3f]*[\x20-\x2f]*[\x40-\x7e]|\x1b[\x20-\x2f]*[\x30-\x7e]/g;
const SPACES = /[\t\n\v\f\r\u0085\u2028\u2029]+/g;
/** C0, DEL, C1, bidi controls, zero-width and other characters that show nothing. */
const INVISIBLE = /[\p{Cc}\p{Bidi_C}\p{DI}\ufff9-\ufffb]/gu;
/** More marks on one letter than any script needs smear over the lines around. */
const PILED_MARKS = /(\p{M}{4})\p{M}+/gu;
const PLAIN = /^[\x20-\x7e]*$/;

/**
 * Makes foreign text harmless on a terminal: one line, nothing that moves the cursor, talks to the
 * terminal or turns the order of letters around. Visible letters of every script stay.
 *
 * Everything that comes from data passes here, either directly or through `fit`.
 */
export function cleanText(text: string): string {
  if (PLAIN.test(text)) return text;
  return text
    .toWellFormed()
    .replace(ESCAPE_SEQUENCES, '')
    .replace(SPACES, ' ')
    .replace(INVISIBLE, '')
    .replace(PILED_MARKS, '$1');
}
