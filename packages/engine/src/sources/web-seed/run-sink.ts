/** Where the bytes go that a web seed sends: into a run of pieces, one after the other. */
import { BLOCK_LENGTH } from '@shoal/units';
import type { ActivePiece } from '../../picking/active-piece.ts';
import type { Downloader } from '../../transfer/downloader.ts';

/** Pieces that follow each other, begun and owned by this seed. */
export interface Run {
  readonly pieces: readonly ActivePiece[];
  readonly offset: number;
  readonly length: number;
}

/** Lays the bytes of a run into its pieces, block by block. */
export class RunSink {
  readonly #run: Run;
  readonly #key: number;
  readonly #downloader: Downloader;
  #at = 0;
  /** Whether the block at `#at` is ours to write: a peer may have been faster. */
  #isWriting = false;
  /** Since when that block comes; never while none does, or while a limit of ours holds it back. */
  #sinceMs = Number.POSITIVE_INFINITY;

  constructor(run: Run, key: number, downloader: Downloader) {
    this.#run = run;
    this.#key = key;
    this.#downloader = downloader;
  }

  /** The piece into which a block is coming that nobody else can send meanwhile. */
  get writtenPiece(): ActivePiece | undefined {
    return this.#isWriting ? this.#place().piece : undefined;
  }

  /** For how long the block that is coming has been. */
  comingForMs(nowMs: number): number {
    return Math.max(nowMs - this.#sinceMs, 0);
  }

  /** What does not come now is not the server's fault. */
  holdBack(): void {
    this.#sinceMs = Number.POSITIVE_INFINITY;
  }

  take(bytes: Uint8Array, nowMs: number): void {
    let from = 0;
    while (from < bytes.length) {
      this.#sinceMs = Math.min(this.#sinceMs, nowMs);
      const { piece, begin } = this.#place();
      const block = Math.floor(begin / BLOCK_LENGTH);
      const blockEnd = Math.min((block + 1) * BLOCK_LENGTH, piece.length);
      if (begin === block * BLOCK_LENGTH)
        this.#isWriting = this.#downloader.intake.beginBlock(piece, block, this.#key);
      const length = Math.min(bytes.length - from, blockEnd - begin);
      if (this.#isWriting) piece.bytes!.set(bytes.subarray(from, from + length), begin);
      from += length;
      this.#at += length;
      if (begin + length < blockEnd) return;
      this.#downloader.intake.endBlock(piece, block, this.#key, this.#isWriting);
      this.#isWriting = false;
      this.#sinceMs = Number.POSITIVE_INFINITY;
    }
  }

  /** Nothing more will come: what has come is kept, and the rest is free for others. */
  leave(): void {
    const { piece: current, begin } = this.#place();
    const block = Math.floor(begin / BLOCK_LENGTH);
    if (this.#isWriting) current.dropWrite(block);
    this.#isWriting = false;
    this.holdBack();
    for (const piece of this.#run.pieces) {
      if (piece.index < current.index) continue;
      piece.owner = 0;
      const from = piece === current ? block : 0;
      for (let left = from; left < piece.blockCount; left++) piece.released(left);
    }
  }

  /** What did not come whole is missing again, for whoever asks next. */
  giveUp(): void {
    for (const piece of this.#run.pieces) this.#downloader.abandon(piece);
  }

  /** The piece at `#at`, and how far into it. Every piece of a run but the last is of full length. */
  #place(): { piece: ActivePiece; begin: number } {
    const { pieces } = this.#run;
    const index = Math.min(Math.floor(this.#at / pieces[0]!.length), pieces.length - 1);
    return { piece: pieces[index]!, begin: this.#at - index * pieces[0]!.length };
  }
}
