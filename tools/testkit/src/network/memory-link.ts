/** The wire between a host and the rest of the world: one way out, one way in, each with a rate. */
import type { Clock } from '@shoal/units';
import type { MemoryPipe } from './memory-pipe.ts';

/** What leaves at a time; streams of one host take turns by it. */
const SEGMENT_LENGTH = 16_384;

/** Bytes a second; undefined is without limit. */
export interface Bandwidth {
  upBytesPerS: number | undefined;
  downBytesPerS: number | undefined;
}

export class MemoryLink {
  readonly #clock: Clock;
  readonly #bandwidth: Bandwidth;
  readonly #handleSent: (pipe: MemoryPipe, segment: Uint8Array) => void;
  readonly #turns: MemoryPipe[] = [];
  #isSending = false;
  #receivesUntilMs = 0;

  constructor(
    clock: Clock,
    bandwidth: Bandwidth,
    handleSent: (pipe: MemoryPipe, segment: Uint8Array) => void,
  ) {
    this.#clock = clock;
    this.#bandwidth = bandwidth;
    this.#handleSent = handleSent;
  }

  /** A pipe may have something to send: it gets its turns until it has nothing. */
  wake(pipe: MemoryPipe): void {
    if (!this.#turns.includes(pipe)) this.#turns.push(pipe);
    this.#send();
  }

  /** A segment comes in: `deliver` is called when its last byte is through. */
  receive(length: number, deliver: () => void): void {
    const nowMs = this.#clock.nowMs();
    const beginMs = Math.max(nowMs, this.#receivesUntilMs);
    this.#receivesUntilMs = beginMs + durationMs(length, this.#bandwidth.downBytesPerS);
    if (this.#receivesUntilMs === nowMs) deliver();
    else this.#clock.after(this.#receivesUntilMs - nowMs, deliver);
  }

  #send(): void {
    while (!this.#isSending) {
      const pipe = this.#turns.shift();
      if (pipe === undefined) return;
      if (!pipe.isReady) continue;
      const segment = pipe.take(SEGMENT_LENGTH);
      this.#turns.push(pipe);
      const tookMs = durationMs(segment.length, this.#bandwidth.upBytesPerS);
      if (tookMs === 0) {
        this.#handleSent(pipe, segment);
        continue;
      }
      this.#isSending = true;
      this.#clock.after(tookMs, () => {
        this.#isSending = false;
        this.#handleSent(pipe, segment);
        this.#send();
      });
    }
  }
}

function durationMs(length: number, bytesPerS: number | undefined): number {
  return bytesPerS === undefined ? 0 : (length / bytesPerS) * 1000;
}
