/** Which files are wanted and how much, and what that means for pieces. */
import type { TorrentFile } from '@shoal/metainfo';
import type { Bitfield, PieceIndex, PieceLayout } from '@shoal/units';
import type { FilePriority } from '../state/snapshot.ts';
import { OFF, type PieceTracker, type PieceWish } from './piece-tracker.ts';

const WISHES: Record<FilePriority, PieceWish> = { high: 0, normal: 1, low: 2, off: OFF };

/** The piece range of a file, both ends inclusive; `last` is before `first` for an empty file. */
export interface PieceRange {
  readonly first: number;
  readonly last: number;
}

/** The bytes of the wanted files in `have`, when it had `count` pieces. */
interface Counted {
  readonly have: Bitfield | undefined;
  readonly count: number;
  readonly length: number;
}

const NOT_COUNTED: Counted = { have: undefined, count: 0, length: 0 };

export class Selection {
  readonly #files: readonly TorrentFile[];
  readonly #layout: PieceLayout;
  readonly #priorities: FilePriority[];
  #counted = NOT_COUNTED;

  constructor(files: readonly TorrentFile[], layout: PieceLayout) {
    this.#files = files;
    this.#layout = layout;
    this.#priorities = files.map(() => 'normal');
  }

  get priorities(): readonly FilePriority[] {
    return this.#priorities;
  }

  set(fileIndex: number, priority: FilePriority): void {
    this.#priorities[fileIndex] = priority;
    this.#counted = NOT_COUNTED;
  }

  /** Fetches these files and no others. */
  only(fileIndexes: readonly number[]): void {
    const chosen = new Set(fileIndexes);
    for (const index of this.#files.keys()) this.set(index, chosen.has(index) ? 'normal' : 'off');
  }

  /** Bytes of the wanted files, pad files left out. */
  get wantedLength(): number {
    let length = 0;
    for (const [index, file] of this.#files.entries())
      if (this.#priorities[index] !== 'off' && !file.isPad) length += file.length;
    return length;
  }

  /** As many of them as these pieces have. Counted once while they are the same. */
  wantedHaveLength(have: Bitfield): number {
    if (this.#counted.have !== have || this.#counted.count !== have.count) {
      let length = 0;
      for (const [index, file] of this.#files.entries())
        if (this.#priorities[index] !== 'off' && !file.isPad)
          length += this.haveLength(index, have);
      this.#counted = { have, count: have.count, length };
    }
    return this.#counted.length;
  }

  /** Files that are wanted, pad files left out. */
  get wantedFileCount(): number {
    let count = 0;
    for (const [index, file] of this.#files.entries())
      if (this.#priorities[index] !== 'off' && !file.isPad) count++;
    return count;
  }

  /** Every file is off. */
  get isNothing(): boolean {
    return this.wantedFileCount === 0;
  }

  rangeOf(fileIndex: number): PieceRange {
    return pieceRangeOf(this.#files[fileIndex]!, this.#layout);
  }

  /** Tells the tracker: a piece is wanted as much as the most wanted file that it touches. */
  apply(tracker: PieceTracker): void {
    const wishes = new Uint8Array(this.#layout.pieceCount).fill(OFF);
    for (const [index, file] of this.#files.entries()) {
      if (file.isPad) continue;
      const wish = WISHES[this.#priorities[index]!];
      const { first, last } = this.rangeOf(index);
      for (let piece = first; piece <= last; piece++)
        wishes[piece] = Math.min(wishes[piece]!, wish);
    }
    for (const [piece, wish] of wishes.entries())
      tracker.setWish(piece as PieceIndex, wish as PieceWish);
  }

  /** Bytes of a file that these pieces have. */
  haveLength(fileIndex: number, pieces: Bitfield): number {
    const { offset, length } = this.#files[fileIndex]!;
    const { first, last } = this.rangeOf(fileIndex);
    let have = 0;
    for (let piece = first; piece <= last; piece++) {
      if (!pieces.has(piece)) continue;
      const start = this.#layout.offsetOf(piece as PieceIndex);
      const end = start + this.#layout.lengthOf(piece as PieceIndex);
      have += Math.min(end, offset + length) - Math.max(start, offset);
    }
    return have;
  }
}

/** The pieces that a file has a share in. */
export function pieceRangeOf(
  { offset, length }: Pick<TorrentFile, 'offset' | 'length'>,
  { pieceLength }: PieceLayout,
): PieceRange {
  const first = Math.floor(offset / pieceLength);
  if (length === 0) return { first, last: first - 1 };
  return { first, last: Math.floor((offset + length - 1) / pieceLength) };
}
