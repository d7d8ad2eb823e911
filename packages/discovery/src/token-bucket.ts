/** A budget that fills with time: so much at once, so much in the long run. */

/** Times in milliseconds of one clock. */
export class TokenBucket {
  readonly #capacity: number;
  readonly #perMs: number;
  #tokens: number;
  #filledMs: number;

  /** Full at first. */
  constructor(options: {
    readonly capacity: number;
    readonly perMs: number;
    readonly nowMs: number;
  }) {
    this.#capacity = options.capacity;
    this.#perMs = options.perMs;
    this.#tokens = options.capacity;
    this.#filledMs = options.nowMs;
  }

  /** Takes `count` tokens. @returns false, and takes none, when there are fewer */
  take(count: number, nowMs: number): boolean {
    this.#fill(nowMs);
    if (this.#tokens < count) return false;
    this.#tokens -= count;
    return true;
  }

  /** How long until there are `count` tokens. */
  waitMs(count: number, nowMs: number): number {
    this.#fill(nowMs);
    return this.#tokens >= count ? 0 : Math.ceil((count - this.#tokens) / this.#perMs);
  }

  #fill(nowMs: number): void {
    const tokens = this.#tokens + (nowMs - this.#filledMs) * this.#perMs;
    this.#tokens = Math.min(this.#capacity, tokens);
    this.#filledMs = nowMs;
  }
}
