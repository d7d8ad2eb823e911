import fc from 'fast-check';
import stringWidth from 'string-width';
import { describe, expect, it } from 'vitest';
import { fit, textWidth, truncate } from '../../../src/tui/format/fit.ts';
import { anyText } from '../any-text.ts';

describe('fit', () => {
  it('pads to the left or to the right', () => {
    expect(fit('ab', 4)).toBe('ab  ');
    expect(fit('ab', 4, 'right')).toBe('  ab');
  });

  it('cuts with an ellipsis at the end, the start or the middle', () => {
    expect(fit('abcdefgh', 5)).toBe('abcd…');
    expect(fit('abcdefgh', 5, 'left', 'start')).toBe('…efgh');
    expect(fit('abcdefgh', 5, 'left', 'middle')).toBe('ab…gh');
  });

  it('never cuts a wide letter in two', () => {
    expect(fit('浮世絵', 4)).toBe('浮… ');
    expect(fit('浮世絵', 5)).toBe('浮世…');
  });

  it('keeps a letter and its marks together', () => {
    expect(truncate('e\u0301e\u0301e\u0301', 2)).toBe('e\u0301…');
  });

  it('shows joined emoji and letters one by one, so that every terminal counts the same columns', () => {
    expect(fit('👩\u200d👩\u200d👧\u200d👦.txt', 14)).toBe('👩👩👧👦.txt  ');
    expect(fit('می\u200cخواهم', 9)).toBe('میخواهم  ');
  });

  it('cleans what it is given', () => {
    expect(fit('a\x1b[2Jb', 4)).toBe('ab  ');
  });

  it('gives nothing for no room and an ellipsis for one column', () => {
    expect(fit('abc', 0)).toBe('');
    expect(fit('abc', -3)).toBe('');
    expect(fit('abc', 1)).toBe('…');
  });

  it('takes exactly the columns it was given, for any text and any cut', () => {
    const cut = fc.constantFrom('end', 'start', 'middle');
    fc.assert(
      fc.property(anyText, fc.integer({ min: 1, max: 40 }), cut, (anything, width, where) => {
        expect(stringWidth(fit(anything, width, 'left', where))).toBe(width);
      }),
    );
  });
});

describe('textWidth', () => {
  it('counts columns, not letters', () => {
    expect([textWidth('abc'), textWidth('浮世絵'), textWidth('e\u0301')]).toEqual([3, 6, 1]);
  });
});
