/** `shoal-seeder` run from its source as a program of its own: what a shell sees. */
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

export class SeederProcess {
  readonly ended: Promise<Ended>;
  readonly #child: ChildProcess;
  readonly #watchers = new Set<() => void>();
  #stdout = '';
  #stderr = '';
  #isOver = false;

  /** @param stateHome - its XDG_STATE_HOME */
  constructor(args: readonly string[], cwd: string, stateHome: string) {
    this.#child = spawn(process.execPath, ['--conditions=@shoal/source', MAIN, ...args], {
      cwd,
      env: {
        PATH: process.env.PATH,
        NODE_COMPILE_CACHE: COMPILED,
        ...ALONE,
        XDG_STATE_HOME: stateHome,
      },
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

  /** Asks it to stop. @returns how it ended */
  stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<Ended> {
    this.#child.kill(signal);
    return this.ended;
  }

  #notify(): void {
    for (const watcher of this.#watchers) watcher();
  }
}
