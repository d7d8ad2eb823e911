/**
 * Blocks of one peer that answer no request that stands: those of requests that were withdrawn may
 * be on the way, more are a flood.
 */
import { WireError } from '@shoal/wire';

/** Withdrawn requests whose blocks may still come: no peer keeps more waiting (`upload-queue.ts`). */
const WITHDRAWN_LIMIT = 2_000;
/** Blocks that nobody ever asked for; other clients send none. */
const STRAY_LIMIT = 64;

export class StrayBlocks {
  #withdrawnCount = 0;
  #count = 0;

  /** Requests are void, by whomever: cancelled, choked, rejected. The peer may not know it yet, nor heed it. */
  withdrawn(count: number): void {
    this.#withdrawnCount = Math.min(this.#withdrawnCount + count, WITHDRAWN_LIMIT);
  }

  /**
   * A block came that was not asked for, or is not any more.
   * @throws WireError `flood` when there are too many that no request explains
   */
  take(): void {
    if (this.#withdrawnCount > 0) {
      this.#withdrawnCount--;
      return;
    }
    this.#count++;
    if (this.#count <= STRAY_LIMIT) return;
    const message = `sent ${this.#count} blocks that nobody asked for`;
    throw new WireError('flood', message, { got: this.#count, limit: STRAY_LIMIT });
  }
}
