import { expect, test } from 'vitest';
import { RateHistory } from '../../src/admin/rate-history.ts';

test('keeps what a count grew by in each second, and says the mean of five', () => {
  const history = new RateHistory(100);
  expect(history.perS).toBe(0);
  for (const count of [110, 110, 140]) history.add(count);
  expect(history.growths).toEqual([10, 0, 30]);
  expect(history.perS).toBeCloseTo(40 / 3);
  for (const count of [150, 160, 170, 180]) history.add(count);
  expect(history.perS).toBe(14);
});

test('forgets what is older than five minutes', () => {
  const history = new RateHistory(0);
  for (let second = 1; second <= 400; second++) history.add(second * second);
  expect(history.growths).toHaveLength(300);
  expect(history.growths.at(-1)).toBe(799);
});
