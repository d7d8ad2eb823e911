/** The program as a process of its own. */
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, inject, onTestFinished } from 'vitest';

export interface Run {
  readonly pid: number | undefined;
  /** Sends a signal. */
  kill(signal: NodeJS.Signals): void;
  stdout(): string;
  stderr(): string;
  readonly exitCode: Promise<number | null>;
  /** Ends it, if it still runs. */
  end(): Promise<void>;
}

export function runTracker(args: readonly string[], env: NodeJS.ProcessEnv = {}): Run {
  const child = spawn(process.execPath, [inject('program'), ...args], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const text = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const)
    child[name].on('data', (bytes: Buffer) => {
      text[name] += bytes.toString();
    });
  const exitCode = once(child, 'close').then(([code]: (number | null)[]) => code ?? null);
  return {
    pid: child.pid,
    kill: (signal) => child.kill(signal),
    stdout: () => text.stdout,
    stderr: () => text.stderr,
    exitCode,
    end: async () => {
      child.kill('SIGKILL');
      await exitCode;
    },
  };
}

/** The same, ended with the test that is running. */
export function startTracker(args: readonly string[], env?: NodeJS.ProcessEnv): Run {
  const run = runTracker(args, env);
  onTestFinished(() => run.end());
  return run;
}

/** The ids of its workers. */
export function workersOf(tracker: Run): number[] {
  const text = execFileSync('ps', ['--ppid', String(tracker.pid), '-o', 'pid=']).toString();
  return text.trim().split(/\s+/).map(Number);
}

/** The events that it has printed with `--json`. */
export function eventsOf(run: Run): Record<string, unknown>[] {
  const lines = run.stdout().split('\n').slice(0, -1);
  return lines.map((line) => JSON.parse(line) as Record<string, unknown>);
}

/** Where it listens, as `HOST:PORT`. */
export type Addresses = Readonly<Record<'http' | 'udp' | 'ws' | 'admin', string>>;

/** Waits until it listens. */
export async function ready(run: Run): Promise<Addresses> {
  await expect.poll(run.stdout, { timeout: 30_000 }).toContain('\n');
  return eventsOf(run)[0] as unknown as Addresses;
}
