/** Hashes the pieces of files that lie end to end, on every core. */
import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { MetainfoError } from '../metainfo-error.ts';
import { type HashJob, type HashReport, hashWorker } from './hash-worker.ts';
import type { SourceFile } from './scan.ts';
import { unreadable } from './unreadable.ts';

const HASH_LENGTH = 20;
/** What a thread takes at a time: long enough to read in a row, short enough to share out evenly. */
const SPAN_LENGTH = 4 * 1024 * 1024;
/** Below this, another thread takes longer to start than it saves. */
const LENGTH_PER_THREAD = 32 * 1024 * 1024;
const MAX_THREADS = 8;

/** Bytes hashed so far, of how many. */
export interface CreateProgress {
  readonly hashedLength: number;
  readonly totalLength: number;
}

/** What `hashPieces` is told besides the files. */
export interface HashOptions {
  readonly pieceLength: number;
  readonly onProgress: ((progress: CreateProgress) => void) | undefined;
  readonly signal: AbortSignal | undefined;
}

/**
 * SHA-1 of every piece of the files end to end. Nothing is kept in memory but the hashes and 1 MiB
 * a thread, however long the pieces; the caller's thread stays free.
 *
 * @returns 20 bytes a piece
 * @throws MetainfoError `unreadable`, `file-changed` when a file is shorter than it was; the
 * signal's reason when it aborts
 */
export async function hashPieces(
  files: readonly SourceFile[],
  { pieceLength, onProgress, signal }: HashOptions,
): Promise<Uint8Array> {
  const totalLength = files.reduce((sum, file) => sum + file.length, 0);
  const job: HashJob = {
    files: files.map(({ path, length }) => ({ path, length })),
    totalLength,
    pieceLength,
    spanPieces: Math.ceil(SPAN_LENGTH / pieceLength),
    nextPiece: new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT),
    hashes: new SharedArrayBuffer(Math.ceil(totalLength / pieceLength) * HASH_LENGTH),
  };
  let hashedLength = 0;
  const advance = (length: number): void => {
    hashedLength += length;
    onProgress?.({ hashedLength, totalLength });
  };
  const workers = Array.from(
    { length: threadCount(totalLength) },
    () => new Worker(`(${hashWorker})()`, { eval: true, execArgv: [], workerData: job }),
  );
  try {
    await Promise.all(workers.map((worker) => finished(worker, advance, signal)));
  } finally {
    await Promise.all(workers.map((worker) => worker.terminate()));
  }
  return new Uint8Array(job.hashes).slice();
}

function threadCount(totalLength: number): number {
  const useful = Math.ceil(totalLength / LENGTH_PER_THREAD);
  return Math.max(1, Math.min(useful, availableParallelism(), MAX_THREADS));
}

/** Resolves when the worker has ended in order. */
function finished(
  worker: Worker,
  advance: (length: number) => void,
  signal: AbortSignal | undefined,
): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const abort = (): void => reject(signal!.reason);
  signal?.addEventListener('abort', abort);
  if (signal?.aborted) abort();
  worker.on('message', (report: HashReport) => {
    if ('hashedLength' in report) advance(report.hashedLength);
    else reject(hashFault(report));
  });
  worker.on('error', reject);
  worker.on('exit', () => resolve());
  return promise.finally(() => signal?.removeEventListener('abort', abort));
}

function hashFault({ path, errno }: { path: string; errno: number | undefined }): unknown {
  if (errno !== undefined) return unreadable(path, Object.assign(new Error(path), { errno }));
  return new MetainfoError(
    'file-changed',
    `cannot hash ${path}: it became shorter while it was read`,
  );
}
