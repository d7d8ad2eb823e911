import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { textWidth } from '../../../src/tui/format/fit.ts';
import { wrap, wrapHanging } from '../../../src/tui/format/wrap.ts';
import { anyText } from '../any-text.ts';

describe('wrap', () => {
  it('breaks between words', () => {
    expect(wrap('the disk is full: free some space', 12)).toEqual([
      'the disk is',
      'full: free',
      'some space',
    ]);
  });

  it('breaks inside a word that is longer than a line', () => {
    expect(wrap('magnet:?xt=urn:btih:0123456789', 12)).toEqual([
      'magnet:?xt=u',
      'rn:btih:0123',
      '456789',
    ]);
  });

  it('cuts the last line that is allowed', () => {
    expect(wrap('one two three four', 8, 2)).toEqual(['one two', 'three f…']);
  });

  it('counts wide letters twice', () => {
    expect(wrap('浮世絵浮世絵', 6)).toEqual(['浮世絵', '浮世絵']);
  });

  it('never makes a line that is too wide, and ends', () => {
    fc.assert(
      fc.property(anyText, fc.integer({ min: 2, max: 40 }), (text, width) => {
        for (const line of wrap(text, width)) expect(textWidth(line)).toBeLessThanOrEqual(width);
      }),
    );
  });
});

describe('wrapHanging', () => {
  it('keeps the column of a table that a long cell stands in', () => {
    expect(wrapHanging('/ping IP PORT  measures how long the peer takes', 34)).toEqual([
      '/ping IP PORT  measures how long',
      '               the peer takes',
    ]);
  });

  it('sets what follows a long line in by two', () => {
    expect(wrapHanging('a line that is too long', 12)).toEqual([
      'a line that',
      '  is too',
      '  long',
    ]);
  });
});
