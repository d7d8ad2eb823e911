/** When announces are sent: each with the answer before it, or at a fixed rate. */

/** Sends one announce at a time. */
export interface Lane {
  /** @param dueAtMs - when it was to be sent: what its answer's time counts from */
  announce(dueAtMs: number): void;
}

/**
 * At a fixed rate announces fall due by the clock alone. One that finds no free lane waits, and its
 * wait counts: a tracker that falls behind cannot slow down what measures it.
 */
export class Pacer {
  readonly #ratePerS: number;
  readonly #startedAtMs = performance.now();
  readonly #free: Lane[] = [];
  #sentCount = 0;

  /** @param ratePerS - 0 sends as fast as answers come */
  constructor(ratePerS: number) {
    this.#ratePerS = ratePerS;
    if (ratePerS > 0) setImmediate(() => this.#sendDue());
  }

  /** A lane has nothing under way. */
  free(lane: Lane): void {
    if (this.#ratePerS === 0) lane.announce(performance.now());
    else this.#free.push(lane);
  }

  #sendDue(): void {
    const nowMs = performance.now();
    for (;;) {
      const dueAtMs = this.#startedAtMs + (this.#sentCount * 1000) / this.#ratePerS;
      const lane = dueAtMs <= nowMs ? this.#free.shift() : undefined;
      if (lane === undefined) break;
      this.#sentCount += 1;
      lane.announce(dueAtMs);
    }
    // A timer would wake up a millisecond apart and send in bursts.
    setImmediate(() => this.#sendDue());
  }
}
