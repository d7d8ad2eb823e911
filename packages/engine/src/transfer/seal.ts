/**
 * Guards what is complete against changes underneath: before bytes are served it makes sure that
 * their file is as it was when it was verified, and hashes the piece again when it is not.
 */
import { type ChunkStore, StoreError } from '@shoal/chunk-store';
import type { Clock, PieceIndex } from '@shoal/units';

export interface SealOptions {
  readonly store: ChunkStore;
  readonly clock: Clock;
  /** Whether the piece on disk is right. */
  recheck(pieceIndex: PieceIndex): Promise<boolean>;
}

export class Seal {
  readonly #options: SealOptions;
  /** Wall time when all that is here had been verified; undefined while we write ourselves. */
  #sealedAtMs: number | undefined;
  /** Pieces of changed files that were hashed again and are good, with the newest change seen. */
  readonly #rechecked = new Map<PieceIndex, number>();

  constructor(options: SealOptions) {
    this.#options = options;
  }

  /** Everything that is wanted is here and nothing more is written. */
  close(): void {
    this.#sealedAtMs = this.#options.clock.wallMs();
    this.#rechecked.clear();
  }

  /** Pieces are written again: changes are our own. */
  open(): void {
    this.#sealedAtMs = undefined;
  }

  /**
   * Reads bytes of a piece; looks at the file after the read, so that a change in between is seen.
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
    const sealedAtMs = this.#sealedAtMs;
    if (sealedAtMs === undefined) return bytes;
    const changedAtMs = await this.#changedAtMs(pieceIndex);
    if (changedAtMs <= (this.#rechecked.get(pieceIndex) ?? sealedAtMs)) return bytes;
    if (!(await this.#options.recheck(pieceIndex)))
      throw new StoreError('missing', `piece ${pieceIndex} was changed on disk`);
    this.#rechecked.set(pieceIndex, changedAtMs);
    return store.get(pieceIndex, begin, length, into);
  }

  async #changedAtMs(pieceIndex: PieceIndex): Promise<number> {
    const marks = await this.#options.store.marks(pieceIndex);
    return Math.max(0, ...marks.map(({ mtimeMs }) => mtimeMs));
  }
}
