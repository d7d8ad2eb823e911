/** Hashes whole pieces and writes the good ones: a byte that was not verified never reaches the disk. */
import type { ChunkStore } from '@shoal/chunk-store';
import { equalBytes, type PieceIndex } from '@shoal/units';
import type { ActivePiece } from '../picking/active-piece.ts';
import type { PieceBuffers } from './piece-buffers.ts';
import { sha1 } from './sha1.ts';

export interface VerifierOptions {
  /** 20 bytes a piece. */
  readonly pieceHashes: Uint8Array;
  readonly store: ChunkStore;
  readonly buffers: PieceBuffers;
  /** The piece is good and stored. `bytes` are valid during the call. */
  handleVerified(piece: ActivePiece, bytes: Uint8Array): void;
  /** The hash was wrong. `bytes` are valid during the call. */
  handleFailed(piece: ActivePiece, bytes: Uint8Array): void;
  /** Good, but it could not be stored. */
  handleStoreError(piece: ActivePiece, error: unknown): void;
}

export class Verifier {
  readonly #options: VerifierOptions;
  readonly #underWay = new Set<Promise<void>>();

  constructor(options: VerifierOptions) {
    this.#options = options;
  }

  /** Takes a complete piece; one of the three handlers follows, then its buffer is used again. */
  verify(piece: ActivePiece): void {
    const run = this.#run(piece).finally(() => this.#underWay.delete(run));
    this.#underWay.add(run);
  }

  /** Waits until nothing is under way. */
  async settled(): Promise<void> {
    while (this.#underWay.size > 0) await Promise.all(this.#underWay);
  }

  async #run(piece: ActivePiece): Promise<void> {
    const { store, buffers } = this.#options;
    const bytes = piece.bytes!;
    const hash = await sha1(bytes);
    if (!equalBytes(hash, expectedHash(this.#options.pieceHashes, piece.index))) {
      this.#options.handleFailed(piece, bytes);
    } else {
      try {
        await store.put(piece.index, bytes);
      } catch (error) {
        this.#options.handleStoreError(piece, error);
        buffers.giveBack(bytes);
        return;
      }
      this.#options.handleVerified(piece, bytes);
    }
    buffers.giveBack(bytes);
  }
}

/** The 20 bytes a piece must hash to. */
export function expectedHash(pieceHashes: Uint8Array, pieceIndex: PieceIndex): Uint8Array {
  return pieceHashes.subarray(pieceIndex * 20, pieceIndex * 20 + 20);
}
