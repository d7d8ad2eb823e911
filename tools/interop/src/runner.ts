/**
 * Runs the cases, one at a time in each lane, and prints a line for each. One that fails runs once
 * more when all others are done: other clients on a busy machine may miss their moment.
 */
import { Arena } from './arena.ts';
import type { Case } from './case.ts';
import type { Hosts } from './hosts.ts';
import { run } from './run.ts';

/** Lines of each program's output that a failure shows. */
const TRANSCRIPT_LINES = 12;

export interface RunPlan {
  readonly cases: readonly Case[];
  /** What each lane has for its hosts: undefined when none can be made; `obstacle` says why. */
  readonly lanes: readonly (Hosts | undefined)[];
  readonly obstacle: string | undefined;
  /** What cannot run fails instead of being skipped. */
  readonly isStrict: boolean;
  readonly signal: AbortSignal;
  print(line: string): void;
}

export interface Tally {
  passed: number;
  failed: number;
  skipped: number;
  /** Names of those among the passed that needed their second try. */
  readonly again: string[];
}

type Outcome = 'passed' | 'failed' | 'skipped';

export async function runCases(plan: RunPlan): Promise<Tally> {
  const tally: Tally = { passed: 0, failed: 0, skipped: 0, again: [] };
  const waiting = [...plan.cases];
  const failed: Case[] = [];
  const work = async (hosts: Hosts | undefined): Promise<void> => {
    for (let next = waiting.shift(); next && !plan.signal.aborted; next = waiting.shift()) {
      const outcome = await settle(next, hosts, plan);
      if (outcome === 'failed') failed.push(next);
      else tally[outcome] += 1;
    }
  };
  await Promise.all(plan.lanes.map(work));
  for (const one of failed) {
    const outcome = plan.signal.aborted ? 'failed' : await settle(one, plan.lanes[0], plan);
    tally[outcome] += 1;
    if (outcome === 'passed') tally.again.push(one.name);
  }
  return tally;
}

async function settle(one: Case, hosts: Hosts | undefined, plan: RunPlan): Promise<Outcome> {
  const missing = await whatIsMissing(one, hosts, plan);
  if (missing === undefined) return runCase(one, hosts, plan);
  plan.print(`${plan.isStrict ? 'FAIL' : 'skip'}  ${one.name}: ${missing}`);
  return plan.isStrict ? 'failed' : 'skipped';
}

async function whatIsMissing(
  one: Case,
  hosts: Hosts | undefined,
  plan: RunPlan,
): Promise<string | undefined> {
  if (one.needsHosts && hosts === undefined) return plan.obstacle ?? 'no hosts';
  for (const need of one.needs) {
    const found = await run(probeOf(need));
    if (found.code !== 0) return `${need} is not installed`;
  }
  return undefined;
}

/** Ends with 0 when it is there. Debian's modules are seen by Debian's own Python alone. */
function probeOf(need: string): readonly string[] {
  const module = /^python3-(.+)$/.exec(need)?.[1];
  return module === undefined ? ['which', need] : ['/usr/bin/python3', '-c', `import ${module}`];
}

async function runCase(one: Case, hosts: Hosts | undefined, plan: RunPlan): Promise<Outcome> {
  const startedAtMs = performance.now();
  const timeUp = AbortSignal.timeout(one.limitS * 1000);
  const signal = AbortSignal.any([plan.signal, timeUp]);
  const arena = await Arena.open(hosts, signal);
  try {
    await one.run(arena);
    plan.print(`ok    ${one.name} (${seconds(startedAtMs)})`);
    for (const note of arena.notes) plan.print(indented(note));
    return 'passed';
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    plan.print(`FAIL  ${one.name} (${seconds(startedAtMs)}): ${reason}`);
    plan.print(arena.transcript(TRANSCRIPT_LINES));
    return 'failed';
  } finally {
    await arena.close();
  }
}

function indented(text: string): string {
  return text.replaceAll(/^/gm, '      ');
}

function seconds(sinceMs: number): string {
  return `${((performance.now() - sinceMs) / 1000).toFixed(1)} s`;
}
