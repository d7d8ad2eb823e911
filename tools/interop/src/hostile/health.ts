/**
 * Loaded before a program of ours (`node --import`): tells on stdout, four times a second and as
 * the events of `--json`, how much memory it has and how long its event loop was held up.
 */
import { monitorEventLoopDelay } from 'node:perf_hooks';

const PERIOD_MS = 250;
const NS_A_MS = 1e6;

const delay = monitorEventLoopDelay({ resolution: 10 });
delay.enable();
let n = 0;
setInterval(() => {
  const health = {
    event: 'health',
    n: ++n,
    rssBytes: process.memoryUsage.rss(),
    p99Ms: delay.percentile(99) / NS_A_MS,
    longestMs: delay.max / NS_A_MS,
  };
  delay.reset();
  process.stdout.write(`${JSON.stringify(health)}\n`);
}, PERIOD_MS).unref();
