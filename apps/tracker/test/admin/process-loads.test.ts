import { expect, test } from 'vitest';
import { ProcessLoads } from '../../src/admin/process-loads.ts';

const load = (cpuS: number, memoryLength = 1) => ({ cpuS, memoryLength, loopDelayS: 0 });

test('says how much of a core each process took since the last look', () => {
  const loads = new ProcessLoads(new Map([[0, load(5)]]), 0);
  expect(loads.rows).toEqual([{ worker: 0, cpuRatio: 0, memoryLength: 1, loopDelayS: 0 }]);
  loads.look(
    new Map([
      [2, load(3)],
      [0, load(5.5, 7)],
    ]),
    1_000,
  );
  expect(loads.rows).toEqual([
    { worker: 0, cpuRatio: 0.5, memoryLength: 7, loopDelayS: 0 },
    { worker: 2, cpuRatio: 0, memoryLength: 1, loopDelayS: 0 },
  ]);
  loads.look(new Map([[2, load(4)]]), 3_000);
  expect(loads.rows).toEqual([{ worker: 2, cpuRatio: 0.5, memoryLength: 1, loopDelayS: 0 }]);
});

test('takes a worker that replaces another for a new one', () => {
  const loads = new ProcessLoads(new Map([[1, load(50)]]), 0);
  loads.look(new Map([[1, load(0.1)]]), 1_000);
  expect(loads.rows).toEqual([{ worker: 1, cpuRatio: 0, memoryLength: 1, loopDelayS: 0 }]);
});
