/** A program that goes on running: its output, its end, and how it is stopped. */
import { type ChildProcess, spawn } from 'node:child_process';
import { until } from './until.ts';

/** Characters of output that are kept, the newest. */
const KEPT_LENGTH = 256 * 1024;
/** How long a program may take to end in order before it is killed. */
const STOP_PATIENCE_MS = 8_000;

export interface ProgramOptions {
  readonly name: string;
  readonly argv: readonly string[];
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
}

export class Program {
  readonly name: string;
  /** Resolves with the exit code (-1: a signal ended it). */
  readonly exited: Promise<number>;
  readonly #child: ChildProcess;
  #output = '';
  #code: number | undefined;

  constructor(options: ProgramOptions) {
    const [file = '', ...args] = options.argv;
    this.name = options.name;
    this.#child = spawn(file, args, {
      cwd: options.cwd,
      env: options.env ?? process.env,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const keep = (bytes: Buffer): void => {
      this.#output = (this.#output + bytes.toString()).slice(-KEPT_LENGTH);
    };
    this.#child.stdout?.on('data', keep);
    this.#child.stderr?.on('data', keep);
    this.exited = new Promise((resolve) => {
      const end = (code: number, said: string): void => {
        this.#code = code;
        this.#output += said;
        resolve(code);
      };
      this.#child.once('error', (error) => end(-1, `${error.message}\n`));
      this.#child.once('close', (code) => end(code ?? -1, ''));
    });
  }

  /** Standard output and error so far, as they came. */
  get output(): string {
    return this.#output;
  }

  /** Waits until the output matches. @throws Error when the program ends first, or on `signal` */
  line(pattern: RegExp, signal: AbortSignal): Promise<RegExpMatchArray> {
    return until(`${this.name} to print ${pattern}`, signal, () => {
      const match = this.#output.match(pattern);
      if (match) return match;
      if (this.#code !== undefined) throw new Error(`${this.name} ended (${this.#code}) too early`);
      return undefined;
    });
  }

  /** Waits for exit code 0. @throws Error with the code otherwise, or on `signal` */
  async done(signal: AbortSignal): Promise<void> {
    const code = await until(`${this.name} to end`, signal, () => this.#code);
    if (code !== 0) throw new Error(`${this.name} ended with exit code ${code}`);
  }

  /** Asks it to end, waits, kills it if it does not. @returns its exit code */
  async stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<number> {
    if (this.#code !== undefined) return this.#code;
    this.#child.kill(signal);
    const timer = setTimeout(() => this.#child.kill('SIGKILL'), STOP_PATIENCE_MS);
    try {
      return await this.exited;
    } finally {
      clearTimeout(timer);
    }
  }
}
