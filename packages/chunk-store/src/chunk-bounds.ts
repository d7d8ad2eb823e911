/** What every store checks before it touches anything. */
import { type PieceIndex, PieceLayout } from '@shoal/units';
import { StoreError } from './chunk-store.ts';

/** Chunks are pieces, so their arithmetic is `PieceLayout`; this adds the errors. Lengths in bytes. */
export class ChunkBounds {
  readonly layout: PieceLayout;

  /** @throws RangeError when there are no such lengths */
  constructor(totalLength: number, chunkLength: number) {
    this.layout = new PieceLayout(totalLength, chunkLength);
  }

  /** The index, when there is such a chunk and it has `length` bytes. @throws StoreError `bad-chunk` */
  whole(index: number, length: number): PieceIndex {
    const known = this.#index(index);
    if (length !== this.layout.lengthOf(known))
      throw new StoreError(
        'bad-chunk',
        `chunk ${index} has ${this.layout.lengthOf(known)} bytes, got ${length}`,
      );
    return known;
  }

  /** The index, when there is such a chunk and the range lies inside it. @throws StoreError `bad-chunk` */
  part(index: number, begin: number, length: number): PieceIndex {
    const known = this.#index(index);
    if (!this.layout.isInside(known, begin, length))
      throw new StoreError(
        'bad-chunk',
        `chunk ${index} has ${this.layout.lengthOf(known)} bytes, asked for ${length} at ${begin}`,
      );
    return known;
  }

  #index(index: number): PieceIndex {
    const known = this.layout.pieceIndex(index);
    if (known === undefined)
      throw new StoreError('bad-chunk', `no chunk ${index}, there are ${this.layout.pieceCount}`);
    return known;
  }
}
