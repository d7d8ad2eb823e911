/** Hashes what lies on disk: several pieces at a time, so that disk and cores are busy. */
import { type ChunkStore, StoreError } from '@shoal/chunk-store';
import { type Bitfield, equalBytes, type PieceIndex, type PieceLayout } from '@shoal/units';
import { sha1 } from './sha1.ts';
import { expectedHash } from './verifier.ts';

/** Bytes read at the same time; one piece always is. */
const UNDER_WAY_LENGTH = 16 * 1024 * 1024;

export interface CheckOptions {
  readonly store: ChunkStore;
  readonly layout: PieceLayout;
  /** 20 bytes a piece. */
  readonly pieceHashes: Uint8Array;
  readonly suspects: Bitfield;
  readonly signal: AbortSignal;
  /** Called for each suspect in no fixed order. */
  handleResult(pieceIndex: PieceIndex, isGood: boolean): void;
}

/**
 * Checks the suspects. Resolves early when the signal is aborted.
 * @throws StoreError when the disk fails; missing bytes are a bad piece
 */
export async function checkPieces(options: CheckOptions): Promise<void> {
  const { layout, suspects, signal } = options;
  const indexes = suspects.indexes();
  const workers = Math.max(1, Math.min(8, Math.floor(UNDER_WAY_LENGTH / layout.pieceLength)));
  const work = async (): Promise<void> => {
    const buffer = Buffer.allocUnsafeSlow(layout.pieceLength);
    for (const index of indexes) {
      if (signal.aborted) return;
      const isGood = await isGoodOnDisk(options, index as PieceIndex, buffer);
      if (signal.aborted) return;
      options.handleResult(index as PieceIndex, isGood);
    }
  };
  await Promise.all(Array.from({ length: workers }, work));
}

/**
 * Whether one piece is on disk and right.
 * @param buffer - where to read to, a piece long; fresh memory when left out
 * @throws StoreError when the disk fails
 */
export async function isGoodOnDisk(
  options: Pick<CheckOptions, 'store' | 'layout' | 'pieceHashes'>,
  pieceIndex: PieceIndex,
  buffer?: Uint8Array,
): Promise<boolean> {
  const length = options.layout.lengthOf(pieceIndex);
  try {
    const bytes = await options.store.get(pieceIndex, 0, length, buffer);
    return equalBytes(await sha1(bytes), expectedHash(options.pieceHashes, pieceIndex));
  } catch (error) {
    if (error instanceof StoreError && error.code === 'missing') return false;
    throw error;
  }
}
