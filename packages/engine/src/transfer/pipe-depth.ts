/** How many blocks to keep under way with one peer, so that the line to it never runs empty. */
import { BLOCK_LENGTH } from '@shoal/units';

/** Blocks to begin with, while nothing is known of the peer. */
const FIRST_DEPTH = 8;
const LEAST_DEPTH = 2;
/** A slow peer holds no more than it sends in this time, so that its blocks do not lie blocked. */
const QUEUE_TIME_S = 3;
/** What keeps a fast peer on the same machine busy between two turns of our event loop. */
const FAST_LENGTH = 2 * 1024 * 1024;
/** A rate is taken over a round trip; over less than this it would be that of one burst. */
const LEAST_WINDOW_MS = 10;
/** The best rate of this time and the one before counts: a line does not narrow in one pause. */
const BEST_MS = 5_000;
/** A rate so many times the best before means that the line has room for more yet. */
const GROWTH = 1.25;
/** What is asked for, in what the line holds: while it has room, and once it is full. */
const GROWING_GAIN = 4;
const STEADY_GAIN = 2;

/**
 * Follows what the line gives, as TCP BBR does: the best rate of late times the shortest round trip
 * is what the line holds, and a multiple of it is asked for, so that what comes in a round trip may
 * be more than before.
 */
export class PipeDepth {
  /** The shortest seen: a later one has the wait in the peer's queue in it, which we make ourselves. */
  #roundTripMs: number | undefined;
  #windowSinceMs = 0;
  #windowLength = 0;
  /** Bytes a second; undefined until a round trip was measured. */
  #best: number | undefined;
  #bestBefore = 0;
  #bestSinceMs = 0;
  #gain = GROWING_GAIN;

  /** The first request after a pause leaves: the time until now says nothing of the line. */
  begin(nowMs: number): void {
    this.#windowSinceMs = nowMs;
    this.#windowLength = 0;
  }

  /** A block came that was asked for at `sentAtMs`. */
  answered(sentAtMs: number, nowMs: number): void {
    const tookMs = nowMs - sentAtMs;
    this.#roundTripMs = Math.min(this.#roundTripMs ?? tookMs, tookMs);
    this.#windowLength += BLOCK_LENGTH;
  }

  /**
   * Blocks that may be under way: `max(gain x rate x round trip, 2 MiB)`, at most what comes in 3 s.
   * Asked for after all that came together: a part of it would look like a slower line.
   */
  blocks(nowMs: number): number {
    this.#measure(nowMs);
    if (this.#best === undefined) return FIRST_DEPTH;
    const bytesPerS = Math.max(this.#best, this.#bestBefore);
    const lineHolds = (bytesPerS * (this.#roundTripMs ?? 0)) / 1_000;
    const wanted = Math.max(this.#gain * lineHolds, FAST_LENGTH);
    const length = Math.min(wanted, bytesPerS * QUEUE_TIME_S);
    return Math.max(LEAST_DEPTH, Math.ceil(length / BLOCK_LENGTH));
  }

  /** The peer choked us: when it serves us again, its rate of long ago says nothing. */
  startOver(): void {
    this.#best = undefined;
    this.#bestBefore = 0;
  }

  /** The peer let us wait far too long. */
  collapse(): void {
    this.#best = 0;
    this.#bestBefore = 0;
  }

  /** Takes the rate, once a round trip has passed. */
  #measure(nowMs: number): void {
    if (this.#windowLength === 0) return;
    const windowMs = nowMs - this.#windowSinceMs;
    const leastMs = this.#best === undefined ? 0 : LEAST_WINDOW_MS;
    if (windowMs < Math.max(this.#roundTripMs ?? 0, leastMs)) return;
    const bytesPerS = (this.#windowLength * 1_000) / Math.max(1, windowMs);
    this.begin(nowMs);
    const best = Math.max(this.#best ?? 0, this.#bestBefore);
    this.#gain = bytesPerS > best * GROWTH ? GROWING_GAIN : STEADY_GAIN;
    if (this.#best === undefined || nowMs - this.#bestSinceMs >= BEST_MS) {
      this.#bestBefore = this.#best ?? 0;
      this.#best = 0;
      this.#bestSinceMs = nowMs;
    }
    this.#best = Math.max(this.#best, bytesPerS);
  }
}
