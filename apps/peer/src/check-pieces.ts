/** Every piece of a torrent read from a store and compared with its hash. */
import { type ChunkStore, type CopyOptions, copyChunks } from '@shoal/chunk-store';
import type { Info } from '@shoal/metainfo';
import { equalBytes } from '@shoal/units';

/** Piece indexes, ascending. */
export interface PieceCheck {
  readonly good: readonly number[];
  /** There, with other bytes. */
  readonly bad: readonly number[];
  /** Not there, or not whole. */
  readonly missing: readonly number[];
}

/**
 * Hashes all pieces, a few at a time.
 * @param options - progress is told after each piece
 * @throws StoreError for anything but `missing`; the signal's reason when it is aborted
 */
export async function checkPieces(
  { pieceHashes }: Pick<Info, 'pieceHashes'>,
  store: ChunkStore,
  options: Pick<CopyOptions, 'signal' | 'onProgress'>,
): Promise<PieceCheck> {
  const good: number[] = [];
  const accept = (index: number, sha1: Uint8Array): boolean =>
    equalBytes(sha1, pieceHashes.subarray(index * 20, index * 20 + 20));
  const put = async (index: number): Promise<void> => void good.push(index);
  const { damaged, missing } = await copyChunks(store, { put }, { ...options, accept });
  return { good: good.sort((a, b) => a - b), bad: damaged, missing };
}
