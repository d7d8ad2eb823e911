import fc from 'fast-check';
import stringWidth from 'string-width';
import { describe, expect, it } from 'vitest';
import { toAscii } from '../../../src/tui/format/ascii.ts';
import { bar } from '../../../src/tui/format/bar.ts';
import { areaGraph } from '../../../src/tui/format/graph.ts';
import { CELL_GLYPHS } from '../../../src/tui/format/piece-map.ts';

describe('toAscii', () => {
  it('keeps ASCII and the escape sequences in it', () => {
    expect(toAscii('\x1b[1mreef.iso\x1b[22m 12%\r\n')).toBe('\x1b[1mreef.iso\x1b[22m 12%\r\n');
  });

  it('draws bars and graphs with signs that tell full from empty', () => {
    const { filled, rest } = bar(0.65, 10);
    expect(toAscii(filled + rest)).toBe('======>---');
    const samples = Array.from({ length: 40 }, (_, at) => at);
    expect(toAscii(areaGraph(samples, 20, 1, 39)[0]!)).toBe('.......:::::|||||###');
  });

  it('tells all kinds of pieces apart', () => {
    const cells = Object.values(CELL_GLYPHS).map(toAscii);
    expect(new Set(cells).size).toBe(cells.length);
  });

  it('leaves accents off, and puts a mark for each column that has no letter', () => {
    expect(toAscii('Édith Piaf – à Paris')).toBe('Edith Piaf - a Paris');
    expect(toAscii('浮世絵 ☃ и')).toBe('?????? ? ?');
    expect(toAscii('\u{1f469}‍\u{1f467}')).toBe('??');
  });

  it('makes of any text one of ASCII that is as wide', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        const ascii = toAscii(text);
        expect(ascii).toMatch(/^[\0-\x7f]*$/);
        expect(stringWidth(ascii)).toBe(stringWidth(text));
      }),
    );
  });
});
