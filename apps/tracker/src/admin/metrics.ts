/** What Prometheus reads: names, units and types as its conventions ask. */
import { Counter, collectDefaultMetrics, Gauge, Registry } from 'prom-client';
import { VERSION } from '../version.ts';
import { addAnswerMetric } from './answer-metric.ts';
import type { Metric } from './metric.ts';
import { trackerMetrics } from './metric-table.ts';
import type { Monitor } from './monitor.ts';

const PREFIX = 'shoal_tracker_';

/** All metrics of a tracker, those of the process and of Node among them; read when asked for. */
export function createMetrics(monitor: Monitor): Registry {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  for (const metric of trackerMetrics(monitor)) register(metric, registry);
  addAnswerMetric(`${PREFIX}answer_seconds`, monitor, registry);
  new Gauge({
    name: `${PREFIX}build_info`,
    help: 'Always 1; the version is its label.',
    labelNames: ['version'],
    registers: [registry],
  }).set({ version: VERSION }, 1);
  return registry;
}

function register({ type, name, help, label, read }: Metric, registry: Registry): void {
  const options = {
    name: `${PREFIX}${name}`,
    help,
    labelNames: label === undefined ? [] : [label],
    registers: [registry],
  };
  const eachValue = (take: (labels: Record<string, string>, value: number) => void): void => {
    const values = read();
    if (typeof values === 'number') take({}, values);
    else for (const [key, value] of Object.entries(values)) take({ [label!]: key }, value);
  };
  if (type === 'gauge')
    new Gauge({
      ...options,
      collect() {
        this.reset();
        eachValue((labels, value) => this.set(labels, value));
      },
    });
  else
    new Counter({
      ...options,
      collect() {
        this.reset();
        eachValue((labels, value) => this.inc(labels, value));
      },
    });
}
