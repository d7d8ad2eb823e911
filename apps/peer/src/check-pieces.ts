/** Every piece of a torrent read from a store and compared with its hash. */
import { webcrypto } from 'node:crypto';
import { type ChunkStore, StoreError } from '@shoal/chunk-store';
import type { Info } from '@shoal/metainfo';
import { equalBytes } from '@shoal/units';

/** Bytes read and not yet hashed at once: enough for both a disk and the pool to be busy. */
const READ_AHEAD_LENGTH = 16 * 1024 * 1024;

/** Piece indexes, ascending. */
export interface PieceCheck {
  readonly good: readonly number[];
  /** There, with other bytes. */
  readonly bad: readonly number[];
  /** Not there, or not whole. */
  readonly missing: readonly number[];
}

type Verdict = keyof PieceCheck;

/**
 * Hashes all pieces, a few at a time; SHA-1 runs on the pool of threads.
 * @param onProgress - bytes that have been dealt with, after each piece
 * @throws StoreError for anything but `missing`; the signal's reason when it is aborted
 */
export async function checkPieces(
  { layout, pieceHashes }: Pick<Info, 'layout' | 'pieceHashes'>,
  store: ChunkStore,
  options: { readonly signal: AbortSignal; readonly onProgress: (doneLength: number) => void },
): Promise<PieceCheck> {
  const verdicts: Verdict[] = [];
  let next = 0;
  let doneLength = 0;

  async function checkNext(): Promise<void> {
    for (let index = layout.pieceIndex(next++); index !== undefined; ) {
      options.signal.throwIfAborted();
      const length = layout.lengthOf(index);
      const bytes = await readPiece(store, index, length);
      verdicts[index] = 'missing';
      if (bytes !== undefined) {
        const hash = new Uint8Array(await webcrypto.subtle.digest('SHA-1', bytes));
        const wanted = pieceHashes.subarray(index * 20, index * 20 + 20);
        verdicts[index] = equalBytes(hash, wanted) ? 'good' : 'bad';
      }
      doneLength += length;
      options.onProgress(doneLength);
      index = layout.pieceIndex(next++);
    }
  }

  const workers = Math.min(8, Math.max(2, Math.floor(READ_AHEAD_LENGTH / layout.pieceLength)));
  await Promise.all(Array.from({ length: workers }, checkNext));
  const withVerdict = (wanted: Verdict): number[] =>
    verdicts.flatMap((verdict, index) => (verdict === wanted ? [index] : []));
  return { good: withVerdict('good'), bad: withVerdict('bad'), missing: withVerdict('missing') };
}

async function readPiece(
  store: ChunkStore,
  index: number,
  length: number,
): Promise<Uint8Array<ArrayBuffer> | undefined> {
  try {
    return (await store.get(index, 0, length)) as Uint8Array<ArrayBuffer>;
  } catch (error) {
    if (error instanceof StoreError && error.code === 'missing') return undefined;
    throw error;
  }
}
