import fc from 'fast-check';
import { expect, test } from 'vitest';
import { TimerQueue } from '../src/timer-queue.ts';

test('gives back what was not cancelled, by time and then by turn', () => {
  const timers = fc.array(fc.record({ atMs: fc.nat(20), cancelled: fc.boolean() }));
  fc.assert(
    fc.property(timers, (list) => {
      const queue = new TimerQueue();
      const fired: number[] = [];
      for (const [turn, { atMs, cancelled }] of list.entries()) {
        const timer = queue.add(atMs, () => fired.push(turn));
        if (cancelled) timer.cancel();
      }
      const expected = [...list.entries()]
        .filter(([, { cancelled }]) => !cancelled)
        .sort(([, a], [, b]) => a.atMs - b.atMs)
        .map(([turn]) => turn);
      expect(queue.size).toBe(expected.length);
      for (let due = queue.takeDue(20); due !== undefined; due = queue.takeDue(20)) due.fire();
      expect(fired).toEqual(expected);
      expect(queue.size).toBe(0);
    }),
  );
});

test('keeps what is not due yet', () => {
  const queue = new TimerQueue();
  queue.add(5, () => {});
  expect(queue.takeDue(4)).toBeUndefined();
  expect(queue.takeDue(5)?.atMs).toBe(5);
});
