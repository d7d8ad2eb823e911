import { expect, test } from 'vitest';
import { type Lane, Pacer } from '../src/tracker/pacer.ts';

test('without a rate a free lane announces at once', () => {
  const pacer = new Pacer(0);
  let announced = 0;
  pacer.free({ announce: () => (announced += 1) });
  expect(announced).toBe(1);
});

test('at a rate announces fall due evenly, and one that waited for a lane keeps its time', async () => {
  const dueAtMs: number[] = [];
  const pacer = new Pacer(1_000);
  const lane: Lane = {
    announce(at) {
      dueAtMs.push(at);
      if (dueAtMs.length < 20) pacer.free(lane);
    },
  };
  pacer.free(lane);
  await expect.poll(() => dueAtMs.length).toBe(20);
  const gaps = dueAtMs.slice(1).map((at, index) => at - (dueAtMs[index] ?? 0));
  for (const gap of gaps) expect(gap).toBeCloseTo(1, 6);
});
