import { expect, test } from 'vitest';
import { hurriedClock, realClock } from '../src/index.ts';

test('a hurried clock is as many times as fast as it says, timers too', async () => {
  const clock = hurriedClock(100);
  const start = { realMs: realClock.nowMs(), ms: clock.nowMs(), wallMs: clock.wallMs() };
  await new Promise<void>((resolve) => clock.after(5_000, resolve));
  await new Promise<void>((resolve) => {
    const timer = clock.every(1_000, () => {
      timer.cancel();
      resolve();
    });
  });
  const tookMs = clock.nowMs() - start.ms;
  // Timers of Node may fire a millisecond early.
  expect(tookMs).toBeGreaterThan(5_700);
  expect(tookMs).toBeLessThanOrEqual((realClock.nowMs() - start.realMs) * 100);
  expect(Math.abs(clock.wallMs() - start.wallMs - tookMs)).toBeLessThan(500);
});
