/** The answer times of each transport as a histogram of Prometheus. */
import { ANSWER_TIME_BOUNDS_S } from '@shoal/tracker/server';
import type { Metric, Registry } from 'prom-client';
import type { Monitor } from './monitor.ts';

/**
 * Adds `_bucket`, `_sum` and `_count` by transport. The tracker has counted them itself, and
 * prom-client's own histograms take single observations alone: this one is only what a registry reads.
 */
export function addAnswerMetric(name: string, monitor: Monitor, registry: Registry): void {
  const metric = {
    name,
    get: async () => ({
      ...{ name, type: 'histogram', aggregator: 'sum' },
      help: 'Time from a request being read to its answer being handed to the system.',
      values: readValues(name, monitor),
    }),
    reset: () => {},
  };
  registry.registerMetric(metric as unknown as Metric);
}

function readValues(name: string, { tracker }: Monitor) {
  const { http, udp, ws } = tracker.stats().answerTimes;
  const all = Object.entries({ http, udp, websocket: ws });
  return all.flatMap(([transport, { counts, sumS }]) => {
    let count = 0;
    const buckets = counts.map((each, bucket) => {
      count += each;
      const le = ANSWER_TIME_BOUNDS_S[bucket] ?? '+Inf';
      return { metricName: `${name}_bucket`, labels: { le, transport }, value: count };
    });
    return [
      ...buckets,
      { metricName: `${name}_sum`, labels: { transport }, value: sumS },
      { metricName: `${name}_count`, labels: { transport }, value: count },
    ];
  });
}
