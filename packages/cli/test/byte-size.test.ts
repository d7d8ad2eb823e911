import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  formatByteSize,
  formatRate,
  parseByteSize,
  parseLength,
  parseRateLimit,
} from '../src/byte-size.ts';

describe('byte sizes', () => {
  it.each([
    ['0', 0],
    ['262144', 262_144],
    ['256K', 262_144],
    ['256k', 262_144],
    ['1.5M', 1_572_864],
    ['2GiB', 2_147_483_648],
    ['10 MB', 10_485_760],
    ['1T', 1_099_511_627_776],
  ])('reads %s', (text, bytes) => {
    expect(parseByteSize(text)).toBe(bytes);
  });

  it.each(['', 'M', '-1', '1X', '1e3', '5M/s', '99999999T'])('refuses "%s"', (text) => {
    expect(() => parseByteSize(text)).toThrow(/Write a size|too large/);
  });

  it('refuses no bytes where there must be some', () => {
    expect(parseLength('1')).toBe(1);
    expect(() => parseLength('0')).toThrow('from 1 byte up');
  });

  it('reads rate limits, where 0 and none are no limit', () => {
    expect(parseRateLimit('5M')).toBe(5_242_880);
    expect(parseRateLimit('5M/s')).toBe(5_242_880);
    expect(parseRateLimit('0')).toBe(0);
    expect(parseRateLimit('none')).toBe(0);
  });

  it.each([
    [0, '0 B'],
    [1023, '1023 B'],
    [1024, '1.0 KiB'],
    [64 * 1024 * 1024, '64.0 MiB'],
    [150 * 1024, '150 KiB'],
    [3 * 1024 ** 5, '3072 TiB'],
  ])('writes %d bytes as %s', (bytes, text) => {
    expect(formatByteSize(bytes)).toBe(text);
  });

  it('writes rates', () => {
    expect(formatRate(1_572_864)).toBe('1.5 MiB/s');
  });

  it('reads what it writes, within the rounding', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 2 ** 45 }), (bytes) => {
        expect(parseByteSize(formatByteSize(bytes))).toBeGreaterThanOrEqual(bytes * 0.95 - 1);
        expect(parseByteSize(formatByteSize(bytes))).toBeLessThanOrEqual(bytes * 1.05 + 1);
      }),
    );
  });
});
