/** What a running process has cost, as the Linux kernel counts it. */
import { execFile } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { promisify } from 'node:util';

const execute = promisify(execFile);

export interface ProcessCost {
  /** User and system seconds of all its threads, in steps of 10 ms. */
  readonly cpuS: number;
  readonly peakBytes: number;
}

/** Clock ticks a second in /proc; fixed at 100 by the kernel's interface. */
const TICKS_PER_S = 100;

/** Of a process and all that it started. @throws when the process is gone */
export function processCost(pid: number): ProcessCost {
  const parents = parentsOfAll();
  const costs = familyOf(pid, parents).map(costOfOne);
  return {
    cpuS: costs.reduce((sum, { cpuS }) => sum + cpuS, 0),
    peakBytes: costs.reduce((sum, { peakBytes }) => sum + peakBytes, 0),
  };
}

/** Lets the peak of a process and all that it started begin at what they hold at this moment. */
export function resetPeak(pid: number): void {
  for (const member of familyOf(pid, parentsOfAll())) {
    writeFileSync(`/proc/${member}/clear_refs`, '5');
  }
}

/** What of a process's memory is resident, in bytes. */
export function residentBytes(pid: number): number {
  return kibibytes(pid, 'VmRSS') * 1024;
}

function costOfOne(pid: number): ProcessCost {
  const fields = statOf(pid);
  return {
    cpuS: (Number(fields[11]) + Number(fields[12])) / TICKS_PER_S,
    peakBytes: kibibytes(pid, 'VmHWM') * 1024,
  };
}

/** The process itself comes first. */
function familyOf(pid: number, parents: ReadonlyMap<number, number>): number[] {
  const children = [...parents].filter(([, parent]) => parent === pid).map(([child]) => child);
  return [pid, ...children.flatMap((child) => familyOf(child, parents))];
}

/** The parent of each process there is. */
function parentsOfAll(): Map<number, number> {
  const parents = new Map<number, number>();
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    try {
      parents.set(Number(name), Number(statOf(Number(name))[1]));
    } catch (error) {
      // It ended since the listing.
      if (!['ENOENT', 'ESRCH'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
    }
  }
  return parents;
}

/** The fields of its `stat` from the third on: the name, field 2, may hold spaces. */
function statOf(pid: number): string[] {
  const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ');
}

function kibibytes(pid: number, name: string): number {
  const status = readFileSync(`/proc/${pid}/status`, 'latin1');
  return Number(status.match(new RegExp(`${name}:\\s+(\\d+)`))?.[1] ?? 0);
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
