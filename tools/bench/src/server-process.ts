/** A program that serves while others are measured against it. */
import { type ChildProcess, spawn } from 'node:child_process';
import { connect } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { type ProcessCost, processCost } from './process-cost.ts';

const READY_PATIENCE_MS = 60_000;
const POLL_MS = 20;
const STOP_PATIENCE_MS = 5_000;

export interface ServerOptions {
  readonly argv: readonly string[];
  /** It is ready once its output matches, or once this TCP port of 127.0.0.1 takes connections. */
  readonly ready: RegExp | number;
}

/** Those that run: the bench may be stopped at any time, and leaves none behind. */
const running = new Set<ChildProcess>();

/** Ends all that still run, at once. */
export function abandonServers(): void {
  for (const child of running) child.kill('SIGKILL');
}

export class ServerProcess {
  readonly #child: ChildProcess;

  private constructor(child: ChildProcess) {
    this.#child = child;
  }

  /** @throws Error when it ends or stays silent before it is ready */
  static async start(options: ServerOptions): Promise<ServerProcess> {
    const [file = '', ...args] = options.argv;
    const child = spawn(file, args, { stdio: ['ignore', 'pipe', 'pipe'] });
    running.add(child);
    let output = '';
    let ended: string | undefined;
    const keep = (bytes: Buffer): void => {
      output = (output + bytes.toString()).slice(-8192);
    };
    child.stdout.on('data', keep);
    child.stderr.on('data', keep);
    child.once('error', (error) => {
      ended = error.message;
    });
    child.once('exit', (code) => {
      running.delete(child);
      ended = `exit code ${code}`;
    });
    const isReady = async (): Promise<boolean> =>
      typeof options.ready === 'number'
        ? takesConnections(options.ready)
        : options.ready.test(output);
    const giveUpAtMs = performance.now() + READY_PATIENCE_MS;
    while (!(await isReady())) {
      if (ended !== undefined || performance.now() > giveUpAtMs) {
        child.kill('SIGKILL');
        const why = ended ?? 'not ready in time';
        throw new Error(`${options.argv.slice(0, 5).join(' ')}: ${why}\n${output.trim()}`);
      }
      await delay(POLL_MS);
    }
    return new ServerProcess(child);
  }

  /** With a wrapper such as taskset in front, the program takes the wrapper's place. */
  get pid(): number {
    return this.#child.pid ?? 0;
  }

  /** Of the program and all that it started. */
  cost(): ProcessCost {
    return processCost(this.pid);
  }

  async stop(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const ended = new Promise((resolve) => this.#child.once('exit', resolve));
    this.#child.kill('SIGTERM');
    const timer = setTimeout(() => this.#child.kill('SIGKILL'), STOP_PATIENCE_MS);
    await ended;
    clearTimeout(timer);
  }
}

function takesConnections(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}
