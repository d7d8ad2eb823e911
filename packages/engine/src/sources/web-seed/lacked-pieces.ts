/** The pieces that a web seed cannot send, because it lacks a file of theirs. */
import type { TorrentFile } from '@shoal/metainfo';
import { Bitfield, type PieceLayout } from '@shoal/units';
import { pieceRangeOf } from '../../picking/selection.ts';

/** After this time it may have got them. */
const FORGET_MS = 3_600_000;
/** When so many files in a row are not there, none is expected to be. */
export const LACKED_IN_A_ROW = 10;

export class LackedPieces {
  readonly #layout: PieceLayout;
  readonly #files = new Set<TorrentFile>();
  #pieces: Bitfield | undefined;
  #sinceMs = 0;
  #inARow = 0;

  constructor(layout: PieceLayout) {
    this.#layout = layout;
  }

  has(pieceIndex: number): boolean {
    return this.#pieces?.has(pieceIndex) ?? false;
  }

  get fileCount(): number {
    return this.#files.size;
  }

  /** Files that were not there since one was. */
  get inARow(): number {
    return this.#inARow;
  }

  /** A file is not there. @returns false when that was known */
  add(file: TorrentFile, nowMs: number): boolean {
    if (this.#files.has(file)) return false;
    if (this.#files.size === 0) this.#sinceMs = nowMs;
    this.#files.add(file);
    this.#inARow++;
    this.#pieces ??= new Bitfield(this.#layout.pieceCount);
    const { first, last } = pieceRangeOf(file, this.#layout);
    for (let piece = first; piece <= last; piece++) this.#pieces.add(piece);
    return true;
  }

  /** A file is there. */
  found(): void {
    this.#inARow = 0;
  }

  tick(nowMs: number): void {
    if (this.#files.size > 0 && nowMs - this.#sinceMs >= FORGET_MS) this.clear();
  }

  clear(): void {
    this.#files.clear();
    this.#pieces = undefined;
    this.#inARow = 0;
  }
}
