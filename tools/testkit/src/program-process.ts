/** A program of ours run as a process of its own: what a shell sees. */
import { type ChildProcess, spawn } from 'node:child_process';

/** No peers but those that a test names. */
const ALONE = { SHOAL_NO_DHT: '1', SHOAL_NO_LSD: '1' };

/** How a program ended, and all it wrote. */
export interface Ended {
  /** Null when a signal ended it. */
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface ProgramOptions {
  readonly cwd?: string;
  /** Beside PATH, the cache of compiled code and what keeps it from peers that no test names. */
  readonly env?: Readonly<Record<string, string>>;
  /** What stands on standard input, which stays open then; nothing when left out. */
  readonly input?: string;
}

export class ProgramProcess {
  readonly ended: Promise<Ended>;
  readonly #child: ChildProcess;
  readonly #watchers = new Set<() => void>();
  #stdout = '';
  #stderr = '';
  #isOver = false;

  /** @param main - its path: a bundle (`bundle-app.ts`), or a source */
  constructor(main: string, args: readonly string[], options: ProgramOptions = {}) {
    const { cwd, env, input } = options;
    const { PATH, NODE_COMPILE_CACHE } = process.env;
    // A source finds the sources of other packages: nothing needs to be built. A bundle has them in it.
    this.#child = spawn(process.execPath, ['--conditions=@shoal/source', main, ...args], {
      cwd,
      env: { PATH, NODE_COMPILE_CACHE, ...ALONE, ...env },
      stdio: [input === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'],
    });
    this.#child.stdin?.write(input);
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

  /** Resolves with the match when stdout or stderr has it. @throws Error when it ends without */
  says(pattern: RegExp): Promise<RegExpExecArray> {
    return new Promise((resolve, reject) => {
      const look = (): void => {
        const said = this.#stdout + this.#stderr;
        const match = pattern.exec(said);
        if (match !== null) resolve(match);
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

  /** Asks it to stop. @returns how it ended */
  stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<Ended> {
    this.kill(signal);
    return this.ended;
  }

  #notify(): void {
    for (const watcher of this.#watchers) watcher();
  }
}

/** The events that `--json` wrote. */
export function eventsOf({ stdout }: Pick<Ended, 'stdout'>): Record<string, unknown>[] {
  return stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
}
