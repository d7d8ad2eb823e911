/** Runs a load generator on the second core, to its end. */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { LoadOrder } from './load-order.ts';
import type { LoadReport } from './load-report.ts';

const PATIENCE_MS = 120_000;

/** @throws Error when it fails, or gets no answer at all */
export async function runLoad(order: LoadOrder): Promise<LoadReport> {
  const script = order.kind === 'udp' ? 'load-udp.ts' : 'load-http.ts';
  const argv = [process.execPath, join(import.meta.dirname, script), JSON.stringify(order)];
  const { stdout } = await promisify(execFile)('taskset', ['--cpu-list', '1', ...argv], {
    timeout: PATIENCE_MS,
  });
  const report = JSON.parse(stdout) as LoadReport;
  if (report.answerCount === 0) throw new Error('no answers');
  return report;
}
