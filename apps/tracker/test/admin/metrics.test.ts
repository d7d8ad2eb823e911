import { ManualClock } from '@shoal/testkit';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createMetrics } from '../../src/admin/metrics.ts';
import { Monitor } from '../../src/admin/monitor.ts';
import { type SmallTracker, startSmallTracker } from './small-tracker.ts';

let small: SmallTracker;

beforeEach(async () => {
  small = await startSmallTracker();
});

afterEach(() => small.close());

test('a tracker that shares its swarms says whether it can', async () => {
  const sharing = { isReachable: true, waitingCount: 0, receivedCount: 7, failureCount: 0 };
  const { tracker } = small;
  const shared = { ...tracker, stats: () => ({ ...tracker.stats(), sharing: { ...sharing } }) };
  const metrics = createMetrics(new Monitor(shared, new ManualClock()));
  const first = await metrics.metrics();
  expect(first).toContain('\nshoal_tracker_sharing_up 1\n');
  expect(first).toContain('\nshoal_tracker_sharing_received_peers_total 7\n');
  Object.assign(sharing, { isReachable: false, waitingCount: 3, failureCount: 1 });
  const second = await metrics.metrics();
  expect(second).toContain('\nshoal_tracker_sharing_up 0\n');
  expect(second).toContain('\nshoal_tracker_sharing_waiting_peers 3\n');
  expect(second).toContain('\nshoal_tracker_sharing_failures_total 1\n');
});

test('a tracker alone has no such metrics', async () => {
  const metrics = createMetrics(new Monitor(small.tracker, new ManualClock()));
  expect(await metrics.metrics()).not.toContain('sharing');
});
