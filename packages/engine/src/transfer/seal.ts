/**
 * Guards what is complete against changes underneath: before bytes are served it makes sure that
 * their files are as they were when they were verified, and hashes the piece again when they are not.
 */
import { type ChunkStore, type FileMark, StoreError } from '@shoal/chunk-store';
import type { PieceIndex } from '@shoal/units';

export interface SealOptions {
  readonly store: Pick<ChunkStore, 'chunkLength' | 'get' | 'marksOf'>;
  /** Whether the piece on disk is right. @param into - where it is read to: a piece long */
  recheck(pieceIndex: PieceIndex, into: Uint8Array): Promise<boolean>;
}

export class Seal {
  readonly #options: SealOptions;
  #marks: readonly FileMark[] | undefined;
  /** Pieces of changed files that were hashed again and are good, with the marks seen before that. */
  readonly #rechecked = new Map<PieceIndex, ReadonlyMap<number, FileMark>>();

  constructor(options: SealOptions) {
    this.#options = options;
  }

  /** What the files were like when all that is here was verified; undefined while we write ourselves. */
  get marks(): readonly FileMark[] | undefined {
    return this.#marks;
  }

  /**
   * Nothing more is written.
   * @param marks - all of the store's, taken before what is on disk was hashed, or after the last of our writes
   */
  close(marks: readonly FileMark[]): void {
    this.#marks = marks;
    this.#rechecked.clear();
  }

  /** Pieces are written again: changes are our own. */
  open(): void {
    this.#marks = undefined;
  }

  /**
   * Reads bytes of a piece; looks at its files after the read, so that a change in between is seen.
   * @throws StoreError `missing` when the piece is no more as it was verified
   */
  async read(
    pieceIndex: PieceIndex,
    begin: number,
    length: number,
    into: Uint8Array,
  ): Promise<Uint8Array> {
    const { store, recheck } = this.#options;
    const bytes = await store.get(pieceIndex, begin, length, into);
    const sealed = this.#marks;
    if (sealed === undefined) return bytes;
    const now = await store.marksOf(pieceIndex);
    const rechecked = this.#rechecked.get(pieceIndex);
    const isSealed = [...now].every(([at, mark]) => isSame(mark, rechecked?.get(at) ?? sealed[at]));
    if (isSealed) return bytes;
    const piece = new Uint8Array(store.chunkLength);
    if (!(await recheck(pieceIndex, piece)))
      throw new StoreError('missing', `piece ${pieceIndex} was changed on disk`);
    this.#rechecked.set(pieceIndex, now);
    // What was hashed, as the file may have changed once more since.
    bytes.set(piece.subarray(begin, begin + length));
    return bytes;
  }
}

function isSame(a: FileMark, b: FileMark | undefined): boolean {
  return (
    a.length === b?.length &&
    a.mtimeMs === b.mtimeMs &&
    a.ctimeMs === b.ctimeMs &&
    a.isApart === b.isApart
  );
}
