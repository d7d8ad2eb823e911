/** The contract of every chunk store: where the verified pieces of one torrent live. */

/** One file of the torrent, in the order of the info dict. Lengths and offsets in bytes. */
export interface StoredFile {
  /** Path components below the root, already made safe (`@shoal/metainfo`); checked again here. */
  readonly path: readonly string[];
  readonly length: number;
  /** A pad file (BEP 47): its bytes are zeros and are not stored. */
  readonly isPad: boolean;
}

/** What lies on disk for one file now: how the resume state tells that nothing changed since. */
export interface FileMark {
  /** Bytes on disk; 0 when the file is missing. */
  readonly length: number;
  /** Time of last change in milliseconds since 1970; 0 when the file is missing. Programs may set it. */
  readonly mtimeMs: number;
  /** The same, of the file or of what the system keeps about it, which no program sets; where it is known. */
  readonly ctimeMs?: number;
  /** Its bytes, as far as any are here, lie in a part file: that is the one whose mark this is. */
  readonly isApart?: boolean;
}

/**
 * Chunks of one torrent by index. The chunk length is the torrent's piece length, so a chunk index
 * is a piece index. Callers verify before they put: a store never hashes.
 *
 * Every method may be called at any time and in any number at once; the store orders what must be
 * ordered. Errors are `StoreError` with a code from `StoreErrorCode`; `disk-full` leaves everything
 * that was put before readable.
 */
export interface ChunkStore {
  /** Bytes of every chunk but the last. */
  readonly chunkLength: number;
  readonly totalLength: number;

  /**
   * Stores one whole chunk. The bytes belong to the store until the promise settles: do not change them.
   * @throws StoreError `bad-chunk` when the index or the length does not fit
   */
  put(index: number, bytes: Uint8Array): Promise<void>;

  /**
   * Reads `length` bytes (at least 1) at `begin` of a chunk.
   *
   * A store that lays chunks end to end cannot tell a gap before a later chunk from zeros: only
   * the caller knows which chunks it verified.
   * @param into - where to read to, at least `length` bytes; fresh memory when left out
   * @returns exactly `length` bytes: the beginning of `into`, or their own
   * @throws StoreError `missing` when nothing lies there; `bad-chunk` when there is no such range
   */
  get(index: number, begin: number, length: number, into?: Uint8Array): Promise<Uint8Array>;

  /**
   * Says which files are wanted, by index; all are until then. `isSelected` is asked again whenever
   * that matters. A store of files makes no other ones: what comes for them in chunks that they share
   * is kept elsewhere, and moves into the file when it is selected. Whatever is selected, chunks that
   * were put stay readable; so they do when this fails, and `finish` tries again then.
   */
  select(isSelected: (fileIndex: number) => boolean): Promise<void>;

  /**
   * A chunk was found good where it lies though it was not put: the next sync makes it durable, too. A
   * former process may have written it, and ended before the system had it on disk.
   */
  adopt(index: number): void;

  /**
   * Makes durable what was put or adopted before the call (fsync): only then may a state file claim it.
   *
   * When it fails, what was put since the last one that succeeded may be lost, also when the next one
   * succeeds and it can be read: systems drop what they could not write. It is to be put again.
   */
  sync(): Promise<void>;

  /**
   * What lies there now: a mark for each file in order (pad files too, so that indexes agree), for
   * each chunk in a chunk folder, one for all in memory. Equal marks: nothing was changed.
   */
  marks(): Promise<FileMark[]>;

  /** Those of the files that a chunk lies in, by their places in `marks()`. */
  marksOf(index: number): Promise<ReadonlyMap<number, FileMark>>;

  /**
   * Creates what the selected files have but no chunk brings: empty files and their folders; from
   * then on also those of files that are selected later. Idempotent.
   */
  finish(): Promise<void>;

  /**
   * Deletes all that the store holds, and folders that are empty with that: its own files alone,
   * never through a symbolic link. To be called when nothing is under way. Idempotent.
   */
  erase(): Promise<void>;

  /** Frees handles; waits for what is under way. Idempotent; a closed store may be used again (it reopens). */
  close(): Promise<void>;
}

/** What went wrong, as a closed set; callers switch on it. */
export type StoreErrorCode =
  | 'bad-chunk' // our own fault: index or length does not fit
  | 'missing' // nothing stored there
  | 'disk-full' // ENOSPC, EDQUOT
  | 'no-permission' // EACCES, EPERM, EROFS
  | 'unsafe-path' // a symbolic link, a parent outside the root, a directory in a file's place
  | 'too-many-files' // EMFILE, ENFILE
  | 'exists' // something lies where a merged file would go
  | 'not-a-file' // a folder or a device where a file is to be cut
  | 'too-many-chunks' // a file would be cut into more than MAX_CHUNK_COUNT
  | 'bad-manifest' // a chunk folder does not say, or not rightly, what its chunks are
  | 'io'; // any other error of the system, in `cause`

/** Every error a store throws. `path` names the file, below the root, when one is to blame. */
export class StoreError extends Error {
  override readonly name = 'StoreError';
  readonly code: StoreErrorCode;
  readonly path: string | undefined;

  constructor(code: StoreErrorCode, message: string, details?: { path?: string; cause?: unknown }) {
    super(message, details?.cause === undefined ? undefined : { cause: details.cause });
    this.code = code;
    this.path = details?.path;
  }
}
