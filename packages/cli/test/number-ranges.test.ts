import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatNumberRanges, parseNumberRanges } from '../src/number-ranges.ts';

describe('number ranges', () => {
  it('reads numbers and ranges, each number once and ascending', () => {
    expect(parseNumberRanges('5,1-3, 2')).toEqual([1, 2, 3, 5]);
  });

  it.each(['', '0', '3-1', 'a', '1,,2', '1-', '1-99999999'])('refuses "%s"', (text) => {
    expect(() => parseNumberRanges(text)).toThrow(/from 1 on/);
  });

  it('cuts a long list and says how much is missing', () => {
    expect(formatNumberRanges([0, 1, 2, 4, 6, 8], 2)).toBe('0-2, 4, … (2 more ranges)');
  });

  it('reads what it writes', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.integer({ min: 1, max: 500 }), { minLength: 1 }), (numbers) => {
        const ascending = numbers.toSorted((a, b) => a - b);
        const text = formatNumberRanges(ascending, Number.POSITIVE_INFINITY);
        expect(parseNumberRanges(text)).toEqual(ascending);
      }),
    );
  });
});
