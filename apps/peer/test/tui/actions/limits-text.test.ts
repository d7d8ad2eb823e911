import { describe, expect, it } from 'vitest';
import { readLimits, showLimits } from '../../../src/tui/actions/limits-text.ts';

const MIB = 2 ** 20;

describe('limits as text', () => {
  it.each([
    ['5M 512K', 5 * MIB, 512 * 1024],
    ['- 1M', undefined, MIB],
    ['100B -', 100, undefined],
    ['5000', 5000, undefined],
    ['5M', 5 * MIB, undefined],
    ['0 none', undefined, undefined],
    ['', undefined, undefined],
  ])('reads %j', (text, downBytesPerS, upBytesPerS) => {
    expect(readLimits(text)).toEqual({ downBytesPerS, upBytesPerS });
  });

  it.each(['5', '5M 50', '5M 1M 2M', 'fast slow', '-5M 1M'])(
    'says what is wrong with %j',
    (text) => {
      expect(readLimits(text)).toMatch(/such as 5M 512K/);
    },
  );

  it('asks for the unit of so small a number', () => {
    expect(readLimits('50')).toBe('50 has no unit: write 50K or 50M, such as 5M 512K.');
  });

  it('reads back what it shows', () => {
    for (const limits of [
      { downBytesPerS: 5 * MIB, upBytesPerS: undefined },
      { downBytesPerS: 1000, upBytesPerS: 3 * 2 ** 30 },
      { downBytesPerS: undefined, upBytesPerS: undefined },
    ])
      expect(readLimits(showLimits(limits))).toEqual(limits);
    expect(showLimits({ downBytesPerS: 5 * MIB, upBytesPerS: undefined })).toBe('5M -');
  });
});
