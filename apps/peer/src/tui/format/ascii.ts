/** The screen for a terminal that shows ASCII alone: each glyph as one of the same width. */
import stringWidth from 'string-width';

/** Our own glyphs. */
const GLYPHS: Readonly<Record<string, string>> = {
  // Lines, borders and bars.
  '─': '-',
  '│': '|',
  '╭': '+',
  '╮': '+',
  '╰': '+',
  '╯': '+',
  '━': '=',
  '╸': '>',
  '▌': '>',
  // Arrows and what a torrent does.
  '↓': 'v',
  '↑': '^',
  '←': '<',
  '→': '>',
  '›': '>',
  '✓': '+',
  '✗': 'x',
  '‖': '=',
  '○': 'o',
  '●': '*',
  '◌': '?',
  '◔': '%',
  // The piece map.
  '■': '#',
  '▣': '%',
  '◆': '@',
  '□': 'o',
  '▫': ':',
  // Bars and maps of answers.
  '█': '#',
  '░': '-',
  // Between and behind words.
  '·': '-',
  '–': '-',
  '…': '~',
  '×': 'x',
  '∞': '*',
  '≋': '~',
  '’': "'",
};

/** What a cell of the rate graph becomes, by its dots. */
const BRAILLE = /[\u2800-\u28ff]/;
const BRAILLE_STEPS = ' ..::||##';

const ASCII = /^[\0-\x7f]*$/;
const graphemes = new Intl.Segmenter(undefined, { granularity: 'grapheme' });

/**
 * Text of the same width in ASCII: accents are left off, what has no letter becomes `?`.
 * Escape sequences stay as they are.
 */
export function toAscii(text: string): string {
  if (ASCII.test(text)) return text;
  return text.replace(/[^\0-\x7f]+/g, (run) =>
    Array.from(graphemes.segment(run), ({ segment }) => asciiOf(segment)).join(''),
  );
}

function asciiOf(grapheme: string): string {
  const own = GLYPHS[grapheme];
  if (own !== undefined) return own;
  if (BRAILLE.test(grapheme)) return BRAILLE_STEPS[dotCount(grapheme.codePointAt(0)! & 0xff)]!;
  const width = stringWidth(grapheme);
  const bare = grapheme.normalize('NFKD').replace(/\p{Mark}/gu, '');
  return ASCII.test(bare) && bare.length === width ? bare : '?'.repeat(width);
}

function dotCount(bits: number): number {
  let count = 0;
  for (let rest = bits; rest > 0; rest &= rest - 1) count++;
  return count;
}
