/** A line as words: blanks part them, quotes and backslashes keep blanks. Pure. */

export interface Word {
  /** Without quotes and backslashes. */
  readonly text: string;
  /** UTF-16 offset of its first character in the line. */
  readonly start: number;
  /** A quote or a backslash at the end of the line waits for more. */
  readonly isUnfinished: boolean;
}

/**
 * Splits as a shell does: `'…'` keeps all as it is; in `"…"` a backslash keeps `"` and `\`; outside
 * a backslash keeps any character.
 */
export function splitWords(line: string): Word[] {
  const words: Word[] = [];
  for (let at = skipBlanks(line, 0); at < line.length; at = skipBlanks(line, at)) {
    const { word, end } = readWord(line, at);
    words.push(word);
    at = end;
  }
  return words;
}

/** The word so that `splitWords` gives it back. */
export function quoteWord(text: string): string {
  return needsQuotes(text) ? `"${escapeQuotes(text)}"` : text;
}

/** The same, but more may be typed at its end. */
export function quoteOpenWord(text: string): string {
  return needsQuotes(text) ? `"${escapeQuotes(text)}` : text;
}

function readWord(line: string, start: number): { word: Word; end: number } {
  let text = '';
  let quote = '';
  let at = start;
  let isUnfinished = false;
  for (; at < line.length; at++) {
    const character = line[at]!;
    const next = line[at + 1];
    if (quote === '' && isBlank(character)) break;
    if (character === '\\' && quote !== "'" && isKept(next, quote)) {
      isUnfinished = next === undefined;
      text += next ?? '';
      at++;
    } else if (character === quote) quote = '';
    else if (quote === '' && (character === '"' || character === "'")) quote = character;
    else text += character;
  }
  return { word: { text, start, isUnfinished: isUnfinished || quote !== '' }, end: at };
}

/** Whether a backslash before this character is a sign, and no backslash. */
function isKept(next: string | undefined, quote: string): boolean {
  return quote === '' || next === '"' || next === '\\';
}

function needsQuotes(text: string): boolean {
  return text === '' || /[\s"'\\]/.test(text);
}

function escapeQuotes(text: string): string {
  return text.replace(/["\\]/g, '\\$&');
}

function skipBlanks(line: string, from: number): number {
  let at = from;
  while (at < line.length && isBlank(line[at]!)) at++;
  return at;
}

function isBlank(character: string): boolean {
  return /\s/.test(character);
}
