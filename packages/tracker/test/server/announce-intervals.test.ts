import { seededRandom } from '@shoal/testkit';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { AnnounceIntervals } from '../../src/server/announce-intervals.ts';

function drawn(intervalS: number, minIntervalS: number, seed = 1, count = 1_000): number[] {
  const intervals = new AnnounceIntervals({ intervalS, minIntervalS, random: seededRandom(seed) });
  return Array.from({ length: count }, () => intervals.next());
}

test('no interval is longer than asked for, shorter by more than a twentieth, or below the least', () => {
  const seconds = fc.integer({ min: 1, max: 14_400 });
  fc.assert(
    fc.property(seconds, seconds, fc.nat(), (intervalS, minIntervalS, seed) => {
      for (const interval of drawn(intervalS, minIntervalS, seed, 50)) {
        expect(Number.isInteger(interval)).toBe(true);
        expect(interval).toBeLessThanOrEqual(intervalS);
        expect(interval).toBeGreaterThanOrEqual(intervalS - intervalS / 20);
        expect(interval).toBeGreaterThanOrEqual(Math.min(intervalS, minIntervalS));
      }
    }),
  );
});

test('a crowd is spread evenly over the last seconds of the interval', () => {
  const counts = new Map<number, number>();
  for (const interval of drawn(600, 60, 1, 31_000))
    counts.set(interval, (counts.get(interval) ?? 0) + 1);
  expect(Math.min(...counts.keys())).toBe(570);
  expect(Math.max(...counts.keys())).toBe(600);
  // 1,000 each on average; five standard deviations are 156.
  for (const count of counts.values()) expect(Math.abs(count - 1_000)).toBeLessThan(156);
});

test('the same randomness gives the same intervals', () => {
  expect(drawn(1_800, 60, 5)).toEqual(drawn(1_800, 60, 5));
  expect(drawn(1_800, 60, 5)).not.toEqual(drawn(1_800, 60, 6));
});

test('short intervals, and those that are the least, are as they were asked for', () => {
  expect(new Set(drawn(19, 1))).toEqual(new Set([19]));
  expect(new Set(drawn(600, 600))).toEqual(new Set([600]));
});
