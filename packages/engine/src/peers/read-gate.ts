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
  #isClosed = false;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  /** After a write that did not leave at once. */
  handleFull(): void {
    if (this.#isClosed || this.#transport.bufferedLength < UNSENT_LIMIT) return;
    this.#isClosed = true;
    this.#transport.pause();
  }

  handleDrain(): void {
    if (!this.#isClosed) return;
    this.#isClosed = false;
    this.#transport.resume();
  }
}
