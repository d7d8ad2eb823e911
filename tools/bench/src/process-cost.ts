/** What a running process has cost, as the Linux kernel counts it. */
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { promisify } from 'node:util';

const execute = promisify(execFile);

export interface ProcessCost {
  /** User and system seconds of all its threads, in steps of 10 ms. */
  readonly cpuS: number;
  readonly peakBytes: number;
}

/** Clock ticks a second in /proc; fixed at 100 by the kernel's interface. */
const TICKS_PER_S = 100;

/** @throws when the process is gone */
export function processCost(pid: number): ProcessCost {
  // The name, field 2, may hold spaces: count from its closing bracket on.
  const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const status = readFileSync(`/proc/${pid}/status`, 'latin1');
  return {
    cpuS: (Number(fields[11]) + Number(fields[12])) / TICKS_PER_S,
    peakBytes: Number(status.match(/VmHWM:\s+(\d+)/)?.[1] ?? 0) * 1024,
  };
}

/** No run of a minute or more is worth a place in the table: something hangs. */
const RUN_PATIENCE_MS = 60_000;

/** A command that was run to its end. */
export interface TimedRun extends ProcessCost {
  readonly elapsedS: number;
}

/** Runs `argv` under GNU time. @throws Error with its last words, unless it exits 0 */
export async function timedRun(argv: readonly string[]): Promise<TimedRun> {
  const startedAtMs = performance.now();
  const { stderr } = await execute('/usr/bin/time', ['-q', '-f', 'cost %U %S %M', ...argv], {
    maxBuffer: 64 * 1024 * 1024,
    timeout: RUN_PATIENCE_MS,
  });
  const elapsedS = (performance.now() - startedAtMs) / 1000;
  const cost = stderr.match(/cost (\S+) (\S+) (\d+)\s*$/);
  if (!cost) throw new Error(`GNU time printed no cost: ${stderr.slice(-400)}`);
  return {
    elapsedS,
    cpuS: Number(cost[1]) + Number(cost[2]),
    peakBytes: Number(cost[3]) * 1024,
  };
}
