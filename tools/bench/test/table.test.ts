import { expect, test } from 'vitest';
import { median, medianSample } from '../src/contender.ts';
import { formatTable } from '../src/table.ts';

test('takes the middle run, and the mean of two middle ones', () => {
  expect(median([9, 1, 5])).toBe(5);
  expect(median([4, 1, 3, 2])).toBe(2.5);
});

test('takes each part of the CPU by itself and the highest peak', () => {
  const sample = (rate: number, a: number, b: number, peakBytes: number) => {
    return { rate, cpu: [a, b], peakBytes };
  };
  expect(medianSample([sample(3, 1, 9, 10), sample(1, 2, 7, 30), sample(2, 3, 8, 20)])).toEqual({
    rate: 2,
    cpu: [2, 8],
    peakBytes: 30,
  });
});

test('prints a row with the ratio, and says why a program is missing', () => {
  const sample = { rate: 300, cpu: [1.5, 2], peakBytes: 100 * 1024 * 1024 };
  const row = { title: 'transfer', unit: 'MiB/s', cpuUnit: 's', rivalName: 'other' };
  const table = formatTable([
    { ...row, ours: sample, theirs: { ...sample, rate: 200 }, reason: undefined },
    { ...row, ours: sample, theirs: undefined, reason: 'other did not run: gone' },
  ]);
  const [, , first = '', second = '', remark] = table.split('\n');
  expect(first).toMatch(/300 MiB\/s +\| 200 MiB\/s +\| 1\.50x +\| 1\.50 \+ 2\.00/);
  expect(second).toMatch(/300 MiB\/s +\| - +\| - /);
  expect(remark).toBe('- transfer, other: other did not run: gone');
});
