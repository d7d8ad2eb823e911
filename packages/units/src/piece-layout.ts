/** Piece arithmetic of one torrent: the only place that divides by piece length. */

declare const pieceIndexBrand: unique symbol;

/** A piece index that was checked against a layout: 0 <= index < pieceCount. */
export type PieceIndex = number & { readonly [pieceIndexBrand]: true };

/** What one `request` asks for, in bytes. BEP 3. */
export const BLOCK_LENGTH = 16_384;

/** A block: `begin` is the offset inside the piece, `length` at most BLOCK_LENGTH; both in bytes. */
export interface BlockRef {
  readonly pieceIndex: PieceIndex;
  readonly begin: number;
  readonly length: number;
}

/**
 * The pieces and blocks of a torrent of `totalLength` bytes. All lengths in bytes.
 *
 * Every piece has `pieceLength` bytes but the last, which has the rest (1..pieceLength); every
 * block of a piece has 16 KiB but the last of the piece. A torrent of no bytes has no piece.
 */
export class PieceLayout {
  readonly totalLength: number;
  readonly pieceLength: number;
  readonly pieceCount: number;
  readonly #lastPieceLength: number;

  /** @throws RangeError unless pieceLength is a positive and totalLength a non-negative safe integer */
  constructor(totalLength: number, pieceLength: number) {
    if (!Number.isSafeInteger(totalLength) || totalLength < 0)
      throw new RangeError(`total length ${totalLength} is not a length`);
    if (!Number.isSafeInteger(pieceLength) || pieceLength < 1)
      throw new RangeError(`piece length ${pieceLength} is not a length above 0`);
    this.totalLength = totalLength;
    this.pieceLength = pieceLength;
    this.pieceCount = Math.ceil(totalLength / pieceLength);
    this.#lastPieceLength = totalLength - (this.pieceCount - 1) * pieceLength;
  }

  /** The gate for numbers from outside: the piece index, or undefined when there is no such piece. */
  pieceIndex(n: number): PieceIndex | undefined {
    return Number.isInteger(n) && n >= 0 && n < this.pieceCount ? (n as PieceIndex) : undefined;
  }

  /** Length of a piece in bytes. */
  lengthOf(index: PieceIndex): number {
    return index === this.pieceCount - 1 ? this.#lastPieceLength : this.pieceLength;
  }

  /** Where a piece begins in the whole torrent, in bytes. */
  offsetOf(index: PieceIndex): number {
    return index * this.pieceLength;
  }

  /** How many blocks of at most 16 KiB a piece has. */
  blockCount(index: PieceIndex): number {
    return Math.ceil(this.lengthOf(index) / BLOCK_LENGTH);
  }

  /** Length of block `block` (0-based) of a piece, in bytes. */
  blockLength(index: PieceIndex, block: number): number {
    return Math.min(BLOCK_LENGTH, this.lengthOf(index) - block * BLOCK_LENGTH);
  }

  /** Whether begin and length name a whole block as we ask for them: on a 16 KiB step, whole. */
  isBlock(index: PieceIndex, begin: number, length: number): boolean {
    return (
      begin % BLOCK_LENGTH === 0 &&
      begin >= 0 &&
      begin < this.lengthOf(index) &&
      length === this.blockLength(index, begin / BLOCK_LENGTH)
    );
  }

  /** Whether the bytes begin..begin+length lie inside the piece (length above 0). */
  isInside(index: PieceIndex, begin: number, length: number): boolean {
    return begin >= 0 && length > 0 && begin + length <= this.lengthOf(index);
  }
}
