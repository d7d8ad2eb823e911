import { ManualClock } from '@shoal/testkit';
import { expect, test } from 'vitest';
import { SnapshotFeed } from '../../src/state/snapshot-feed.ts';

function makeStage() {
  const clock = new ManualClock();
  let built = 0;
  const feed = new SnapshotFeed(clock, () => ({ number: ++built }));
  const heardAtMs: number[] = [];
  const end = feed.subscribe(() => heardAtMs.push(clock.nowMs()));
  return { clock, feed, heardAtMs, end };
}

test('the snapshot is the same object until something changes', () => {
  const { feed } = makeStage();
  const first = feed.snapshot;
  expect(feed.snapshot).toBe(first);
  feed.markChanged();
  expect(feed.snapshot).toEqual({ number: 2 });
});

test('listeners hear of many changes at once, five times a second at most', async () => {
  const { clock, feed, heardAtMs } = makeStage();
  const changes = clock.every(10, () => feed.markChanged());
  await clock.advance(1_000);
  changes.cancel();
  expect(heardAtMs).toEqual([210, 410, 610, 810]);
});

test('who has ended its subscription hears nothing more', async () => {
  const { clock, feed, heardAtMs, end } = makeStage();
  feed.markChanged();
  end();
  await clock.advance(1_000);
  expect(heardAtMs).toEqual([]);
});

test('a change that nobody listens to sets no timer', () => {
  const { clock, feed, end } = makeStage();
  end();
  feed.markChanged();
  expect(clock.pendingTimerCount).toBe(0);
});

test('a feed that is closed says nothing more, but can be read', async () => {
  const { clock, feed, heardAtMs } = makeStage();
  feed.markChanged();
  feed.close();
  feed.markChanged();
  await clock.advance(1_000);
  expect(heardAtMs).toEqual([]);
  expect(feed.snapshot).toEqual({ number: 1 });
});
