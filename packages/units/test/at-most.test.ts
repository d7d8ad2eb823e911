import { expect, test } from 'vitest';
import { atMost, type Clock } from '../src/index.ts';

/** A clock whose one timer is run by hand. */
class OneTimer implements Pick<Clock, 'after'> {
  run: (() => void) | undefined;
  delayMs = 0;

  after(delayMs: number, run: () => void) {
    this.delayMs = delayMs;
    this.run = run;
    const cancel = (): void => {
      this.run = undefined;
    };
    return { cancel };
  }
}

test('waits for work, and leaves no timer behind', async () => {
  const clock = new OneTimer();
  const work = Promise.withResolvers<void>();
  const done = atMost(100, clock, work.promise);
  expect(clock.delayMs).toBe(100);
  work.resolve();
  expect(await done).toBe(true);
  expect(clock.run).toBeUndefined();
});

test('waits no longer than it is told', async () => {
  const clock = new OneTimer();
  const done = atMost(100, clock, new Promise(() => {}));
  clock.run!();
  expect(await done).toBe(false);
});

test('lets what the work throws come out, and leaves no timer behind', async () => {
  const clock = new OneTimer();
  await expect(atMost(100, clock, Promise.reject(new Error('no')))).rejects.toThrow('no');
  expect(clock.run).toBeUndefined();
});
