import { BLOCK_LENGTH } from '@shoal/units';
import { RequestQueue } from '../../src/transfer/request-queue.ts';

/**
 * A peer at the far end of a line: a request is half a round trip under way, the block comes back
 * after those before it, as fast as the line is.
 */
export class Line {
  readonly queue = new RequestQueue();
  readonly #roundTripMs: number;
  readonly #blockMs: number;
  readonly #arrivals: { block: number; atMs: number }[] = [];
  #next = 0;
  nowMs = 0;
  #freeAtMs = 0;

  constructor(roundTripMs: number, bytesPerS: number) {
    this.#roundTripMs = roundTripMs;
    this.#blockMs = (BLOCK_LENGTH * 1_000) / bytesPerS;
  }

  /** Asks whenever there is room, for so long. @returns bytes a second that came */
  run(seconds: number): number {
    const untilMs = this.nowMs + seconds * 1_000;
    let count = 0;
    this.#ask();
    for (;;) {
      const arrival = this.#arrivals[0];
      if (arrival === undefined || arrival.atMs > untilMs) break;
      this.#arrivals.shift();
      this.nowMs = arrival.atMs;
      this.queue.answered(arrival.block, this.nowMs);
      count++;
      this.#ask();
    }
    this.nowMs = untilMs;
    return (count * BLOCK_LENGTH) / seconds;
  }

  #ask(): void {
    for (let room = this.queue.room(this.nowMs); room > 0; room--) {
      this.#freeAtMs = Math.max(this.#freeAtMs, this.nowMs + this.#roundTripMs) + this.#blockMs;
      this.#arrivals.push({ block: this.#next, atMs: this.#freeAtMs });
      this.queue.add(this.#next++, this.nowMs);
    }
  }
}
