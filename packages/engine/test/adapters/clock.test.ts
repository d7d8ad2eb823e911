import { checkClosed } from '@shoal/testkit';
import { expect, test } from 'vitest';
import { systemClock } from '../../src/adapters/clock.ts';

test('a timer fires once and not before its time', async () => {
  const startMs = systemClock.nowMs();
  await new Promise<void>((resolve) => systemClock.after(5, resolve));
  // Timers count whole milliseconds: one may be missing.
  expect(systemClock.nowMs() - startMs).toBeGreaterThanOrEqual(4);
});

test('a repeated timer fires until it is cancelled, and then leaves nothing behind', async () => {
  const check = checkClosed();
  let count = 0;
  await new Promise<void>((resolve) => {
    const timer = systemClock.every(1, () => {
      if (++count < 3) return;
      timer.cancel();
      timer.cancel();
      resolve();
    });
  });
  await check();
  expect(count).toBe(3);
});

test('a cancelled timer does not fire', async () => {
  let fired = false;
  systemClock
    .after(0, () => {
      fired = true;
    })
    .cancel();
  await new Promise<void>((resolve) => systemClock.after(2, resolve));
  expect(fired).toBe(false);
});

test('a delay of months does not fire at once', async () => {
  let fired = false;
  const timer = systemClock.after(2 ** 40, () => {
    fired = true;
  });
  await new Promise<void>((resolve) => systemClock.after(5, resolve));
  timer.cancel();
  expect(fired).toBe(false);
});

test('wall time is a date', () => {
  expect(systemClock.wallMs()).toBeGreaterThan(Date.UTC(2026, 0));
});
