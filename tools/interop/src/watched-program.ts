/** A program of ours that tells of its health: what it takes, and what an attack may add to that. */
import { join } from 'node:path';
import type { Arena } from './arena.ts';
import { shoalProgram } from './clients/shoal.ts';
import type { Host } from './hosts.ts';
import type { Program } from './program.ts';

const PROBE = join(import.meta.dirname, 'hostile', 'health.ts');
const MIB = 1024 * 1024;

/** One line of `hostile/health.ts`. */
interface Health {
  /** Counts them, 1 up. */
  readonly n: number;
  readonly rssBytes: number;
  /** How long the event loop was held up: in one of a hundred turns, and at worst. */
  readonly p99Ms: number;
  readonly longestMs: number;
}

/** What an attack may cost. */
export interface HealthLimits {
  readonly growthMib: number;
  readonly p99Ms: number;
  readonly longestMs: number;
}

/** What to run in order to run `argv` with so many files and sockets. */
export function withOpenFiles(count: number, argv: readonly string[]): string[] {
  return ['sh', '-c', `ulimit -n ${count} && exec "$@"`, 'sh', ...argv];
}

export class WatchedProgram {
  readonly program: Program;
  readonly #arena: Arena;
  /** The last line before the present measurement, and what was resident then. */
  #startedAt = 0;
  #startedBytes = 0;

  /**
   * @param args - with `--json`, whose lines its health comes between
   * @param openFiles - files and sockets that it may have, where the usual thousand is too few
   */
  constructor(
    arena: Arena,
    host: Host,
    name: Parameters<typeof shoalProgram>[0],
    args: readonly string[],
    openFiles?: number,
  ) {
    this.#arena = arena;
    const [node = '', ...main] = shoalProgram(name);
    const argv = [node, '--import', PROBE, ...main, ...args];
    this.program = arena.start(
      host,
      `${name} on ${host.v4}`,
      openFiles === undefined ? argv : withOpenFiles(openFiles, argv),
    );
  }

  /** From here on it is measured. Waits until it has told of its health once. */
  async begin(): Promise<void> {
    await this.program.line(/"event":"health"/, this.#arena.signal);
    const last = this.#healths().at(-1)!;
    this.#startedAt = last.n;
    this.#startedBytes = last.rssBytes;
  }

  /** @returns what it took since `begin`, in words. @throws Error when that is more than allowed */
  demand(limits: HealthLimits): string {
    const healths = this.#healths();
    if (healths.length === 0) throw new Error('it says nothing any more');
    const highest = Math.max(...healths.map(({ rssBytes }) => rssBytes));
    const growthMib = (highest - this.#startedBytes) / MIB;
    const longestMs = Math.max(...healths.map((health) => health.longestMs));
    const p99s = healths.map((health) => health.p99Ms).sort((a, b) => a - b);
    const p99Ms = p99s[Math.floor(p99s.length / 2)] ?? 0;
    const found = { growthMib, p99Ms, longestMs };
    for (const name of ['growthMib', 'p99Ms', 'longestMs'] as const)
      if (!(found[name] <= limits[name]))
        throw new Error(`${name} is ${found[name].toFixed(0)}, limit ${limits[name]}`);
    return (
      `${(this.#startedBytes / MIB).toFixed(0)} MiB before, ${growthMib.toFixed(0)} more at most; ` +
      `event loop held up for ${p99Ms.toFixed(0)} ms (p99), ${longestMs.toFixed(0)} ms at worst`
    );
  }

  #healths(): Health[] {
    const lines = this.program.output.match(/^\{"event":"health".*\}$/gm) ?? [];
    const healths = lines.map((line): Health => JSON.parse(line));
    return healths.filter(({ n }) => n > this.#startedAt);
  }
}
