/**
 * The characters that cannot be seen but join letters or keep them apart, U+200C and U+200D: without
 * them Persian is misspelt and a family of emoji falls into its members. Elsewhere they only hide.
 */

/** Scripts of which the letters join. */
const CURSIVE = ['Arabic', 'Syriac', 'Nko', 'Mandaic', 'Mongolian', 'Phags_Pa', 'Adlam']
  .map((script) => `\\p{Script=${script}}`)
  .join('');
/** What takes the vowel from a letter, from Devanagari to Sinhala, Myanmar, Khmer, Bali and Java. */
const VIRAMAS =
  '\\u094d\\u09cd\\u0a4d\\u0acd\\u0b4d\\u0bcd\\u0c4d\\u0ccd\\u0d3b\\u0d3c\\u0d4d\\u0dca\\u1039\\u103a\\u17d2\\u1b44\\ua9c0';
const JOINER = '[\\u200c\\u200d]';

/**
 * Where one belongs, much as the rules CONTEXTJ of IDNA (RFC 5892) and GB11 of graphemes (UAX 29)
 * have it: between cursive letters; beside a virama, for the shape of the letters around; between
 * emoji.
 */
const AT_HOME = [
  `(?<=[${CURSIVE}](?<=\\p{L})\\p{M}{0,4})${JOINER}(?=\\p{L})(?=[${CURSIVE}])`,
  `(?<=[${VIRAMAS}])\\u200c(?=\\p{Lo})`,
  `(?<=[${VIRAMAS}])\\u200d`,
  `(?<=\\p{Lo})\\u200d(?=[${VIRAMAS}])`,
  '(?<=\\p{Extended_Pictographic}[\\ufe0f\\p{Emoji_Modifier}]?)\\u200d(?=\\p{Extended_Pictographic})',
].join('|');

/** Characters of a text in which each is looked at. */
const MAX_LENGTH = 1_000;

const STRAY = new RegExp(`(?!${AT_HOME})${JOINER}`, 'gu');
const ALL = new RegExp(JOINER, 'g');

/**
 * Leaves out those that join nothing: at the ends, beside ASCII, between other letters, in a row; and
 * all of a text that is too long for a name.
 */
export function withoutStrayJoiners(text: string): string {
  return text.length > MAX_LENGTH ? withoutJoiners(text) : text.replace(STRAY, '');
}

/** Whether a character is one. */
export function isJoiner(character: string): boolean {
  return character === '\u200c' || character === '\u200d';
}

/** Leaves out all: texts that differ in joiners alone are one. */
export function withoutJoiners(text: string): string {
  return text.replace(ALL, '');
}
