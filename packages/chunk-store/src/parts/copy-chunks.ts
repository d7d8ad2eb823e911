/** Chunks from one store to another, hashed on the way. */
import { PieceLayout } from '@shoal/units';
import { allSettled } from '../all-settled.ts';
import type { ChunkStore } from '../chunk-store.ts';
import { isMissing } from '../files/system-error.ts';

/** Bytes of chunks in memory at once: enough for disk and cores to be busy. */
const UNDER_WAY_LENGTH = 16 * 1024 * 1024;
/** But so many chunks at least: one read, one hashed, one written. */
const MIN_LANE_COUNT = 3;
const MAX_LANE_COUNT = 8;

/** Lengths in bytes. */
export interface CopyProgress {
  readonly doneLength: number;
  readonly totalLength: number;
}

export interface CopyOptions {
  /** Which chunks, ascending; all when left out. */
  readonly indexes?: readonly number[];
  /** Says of a chunk's SHA-1 (20 bytes) whether the chunk may be copied. */
  readonly accept: (index: number, sha1: Uint8Array) => boolean;
  /** Called after each chunk. */
  readonly onProgress?: ((progress: CopyProgress) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** What was not copied, ascending. */
export interface CopyResult {
  /** Not in the first store. */
  readonly missing: readonly number[];
  /** Not accepted. */
  readonly damaged: readonly number[];
}

/**
 * Copies chunks between stores of the same lengths, several at a time, in no fixed order; a target that
 * puts nothing makes it a check of the first. Nothing is under way any more when it ends, however it ends.
 * @throws StoreError of either store, but not `missing` of the first; the signal's reason
 */
export async function copyChunks(
  from: ChunkStore,
  to: Pick<ChunkStore, 'put'>,
  options: CopyOptions,
): Promise<CopyResult> {
  const { accept, onProgress, signal } = options;
  const layout = new PieceLayout(from.totalLength, from.chunkLength);
  const indexes = options.indexes ?? [...Array(layout.pieceCount).keys()];
  const lengthOf = (index: number): number => layout.lengthOf(layout.pieceIndex(index)!);
  const totalLength = indexes.reduce((sum, index) => sum + lengthOf(index), 0);
  const missing: number[] = [];
  const damaged: number[] = [];
  let doneLength = 0;

  const copy = async (index: number): Promise<void> => {
    const bytes = await getOrNothing(from, index, lengthOf(index));
    if (bytes === undefined) missing.push(index);
    else if (!accept(index, await sha1Of(bytes))) damaged.push(index);
    else await to.put(index, bytes);
    doneLength += lengthOf(index);
    onProgress?.({ doneLength, totalLength });
  };

  const waiting = [...indexes].reverse();
  const runLane = async (): Promise<void> => {
    try {
      for (let index = waiting.pop(); index !== undefined; index = waiting.pop()) {
        signal?.throwIfAborted();
        await copy(index);
      }
    } catch (error) {
      waiting.length = 0;
      throw error;
    }
  };
  const fitting = Math.floor(UNDER_WAY_LENGTH / from.chunkLength);
  const laneCount = Math.min(MAX_LANE_COUNT, Math.max(MIN_LANE_COUNT, fitting));
  await allSettled(Array.from({ length: laneCount }, runLane));
  return { missing: missing.sort(ascending), damaged: damaged.sort(ascending) };
}

async function getOrNothing(
  store: ChunkStore,
  index: number,
  length: number,
): Promise<Uint8Array | undefined> {
  try {
    return await store.get(index, 0, length);
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

/** On libuv's threads, so that a screen goes on meanwhile. */
async function sha1Of(bytes: Uint8Array): Promise<Uint8Array> {
  return new Uint8Array(await crypto.subtle.digest('SHA-1', bytes as Uint8Array<ArrayBuffer>));
}

function ascending(a: number, b: number): number {
  return a - b;
}
