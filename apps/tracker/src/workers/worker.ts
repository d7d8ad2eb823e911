/** One worker of the tracker, as its parent sees it. */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import type { MessagePort } from '@shoal/tracker/server';
import { processPort } from './process-port.ts';
import { Pulse } from './pulse.ts';
import {
  type ParentMessage,
  WORKER_VARIABLE,
  type WorkerMessage,
  type WorkerReport,
  type WorkerTask,
} from './worker-protocol.ts';

/** A worker that was told to stop is killed when it takes longer, in milliseconds. */
const STOP_TIMEOUT_MS = 5_000;

export class Worker {
  readonly port: MessagePort<ParentMessage, WorkerMessage>;
  /** From 1; one that replaces another has its number. */
  readonly number: number;
  /** What it reported last. */
  report: WorkerReport | undefined;
  /** Beats with each report. */
  readonly pulse = new Pulse();
  /** Resolves when it listens, to false when it ended before. */
  readonly isListening: Promise<boolean>;
  /** Resolves to how it ended. */
  readonly ended: Promise<string>;
  readonly #process: ChildProcess;

  /** Starts this program once more, with the same arguments. */
  constructor(number: number, task: WorkerTask) {
    this.number = number;
    const [, program = '', ...args] = process.argv;
    const env = { ...process.env, [WORKER_VARIABLE]: '1' };
    const child = fork(program, args, { env, serialization: 'advanced' });
    this.#process = child;
    this.port = processPort(child);
    // A message to a worker that ends at this moment is lost: it has 'exit' too.
    child.on('error', () => {});
    this.ended = once(child, 'exit').then(([code, signal]) => `${signal ?? `exit code ${code}`}`);
    this.isListening = new Promise((resolve) => {
      this.port.listen((message) => {
        if (message.type === 'ready') this.tell({ type: 'start', task });
        if (message.type === 'listening') resolve(true);
        if (message.type !== 'report') return;
        this.report = message.report;
        this.pulse.beat();
      });
      void this.ended.then(() => resolve(false));
    });
  }

  get pid(): number | undefined {
    return this.#process.pid;
  }

  /** Says something; one that is gone hears nothing. */
  tell(message: ParentMessage): void {
    this.port.post(message).catch(() => {});
  }

  /** Lets it answer what it has and end; kills it when that takes too long. */
  async stop(): Promise<void> {
    this.tell({ type: 'stop' });
    const timer = setTimeout(() => this.kill(), STOP_TIMEOUT_MS);
    await this.ended;
    clearTimeout(timer);
  }

  /** Ends it at once, whatever it does. */
  kill(): void {
    this.#process.kill('SIGKILL');
  }
}
