/** Text from torrents, peers and trackers made safe for a terminal: no escapes, no bidi tricks. */

/** C0 and C1 controls, bidi marks and overrides, line separators, BOM, tags, lone surrogates. */
const UNSAFE =
  /[\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff\ufff9-\ufffb\u{e0000}-\u{e007f}]|\p{Surrogate}/gu;

/** Characters kept of one text from outside, unless told otherwise. */
const MAX_CHARACTERS = 1000;

/**
 * One line of text that moves no cursor: every unsafe character becomes U+FFFD, and what is longer
 * than `maxCharacters` is cut with an ellipsis.
 */
export function cleanText(text: string, maxCharacters = MAX_CHARACTERS): string {
  const clean = text.slice(0, maxCharacters * 2 + 2).replace(UNSAFE, '\ufffd');
  if (clean.length <= maxCharacters) return clean;
  const cut = Array.from(clean);
  return cut.length <= maxCharacters ? clean : `${cut.slice(0, maxCharacters - 1).join('')}…`;
}

/** JSON that is as safe: what `JSON.stringify` leaves raw and a terminal would obey is `\u`-escaped. */
export function cleanJson(value: unknown): string {
  return JSON.stringify(value).replace(UNSAFE, escapeUnits);
}

function escapeUnits(character: string): string {
  let escaped = '';
  for (let at = 0; at < character.length; at++)
    escaped += `\\u${character.charCodeAt(at).toString(16).padStart(4, '0')}`;
  return escaped;
}
