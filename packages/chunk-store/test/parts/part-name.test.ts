import { expect, it } from 'vitest';
import { formatParts, partName } from '../../src/parts/part-name.ts';

it('widens part numbers with the count', () => {
  expect(partName('a', 0, 9999)).toBe('a.part0001');
  expect(partName('a', 9, 12_345)).toBe('a.part00010');
});

it('names parts in runs, and not more than ten of them', () => {
  expect(formatParts([4])).toBe('part 5');
  expect(formatParts([1, 4, 5, 6])).toBe('parts 2, 5-7');
  const every2nd = Array.from({ length: 30 }, (_, n) => n * 2);
  expect(formatParts(every2nd)).toBe('parts 1, 3, 5, 7, 9, 11, 13, 15, 17, 19, …');
});
