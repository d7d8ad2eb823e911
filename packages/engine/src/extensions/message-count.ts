/** How many messages of a kind a peer sent within an interval. Pure; time is passed in. */

export class MessageCount {
  readonly #intervalMs: number;
  #fromMs = Number.NEGATIVE_INFINITY;
  #count = 0;

  constructor(intervalMs: number) {
    this.#intervalMs = intervalMs;
  }

  /** Counts one more. @returns those of this interval; the first after its end begins a new one */
  add(nowMs: number): number {
    if (nowMs - this.#fromMs > this.#intervalMs) {
      this.#fromMs = nowMs;
      this.#count = 0;
    }
    return ++this.#count;
  }
}
