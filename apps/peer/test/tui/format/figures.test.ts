import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatBytes, formatLimit, formatRate } from '../../../src/tui/format/bytes.ts';
import {
  formatCount,
  formatNoun,
  formatPercent,
  formatRatio,
  fraction,
} from '../../../src/tui/format/numbers.ts';
import { formatAgo, formatClock, formatDuration } from '../../../src/tui/format/time.ts';

const MIB = 2 ** 20;

describe('bytes and rates', () => {
  it.each([
    [0, '0 B'],
    [1023, '1023 B'],
    [1024, '1.00 KiB'],
    [10_000, '9.77 KiB'],
    [412 * MIB, '412 MiB'],
    [1023.9 * MIB, '1.00 GiB'],
    [61.4 * 1024 * MIB, '61.4 GiB'],
    [9.997 * MIB, '10.0 MiB'],
    [99.96 * MIB, '100 MiB'],
  ])('shows %d bytes as %s', (length, text) => {
    expect(formatBytes(length)).toBe(text);
  });

  it('never takes more than 8 columns for a length and 10 for a rate', () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 2 ** 60, noNaN: true }), (length) => {
        expect(formatBytes(length).length).toBeLessThanOrEqual(8);
        expect(formatRate(length).length).toBeLessThanOrEqual(10);
      }),
    );
  });

  it('shows less than a byte a second as nothing', () => {
    expect([formatRate(0), formatRate(0.4), formatRate(1536)]).toEqual(['–', '–', '1.50 KiB/s']);
  });

  it('names the lack of a limit', () => {
    expect([formatLimit(undefined), formatLimit(5 * MIB)]).toEqual(['no limit', '5.00 MiB/s']);
  });
});

describe('shares and counts', () => {
  it('shows 100% only when all is there', () => {
    expect([formatPercent(1), formatPercent(0.99999), formatPercent(0)]).toEqual([
      '100%',
      '99.9%',
      '0.0%',
    ]);
  });

  it('takes nothing of nothing for all of it', () => {
    expect([fraction(0, 0), fraction(1, 4), fraction(5, 4)]).toEqual([1, 0.25, 1]);
  });

  it('shows ratios in four columns at most', () => {
    expect([0, 0.118, 12.34, 123.4, Number.POSITIVE_INFINITY, Number.NaN].map(formatRatio)).toEqual(
      ['0.00', '0.12', '12.3', '123', '∞', '–'],
    );
  });

  it('groups thousands and counts nouns', () => {
    expect(formatCount(1_234_567)).toBe('1,234,567');
    expect([formatNoun(1, 'peer'), formatNoun(2, 'address', 'addresses')]).toEqual([
      '1 peer',
      '2 addresses',
    ]);
  });
});

describe('time', () => {
  it.each([
    [0, '0s'],
    [59.4, '59s'],
    [59.6, '1m00s'],
    [200, '3m20s'],
    [7500, '2h05m'],
    [270_000, '3d03h'],
    [8_640_000, '–'],
    [undefined, '–'],
    [Number.POSITIVE_INFINITY, '–'],
  ])('shows %s seconds as %s', (seconds, text) => {
    expect(formatDuration(seconds)).toBe(text);
  });

  it('says how long ago in one unit', () => {
    const agoS = [1, 30, 300, 7200, 200_000];
    expect(agoS.map((s) => formatAgo(0, s * 1000))).toEqual([
      'just now',
      '30s ago',
      '5m ago',
      '2h ago',
      '2d ago',
    ]);
  });

  it('shows the time of day here', () => {
    expect(formatClock(new Date(2026, 4, 17, 9, 3, 5).getTime())).toBe('09:03:05');
  });
});
