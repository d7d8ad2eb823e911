import { expect, it } from 'vitest';
import { LookupQueue } from '../../src/dht/lookup-queue.ts';

it('begins four lookups at once, and the next when one has ended', () => {
  const queue = new LookupQueue(['a', 'b', 'c', 'd', 'e', 'f']);
  expect(queue.take(0)).toEqual(['a', 'b', 'c', 'd']);
  expect(queue.nextDueMs()).toBeUndefined();
  queue.done('b', 10);
  expect(queue.take(10)).toEqual(['e']);
});

it('looks again soon, then less and less often, down to every 15 minutes', () => {
  const queue = new LookupQueue(['a']);
  const gapsMs: number[] = [];
  let nowMs = 0;
  for (let n = 0; n < 9; n++) {
    queue.take(nowMs);
    queue.done('a', nowMs);
    gapsMs.push(queue.nextDueMs()! - nowMs);
    nowMs = queue.nextDueMs()!;
  }
  expect(gapsMs.map((ms) => ms / 1000)).toEqual([10, 20, 40, 80, 160, 320, 640, 900, 900]);
});

it('forgets a swarm that was left while it was looked up', () => {
  const queue = new LookupQueue(['a']);
  queue.take(0);
  queue.delete('a');
  queue.done('a', 1);
  expect([queue.has('a'), queue.nextDueMs()]).toEqual([false, undefined]);
});
