/** Stops reading from a peer that does not read what it asked for: memory is the machine's, not the peer's. */
import type { Transport } from '@shoal/units';

/**
 * Bytes that wait for a peer before we stop listening to it. The uploader stops at half of it and
 * answers of other kinds go past that, so a peer that takes our blocks slowly is read all the same.
 */
const UNSENT_LIMIT = 2 * 1024 * 1024;

/** Closed while too much waits in the transport, open again once it has drained. */
export class ReadGate {
  readonly #transport: Transport;
  #closedAtMs: number | undefined;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  /** Since when it is closed. */
  get closedAtMs(): number | undefined {
    return this.#closedAtMs;
  }

  /** After a write that did not leave at once. */
  handleFull(nowMs: number): void {
    if (this.#closedAtMs !== undefined || this.#transport.bufferedLength < UNSENT_LIMIT) return;
    this.#closedAtMs = nowMs;
    this.#transport.pause();
  }

  handleDrain(): void {
    if (this.#closedAtMs === undefined) return;
    this.#closedAtMs = undefined;
    this.#transport.resume();
  }
}
