/**
 * Memory for pieces under way, used again and again: a piece-sized buffer made afresh for every
 * piece costs more than the copy into it.
 *
 * Buffers are not cleared: what leaves them is only what was received, and only after its hash
 * was right.
 */
export class PieceBuffers {
  readonly #pieceLength: number;
  readonly #spareLimit: number;
  readonly #spare: Uint8Array[] = [];

  /** @param spareLength - bytes that may lie here unused */
  constructor(pieceLength: number, spareLength: number) {
    this.#pieceLength = pieceLength;
    this.#spareLimit = Math.max(1, Math.floor(spareLength / pieceLength));
  }

  /** A buffer of `length` bytes, at most the piece length. */
  take(length: number): Uint8Array {
    const spare = this.#spare.pop() ?? Buffer.allocUnsafeSlow(this.#pieceLength);
    return length === this.#pieceLength ? spare : spare.subarray(0, length);
  }

  /** Gives a buffer back. Only when nothing writes into it or reads from it any more. */
  giveBack(bytes: Uint8Array): void {
    if (bytes.length !== this.#pieceLength) return; // the short last piece: not worth keeping
    if (this.#spare.length < this.#spareLimit) this.#spare.push(bytes);
  }

  clear(): void {
    this.#spare.length = 0;
  }
}
