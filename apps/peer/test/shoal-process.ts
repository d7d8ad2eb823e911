/** `shoal` run from its source as a program of its own: what a shell sees. */
import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const MAIN = fileURLToPath(new URL('../src/main.ts', import.meta.url));
/** No peers but those that a test names. */
const ALONE = { SHOAL_NO_DHT: '1', SHOAL_NO_LSD: '1' };
/** Halves what a run costs: the source is stripped of its types once. */
const COMPILED = fileURLToPath(new URL('../../../node_modules/.cache/shoal', import.meta.url));

export interface Ended {
  /** Null when a signal ended it. */
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface ShoalOptions {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
}

export class ShoalProcess {
  readonly ended: Promise<Ended>;
  readonly #child: ChildProcess;
  readonly #watchers = new Set<() => void>();
  #stdout = '';
  #stderr = '';
  #isOver = false;

  constructor(args: readonly string[], options: ShoalOptions = {}) {
    this.#child = spawn(process.execPath, ['--conditions=@shoal/source', MAIN, ...args], {
      cwd: options.cwd,
      env: { PATH: process.env.PATH, NODE_COMPILE_CACHE: COMPILED, ...ALONE, ...options.env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#child.stdout!.on('data', (bytes) => {
      this.#stdout += bytes;
      this.#notify();
    });
    this.#child.stderr!.on('data', (bytes) => {
      this.#stderr += bytes;
      this.#notify();
    });
    this.ended = new Promise((resolve) => {
      this.#child.on('close', (code) => {
        this.#isOver = true;
        this.#notify();
        resolve({ code, stdout: this.#stdout, stderr: this.#stderr });
      });
    });
  }

  /** Resolves when stdout or stderr has it. @throws Error when the program ends without */
  says(pattern: RegExp): Promise<void> {
    return new Promise((resolve, reject) => {
      const look = (): void => {
        const said = this.#stdout + this.#stderr;
        if (pattern.test(said)) resolve();
        else if (this.#isOver) reject(new Error(`it ended without ${pattern}:\n${said}`));
        else return;
        this.#watchers.delete(look);
      };
      this.#watchers.add(look);
      look();
    });
  }

  /** What it has written to stdout. */
  get stdout(): string {
    return this.#stdout;
  }

  kill(signal: NodeJS.Signals): void {
    this.#child.kill(signal);
  }

  #notify(): void {
    for (const watcher of this.#watchers) watcher();
  }
}

/** Runs it to its end. */
export function shoal(args: readonly string[], options?: ShoalOptions): Promise<Ended> {
  return new ShoalProcess(args, options).ended;
}

/** The events that `--json` wrote. */
export function eventsOf({ stdout }: Ended): Record<string, unknown>[] {
  return stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
}
