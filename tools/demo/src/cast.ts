/** The programs that take part in the demo, and their end. */
import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';

const APPS = join(import.meta.dirname, '..', '..', '..', 'apps');
const FOLDERS = { shoal: 'peer', 'shoal-seeder': 'seeder', 'shoal-tracker': 'tracker' } as const;
/** How long a program may take to say goodbye. */
const STOP_PATIENCE_MS = 8_000;

type AppName = keyof typeof FOLDERS;

export class Cast {
  readonly #env: NodeJS.ProcessEnv;
  readonly #children = new Set<ChildProcess>();
  #isOver = false;

  /** @param folder - takes the place of the user's own state and configuration */
  constructor(folder: string) {
    this.#env = { ...process.env, XDG_STATE_HOME: folder, XDG_CONFIG_HOME: folder };
  }

  /**
   * Starts a program in the background, which prints JSON lines, and waits until it is ready.
   * @returns its `ready` event
   * @throws Error when it ends first
   */
  background(app: AppName, args: readonly string[]): Promise<Record<string, unknown>> {
    return new Promise((resolve, reject) => {
      const child = this.#spawn(app, [...args, '--json'], ['ignore', 'pipe', 'pipe']);
      let output = '';
      const read = (bytes: Buffer): void => {
        output += bytes.toString();
        const ready = output.match(/^\{"event":"ready".*\}$/m);
        if (ready) resolve(JSON.parse(ready[0]) as Record<string, unknown>);
      };
      child.stdout?.on('data', read);
      child.stderr?.on('data', read);
      child.once('exit', () => reject(new Error(`${app} did not start:\n${output.trim()}`)));
    });
  }

  /** Starts a program on this terminal. */
  foreground(app: AppName, args: readonly string[]): ChildProcess {
    return this.#spawn(app, args, 'inherit');
  }

  /** Starts a program that nobody looks at. @returns ends it, in order */
  aside(app: AppName, args: readonly string[]): () => Promise<void> {
    const child = this.#spawn(app, args, ['ignore', 'ignore', 'ignore']);
    return async () => {
      if (this.#children.has(child)) await stop(child);
    };
  }

  /** Ends whatever still runs, in order; nothing starts any more. Idempotent. */
  async dismiss(): Promise<void> {
    this.#isOver = true;
    await Promise.all([...this.#children].map((child) => stop(child)));
  }

  /** Ends whatever still runs, at once. */
  abandon(): void {
    for (const child of this.#children) child.kill('SIGKILL');
  }

  #spawn(app: AppName, args: readonly string[], stdio: 'inherit' | ('ignore' | 'pipe')[]) {
    if (this.#isOver) throw new Error('the demo is over');
    const bin = join(APPS, FOLDERS[app], 'bin', `${app}.js`);
    const child = spawn(process.execPath, [bin, ...args], { stdio, env: this.#env });
    this.#children.add(child);
    child.once('exit', () => this.#children.delete(child));
    return child;
  }
}

/** Waits for a program's end. @returns its exit code; -1 when a signal ended it */
export function exitCode(child: ChildProcess): Promise<number> {
  return new Promise((resolve) => child.once('exit', (code) => resolve(code ?? -1)));
}

async function stop(child: ChildProcess): Promise<void> {
  const ended = exitCode(child);
  child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), STOP_PATIENCE_MS);
  await ended;
  clearTimeout(timer);
}
