import { expect, test } from 'vitest';
import { seededRandom } from '../src/index.ts';

test('the same seed repeats, another one does not', () => {
  expect(seededRandom(7).bytes(32)).toEqual(seededRandom(7).bytes(32));
  expect(seededRandom(7).bytes(32)).not.toEqual(seededRandom(8).bytes(32));
  expect(seededRandom(7).bytes(32)).not.toEqual(seededRandom(7 + 2 ** 32).bytes(32));
});

test('numbers below a limit are spread evenly', () => {
  const random = seededRandom(1);
  const counts = new Array<number>(7).fill(0);
  for (let draw = 0; draw < 70_000; draw++) counts[random.below(7)]!++;
  for (const count of counts) expect(Math.abs(count - 10_000)).toBeLessThan(400);
});

test('limits from 1 to 2^32 work', () => {
  const random = seededRandom(3);
  expect(random.below(1)).toBe(0);
  expect(random.below(2 ** 32)).toBeLessThan(2 ** 32);
});
