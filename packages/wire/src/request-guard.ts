/** Whether the peer may request: our choke flag, and how often it asked in spite of it. */
import type { WireLimits } from './limits.ts';
import { WireError } from './wire-error.ts';

/**
 * A peer may ask while we choke it: its requests were under way, or the piece is allowed fast
 * (BEP 6). Each other one is counted until the flag changes, and too many end the session.
 */
export class RequestGuard {
  readonly #limit: number;
  readonly #allowedFast = new Set<number>();
  #amChoking = true;
  #chokedCount = 0;

  constructor(limits: WireLimits) {
    this.#limit = limits.chokedRequestCount;
  }

  get amChoking(): boolean {
    return this.#amChoking;
  }

  setChoking(amChoking: boolean): void {
    if (amChoking !== this.#amChoking) this.#chokedCount = 0;
    this.#amChoking = amChoking;
  }

  /** We told the peer that it may ask for this piece while choked. */
  allowFast(pieceIndex: number): void {
    this.#allowedFast.add(pieceIndex);
  }

  /** Counts one request of the peer. @throws WireError `choked-requests` */
  admit(pieceIndex: number): void {
    if (!this.#amChoking || this.#allowedFast.has(pieceIndex)) return;
    this.#chokedCount++;
    if (this.#chokedCount <= this.#limit) return;
    const details = { got: this.#chokedCount, limit: this.#limit };
    const message = `${this.#chokedCount} requests while choked, limit ${this.#limit}`;
    throw new WireError('choked-requests', message, details);
  }
}
