/** Metrics of how the tracker runs: its workers, its snapshot, its certificate; those that it has. */
import type { ProcessLoad } from '../workers/process-load.ts';
import type { Metric } from './metric.ts';
import type { Monitor } from './monitor.ts';

export function runMetrics({ tracker }: Monitor): readonly Metric[] {
  const { workers, snapshotMs } = tracker;
  const certificateExpiryMs = () => tracker.stats().certificateExpiryMs;
  const metrics: Metric[] = [];
  if (workers !== undefined) {
    const byWorker = (name: keyof ProcessLoad) => () =>
      Object.fromEntries([...workers.loads()].map(([worker, load]) => [worker, load[name]]));
    metrics.push(
      {
        type: 'counter',
        name: 'worker_cpu_seconds_total',
        help: 'CPU time of each worker process; process_* is of the first process alone.',
        label: 'worker',
        read: byWorker('cpuS'),
      },
      {
        type: 'gauge',
        name: 'worker_resident_memory_bytes',
        help: 'Memory of each worker process.',
        label: 'worker',
        read: byWorker('memoryLength'),
      },
      {
        type: 'gauge',
        name: 'worker_event_loop_delay_seconds',
        help: 'How late the event loop of each worker was at worst in the last half second.',
        label: 'worker',
        read: byWorker('loopDelayS'),
      },
      {
        type: 'counter',
        name: 'worker_restarts_total',
        help: 'Worker processes that ended and were replaced.',
        read: () => workers.restartCount(),
      },
    );
  }
  if (snapshotMs !== undefined)
    metrics.push({
      type: 'gauge',
      name: 'last_snapshot_timestamp_seconds',
      help: 'When the swarms were written to disk last; 0 when they were not yet.',
      read: () => (snapshotMs() ?? 0) / 1_000,
    });
  if (certificateExpiryMs() !== undefined)
    metrics.push({
      type: 'gauge',
      name: 'certificate_expiry_timestamp_seconds',
      help: 'When the certificate of HTTPS and WSS ends.',
      read: () => (certificateExpiryMs() ?? 0) / 1_000,
    });
  return metrics;
}
