/** A buffer for a length that a stranger announced: it grows as the bytes come, never ahead of them. */

const FIRST_LENGTH = 4096;

/** Collects exactly `length` bytes. It never holds more than twice what has come, or 4 KiB. */
export class GrowingBytes {
  readonly #length: number;
  #buffer: Uint8Array;
  #used = 0;

  /** @param expected - how many bytes are already at hand */
  constructor(length: number, expected: number) {
    this.#length = length;
    this.#buffer = new Uint8Array(Math.min(length, Math.max(expected, FIRST_LENGTH)));
  }

  /** Copies `bytes[from..until)`. */
  append(bytes: Uint8Array, from: number, until: number): void {
    const used = this.#used + until - from;
    if (used > this.#buffer.length) this.#grow(used);
    this.#buffer.set(bytes.subarray(from, until), this.#used);
    this.#used = used;
  }

  /** All that was collected; whole once `length` bytes were appended. */
  get bytes(): Uint8Array {
    return this.#buffer.subarray(0, this.#used);
  }

  #grow(atLeast: number): void {
    const grown = new Uint8Array(
      Math.min(this.#length, Math.max(atLeast, 2 * this.#buffer.length)),
    );
    grown.set(this.#buffer);
    this.#buffer = grown;
  }
}
