/** Bytes of a handshake that have come and are not yet read. */
import { WireError } from '../wire-error.ts';

/** The longest padding that either side may send, in bytes. */
export const MAX_PAD_LENGTH = 512;

/** A queue of bytes. Nothing in it is longer than one part of the handshake and one read. */
export class MseInput {
  #bytes = new Uint8Array(1024);
  #start = 0;
  #end = 0;

  get length(): number {
    return this.#end - this.#start;
  }

  /** Copies `bytes[0..length)`. */
  append(bytes: Uint8Array, length: number): void {
    if (this.#end + length > this.#bytes.length) this.#makeRoom(length);
    this.#bytes.set(bytes.subarray(0, length), this.#end);
    this.#end += length;
  }

  /** Takes the next `length` bytes out; they must be there. The result is a copy. */
  take(length: number): Uint8Array {
    const taken = this.#bytes.slice(this.#start, this.#start + length);
    this.#start += length;
    return taken;
  }

  /**
   * Drops padding up to a mark and the mark itself.
   * @returns false when the mark has not come yet
   * @throws WireError `mse-no-sync` when it is not behind at most MAX_PAD_LENGTH bytes
   */
  skipPast(mark: Uint8Array): boolean {
    const within = MAX_PAD_LENGTH + mark.length;
    const searched = this.#bytes.subarray(this.#start, Math.min(this.#end, this.#start + within));
    const at = Buffer.from(searched.buffer, searched.byteOffset, searched.length).indexOf(mark);
    if (at >= 0) {
      this.#start += at + mark.length;
      return true;
    }
    if (searched.length < within) return false;
    const details = { got: this.length, limit: within };
    throw new WireError('mse-no-sync', `no mark in ${within} bytes of padding`, details);
  }

  #makeRoom(length: number): void {
    const kept = this.#bytes.subarray(this.#start, this.#end);
    const larger = new Uint8Array(Math.max(2 * kept.length, kept.length + length));
    larger.set(kept);
    this.#bytes = larger;
    this.#end = kept.length;
    this.#start = 0;
  }
}

/** The length field of padding. @throws WireError `mse-pad-too-long` */
export function padLength(field: Uint8Array): number {
  const length = (field[0]! << 8) | field[1]!;
  if (length <= MAX_PAD_LENGTH) return length;
  const details = { got: length, limit: MAX_PAD_LENGTH };
  throw new WireError(
    'mse-pad-too-long',
    `padding of ${length} bytes, limit ${MAX_PAD_LENGTH}`,
    details,
  );
}
