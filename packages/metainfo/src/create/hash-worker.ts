/** The thread that hashes pieces. */

/** What the threads of one torrent share. All lengths in bytes. */
export interface HashJob {
  readonly files: readonly { readonly path: string; readonly length: number }[];
  readonly totalLength: number;
  readonly pieceLength: number;
  /** Pieces that a thread takes at a time. */
  readonly spanPieces: number;
  /** One i32: the next piece that no thread has taken. */
  readonly nextPiece: SharedArrayBuffer;
  /** 20 bytes a piece: the result. */
  readonly hashes: SharedArrayBuffer;
}

/** What a thread says after each span, or once when it must give up. */
export type HashReport =
  | { readonly hashedLength: number }
  | { readonly path: string; readonly errno: number | undefined };

/**
 * Runs in a worker: takes spans of pieces until none is left, reads them and writes their SHA-1.
 *
 * Its source is handed to the worker as text, because a file of its own would be lost when an app
 * is bundled into one file: it may use nothing from outside its braces.
 */
export function hashWorker(): void {
  const { parentPort, workerData } = process.getBuiltinModule('node:worker_threads');
  const { closeSync, openSync, readSync } = process.getBuiltinModule('node:fs');
  const { createHash } = process.getBuiltinModule('node:crypto');
  const job = workerData as HashJob;
  const HASH_LENGTH = 20;
  const READ_LENGTH = 1024 * 1024;
  const next = new Int32Array(job.nextPiece);
  const hashes = new Uint8Array(job.hashes);
  const buffer = new Uint8Array(Math.min(READ_LENGTH, job.pieceLength));
  const pieceCount = Math.ceil(job.totalLength / job.pieceLength);
  /** The file that holds the next byte, where it begins in the torrent, and its descriptor. */
  let [fileIndex, fileOffset, descriptor] = [0, 0, -1];

  function enterFileAt(offset: number): void {
    const wasIndex = fileIndex;
    // Spans rise, and so does the place: no way back is needed.
    while (offset >= fileOffset + job.files[fileIndex]!.length)
      fileOffset += job.files[fileIndex++]!.length;
    if (fileIndex !== wasIndex && descriptor >= 0) {
      closeSync(descriptor);
      descriptor = -1;
    }
    if (descriptor < 0) descriptor = openSync(job.files[fileIndex]!.path, 'r');
  }

  function hashPiece(index: number): number {
    const start = index * job.pieceLength;
    const end = Math.min(start + job.pieceLength, job.totalLength);
    const hash = createHash('sha1');
    for (let at = start; at < end; ) {
      enterFileAt(at);
      const fileEnd = fileOffset + job.files[fileIndex]!.length;
      const wanted = Math.min(buffer.length, end - at, fileEnd - at);
      const length = readSync(descriptor, buffer, 0, wanted, at - fileOffset);
      if (length === 0) throw new Error('the file has become shorter');
      hash.update(buffer.subarray(0, length));
      at += length;
    }
    hashes.set(hash.digest(), index * HASH_LENGTH);
    return end - start;
  }

  function report(message: HashReport): void {
    parentPort!.postMessage(message);
  }

  try {
    for (;;) {
      const first = Atomics.add(next, 0, job.spanPieces);
      if (first >= pieceCount) break;
      let hashedLength = 0;
      for (let index = first; index < Math.min(first + job.spanPieces, pieceCount); index++)
        hashedLength += hashPiece(index);
      report({ hashedLength });
    }
    if (descriptor >= 0) closeSync(descriptor);
  } catch (error) {
    const { errno } = error as NodeJS.ErrnoException;
    report({ path: job.files[fileIndex]!.path, errno });
  }
}
