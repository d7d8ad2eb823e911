/** Where the bytes go that a web seed sends: into a run of pieces, one after the other. */
import { BLOCK_LENGTH } from '@shoal/units';
import type { ActivePiece } from '../../picking/active-piece.ts';
import type { Downloader } from '../../transfer/downloader.ts';
import type { RateMeter } from '../../transfer/rate-meter.ts';

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
  readonly #meter: RateMeter;
  #at = 0;
  /** Whether the block at `#at` is ours to write: a peer may have been faster. */
  #isWriting = false;

  constructor(run: Run, key: number, downloader: Downloader, meter: RateMeter) {
    this.#run = run;
    this.#key = key;
    this.#downloader = downloader;
    this.#meter = meter;
  }

  take(bytes: Uint8Array): void {
    this.#meter.add(bytes.length);
    let from = 0;
    while (from < bytes.length) {
      const { piece, begin } = this.#place();
      const block = Math.floor(begin / BLOCK_LENGTH);
      const blockEnd = Math.min((block + 1) * BLOCK_LENGTH, piece.length);
      if (begin === block * BLOCK_LENGTH)
        this.#isWriting = this.#downloader.intake.beginBlock(piece, block, this.#key);
      const length = Math.min(bytes.length - from, blockEnd - begin);
      if (this.#isWriting) piece.bytes!.set(bytes.subarray(from, from + length), begin);
      from += length;
      this.#at += length;
      if (begin + length === blockEnd)
        this.#downloader.intake.endBlock(piece, block, this.#key, this.#isWriting);
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
