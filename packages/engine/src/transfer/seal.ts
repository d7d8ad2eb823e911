/**
 * Guards what is complete against changes underneath: before bytes are served it makes sure that
 * their files are as they were when they were verified, and hashes the piece again when they are not.
 */
import { type ChunkStore, type FileMark, StoreError } from '@shoal/chunk-store';
import type { PieceIndex } from '@shoal/units';
import type { Turns } from '../turns.ts';

export interface SealOptions {
  readonly store: Pick<ChunkStore, 'chunkLength' | 'get' | 'marksOf'>;
  /** Whether the piece on disk is right. @param into - where it is read to: a piece long */
  recheck(pieceIndex: PieceIndex, into: Uint8Array): Promise<boolean>;
  /** One piece of all torrents at a time is hashed again: each takes its length of memory meanwhile. */
  readonly turns: Turns;
}

/** What is read of a piece: copied from what was hashed, as the file may have changed once more since. */
interface Part {
  readonly begin: number;
  readonly bytes: Uint8Array;
}

/** A piece that is hashed again, or waits for its turn. */
interface Recheck {
  readonly parts: Part[];
  readonly isGood: Promise<boolean>;
}

export class Seal {
  readonly #options: SealOptions;
  #marks: readonly FileMark[] | undefined;
  /** Pieces of changed files that were hashed again and are good, with the marks seen before that. */
  readonly #rechecked = new Map<PieceIndex, ReadonlyMap<number, FileMark>>();
  readonly #rechecks = new Map<PieceIndex, Recheck>();

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
    const { store } = this.#options;
    const bytes = await store.get(pieceIndex, begin, length, into);
    const sealed = this.#marks;
    if (sealed === undefined) return bytes;
    const now = await store.marksOf(pieceIndex);
    const rechecked = this.#rechecked.get(pieceIndex);
    const isSealed = [...now].every(([at, mark]) => isSame(mark, rechecked?.get(at) ?? sealed[at]));
    if (isSealed) return bytes;
    if (!(await this.#recheck(pieceIndex, now, { begin, bytes })))
      throw new StoreError('missing', `piece ${pieceIndex} was changed on disk`);
    return bytes;
  }

  /** Hashes a piece once for all who read it meanwhile. */
  #recheck(
    pieceIndex: PieceIndex,
    marks: ReadonlyMap<number, FileMark>,
    part: Part,
  ): Promise<boolean> {
    const known = this.#rechecks.get(pieceIndex);
    if (known !== undefined) {
      known.parts.push(part);
      return known.isGood;
    }
    const parts = [part];
    const isGood = this.#options.turns.take('recheck', () => this.#hash(pieceIndex, marks, parts));
    this.#rechecks.set(pieceIndex, { parts, isGood });
    return isGood;
  }

  async #hash(
    pieceIndex: PieceIndex,
    marks: ReadonlyMap<number, FileMark>,
    parts: readonly Part[],
  ): Promise<boolean> {
    const { store, recheck } = this.#options;
    const piece = new Uint8Array(store.chunkLength);
    try {
      if (!(await recheck(pieceIndex, piece))) return false;
      this.#rechecked.set(pieceIndex, marks);
      for (const { begin, bytes } of parts) bytes.set(piece.subarray(begin, begin + bytes.length));
      return true;
    } finally {
      this.#rechecks.delete(pieceIndex);
    }
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
