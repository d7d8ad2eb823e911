import { expect, test } from 'vitest';
import { systemRandom } from '../../src/adapters/random.ts';

test('bytes are fresh each time', () => {
  const [a, b] = [systemRandom.bytes(20), systemRandom.bytes(20)];
  expect(a).toHaveLength(20);
  expect(a).not.toEqual(b);
  expect(a.buffer).not.toBe(b.buffer);
  expect(a.buffer.byteLength).toBe(20);
});

test('numbers below a limit reach both ends and stay inside', () => {
  const seen = new Set<number>();
  for (let draw = 0; draw < 1000; draw++) seen.add(systemRandom.below(5));
  expect([...seen].sort()).toEqual([0, 1, 2, 3, 4]);
  expect(systemRandom.below(1)).toBe(0);
  expect(systemRandom.below(2 ** 32)).toBeLessThan(2 ** 32);
});
