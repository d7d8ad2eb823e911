/** Rates of the last five minutes, one sample a second, for graphs. */
import type { RateHistory } from './snapshot.ts';

const SAMPLE_LIMIT = 300;

export class RateSamples {
  readonly #down: number[] = [];
  readonly #up: number[] = [];

  add(downBytesPerS: number, upBytesPerS: number): void {
    this.#down.push(Math.round(downBytesPerS));
    this.#up.push(Math.round(upBytesPerS));
    if (this.#down.length <= SAMPLE_LIMIT) return;
    this.#down.shift();
    this.#up.shift();
  }

  /** Oldest first. A copy. */
  snapshot(): RateHistory {
    return { down: [...this.#down], up: [...this.#up] };
  }
}
