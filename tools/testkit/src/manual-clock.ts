/** Time that moves only when a test says so. */
import type { Clock, Timer } from '@shoal/units';
import { PendingWork } from './pending-work.ts';
import { TimerQueue } from './timer-queue.ts';

/** 2026-01-01T00:00:00Z: what `wallMs` says when the clock starts. */
const DEFAULT_WALL_MS = 1_767_225_600_000;

/**
 * A clock on which an hour passes in a moment. Timers fire in the order in which they are due, and
 * between two of them everything that waits on promises runs, so that a whole swarm behaves as if
 * the time had passed.
 *
 * Real work takes no virtual time. Time waits for it when it was announced with `waitFor`, and with
 * `waitsForFiles` for files and hashes too, whoever asked for them.
 */
export class ManualClock implements Clock {
  readonly #timers = new TimerQueue();
  readonly #realWork = new Set<Promise<unknown>>();
  readonly #pendingWork: PendingWork | undefined;
  readonly #wallOffsetMs: number;
  #nowMs = 0;
  #isMoving = false;

  /**
   * @param options.wallMs - what `wallMs` says at first
   * @param options.waitsForFiles - watches the whole process; needs a `stop` in the end
   */
  constructor(options: { wallMs?: number; waitsForFiles?: boolean } = {}) {
    this.#wallOffsetMs = options.wallMs ?? DEFAULT_WALL_MS;
    this.#pendingWork = options.waitsForFiles ? new PendingWork() : undefined;
  }

  /** Watches files no longer. */
  stop(): void {
    this.#pendingWork?.stop();
  }

  nowMs(): number {
    return this.#nowMs;
  }

  wallMs(): number {
    return this.#wallOffsetMs + this.#nowMs;
  }

  after(delayMs: number, fire: () => void): Timer {
    return this.#timers.add(this.#nowMs + Math.max(0, delayMs), fire);
  }

  /** Periods below 1 ms count as 1 ms, else time would stand still. */
  every(periodMs: number, fire: () => void): Timer {
    const stepMs = Math.max(1, periodMs);
    let timer: Timer;
    const run = (): void => {
      timer = this.after(stepMs, run);
      fire();
    };
    timer = this.after(stepMs, run);
    return { cancel: () => timer.cancel() };
  }

  /** Timers that wait: 0 once everything is closed. */
  get pendingTimerCount(): number {
    return this.#timers.size;
  }

  /** Time does not move on until this promise settles. @returns the same promise */
  waitFor<T>(work: Promise<T>): Promise<T> {
    const settled = work.then(ignore, ignore);
    this.#realWork.add(settled);
    void settled.then(() => this.#realWork.delete(settled));
    return work;
  }

  /** Moves time on by `ms` and fires what is due on the way. Rejects with what a timer throws. */
  async advance(ms: number): Promise<void> {
    await this.#move(() => false, ms);
  }

  /**
   * Moves time on until `predicate` holds; it is asked after each timer.
   * @returns how many virtual milliseconds that took
   * @throws Error when it does not hold within `limitMs`
   */
  async advanceUntil(predicate: () => boolean, limitMs: number): Promise<number> {
    const startMs = this.#nowMs;
    if (await this.#move(predicate, limitMs)) return this.#nowMs - startMs;
    throw new Error(`it did not come to that within ${limitMs} virtual ms`);
  }

  async #move(isDone: () => boolean, limitMs: number): Promise<boolean> {
    if (this.#isMoving) throw new Error('time is moving already: await the call before');
    this.#isMoving = true;
    const endMs = this.#nowMs + limitMs;
    try {
      await this.#settle();
      while (!isDone()) {
        const timer = this.#timers.takeDue(endMs);
        if (timer === undefined) {
          this.#nowMs = endMs;
          return isDone();
        }
        this.#nowMs = Math.max(this.#nowMs, timer.atMs);
        timer.fire();
        await this.#settle();
      }
      return true;
    } finally {
      this.#isMoving = false;
    }
  }

  /** Lets everything run that needs no time: a turn of the event loop empties the microtasks. */
  async #settle(): Promise<void> {
    await new Promise(setImmediate);
    while (this.#realWork.size > 0 || this.#pendingWork?.isPending) {
      await Promise.all(this.#realWork);
      await this.#pendingWork?.none();
      await new Promise(setImmediate);
    }
  }
}

function ignore(): void {}
