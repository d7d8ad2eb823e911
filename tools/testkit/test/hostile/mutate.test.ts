import { expect, test } from 'vitest';
import { mutate } from '../../src/hostile/mutate.ts';
import { seededRandom } from '../../src/seeded-random.ts';

test('leaves the bytes it is given alone, and hardly ever gives the same back', () => {
  const random = seededRandom(1);
  const bytes = random.bytes(64);
  const before = bytes.slice();
  let sameCount = 0;
  for (let round = 0; round < 1_000; round++)
    if (Buffer.compare(mutate(bytes, random), bytes) === 0) sameCount++;
  expect(bytes).toEqual(before);
  expect(sameCount).toBeLessThan(20);
});

test('takes no bytes at all', () => {
  expect(mutate(new Uint8Array(0), seededRandom(1))).toHaveLength(0);
});
