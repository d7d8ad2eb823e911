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

test('counts the bytes of requests and answers', async () => {
  const metrics = createMetrics(new Monitor(small.tracker, new ManualClock()));
  const read = async (name: string): Promise<number> => {
    const [, value] =
      new RegExp(`^shoal_tracker_${name}\\{transport="http"\\} (\\d+)$`, 'm').exec(
        await metrics.metrics(),
      ) ?? [];
    return Number(value);
  };
  expect(await read('received_bytes_total')).toBe(0);
  await small.announce('00'.repeat(20), { port: 1 });
  expect(await read('received_bytes_total')).toBeGreaterThan(100);
  expect(await read('sent_bytes_total')).toBeGreaterThan(50);
});

test('counts how long answers took, in buckets that add up', async () => {
  const monitor = new Monitor(small.tracker, new ManualClock());
  const metrics = createMetrics(monitor);
  for (const port of [1, 2, 3]) await small.announce('00'.repeat(20), { port });
  const text = await metrics.metrics();
  const read = (name: string): number[] =>
    [
      ...text.matchAll(new RegExp(`^shoal_tracker_answer_seconds_${name}.*"http".* (\\S+)$`, 'gm')),
    ].map(([, value]) => Number(value));
  const buckets = read('bucket');
  expect(text).toContain('# TYPE shoal_tracker_answer_seconds histogram');
  expect(text).toContain('shoal_tracker_answer_seconds_bucket{le="+Inf",transport="http"} 3');
  expect(buckets).toEqual(buckets.toSorted((a, b) => a - b));
  expect(read('count')).toEqual([3]);
  expect(read('sum')[0]).toBeGreaterThan(0);
  monitor.close();
});

test('says how workers, snapshot and certificate are doing, where there are any', async () => {
  const { tracker } = small;
  const running = {
    ...tracker,
    stats: () => ({ ...tracker.stats(), certificateExpiryMs: 1_900_000_000_000 }),
    workers: {
      loads: () => new Map([[2, { cpuS: 1.5, memoryLength: 50_000_000, loopDelayS: 0.25 }]]),
      answeringCount: () => 2,
      restartCount: () => 3,
    },
    snapshotMs: () => 1_800_000_000_500,
  };
  const text = await createMetrics(new Monitor(running, new ManualClock())).metrics();
  for (const line of [
    'worker_cpu_seconds_total{worker="2"} 1.5',
    'worker_resident_memory_bytes{worker="2"} 50000000',
    'worker_event_loop_delay_seconds{worker="2"} 0.25',
    'worker_restarts_total 3',
    'last_snapshot_timestamp_seconds 1800000000.5',
    'certificate_expiry_timestamp_seconds 1900000000',
  ])
    expect(text).toContain(`\nshoal_tracker_${line}\n`);
});

test('a tracker alone has no such metrics', async () => {
  const metrics = createMetrics(new Monitor(small.tracker, new ManualClock()));
  expect(await metrics.metrics()).not.toMatch(/sharing|worker|snapshot|certificate/);
});
