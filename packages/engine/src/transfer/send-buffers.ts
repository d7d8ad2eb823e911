/**
 * Memory in which `piece` messages leave, used again and again: one copy and one write for many
 * blocks cost less than two objects and two entries of a vector for each.
 */
import { BLOCK_LENGTH } from '@shoal/units';
import { PIECE_HEADER_LENGTH } from '@shoal/wire';

/** Blocks of the usual length that one buffer holds. */
const BLOCKS = 16;
/** Bytes of one buffer; a single longer block gets a buffer of its own. */
export const SEND_LENGTH = BLOCKS * (PIECE_HEADER_LENGTH + BLOCK_LENGTH);
/** Buffers kept for the next blocks. */
const SPARE_LIMIT = 16;

export class SendBuffers {
  readonly #spare: Uint8Array[] = [];

  /** A buffer of at least `length` bytes. */
  take(length: number): Uint8Array {
    if (length > SEND_LENGTH) return Buffer.allocUnsafeSlow(length);
    return this.#spare.pop() ?? Buffer.allocUnsafeSlow(SEND_LENGTH);
  }

  giveBack(buffer: Uint8Array): void {
    if (buffer.length === SEND_LENGTH && this.#spare.length < SPARE_LIMIT) this.#spare.push(buffer);
  }

  clear(): void {
    this.#spare.length = 0;
  }
}
