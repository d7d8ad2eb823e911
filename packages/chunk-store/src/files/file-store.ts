/** Chunks laid end to end into the torrent's own files. */
import { allSettled } from '../all-settled.ts';
import { ChunkBounds } from '../chunk-bounds.ts';
import type { ChunkStore, FileMark, StoredFile } from '../chunk-store.ts';
import { inBatches } from './batches.ts';
import { DiskFile, type DiskFileOptions } from './disk-file.ts';
import { eraseFiles } from './erase-files.ts';
import { FileMap, type Span } from './file-map.ts';
import { markOf, NOT_THERE } from './file-mark.ts';
import { type FileSystem, nodeFileSystem } from './file-system.ts';
import { HandlePool } from './handle-pool.ts';
import { syncFolders } from './sync-folders.ts';

/** Open files of one store when no pool is shared: far below the usual 1024 of a process. */
const OPEN_FILES_LIMIT = 64;

export interface FileStoreOptions {
  /** The folder all files lie below; made when first written to. */
  readonly root: string;
  /** In the order of the info dict; their lengths add up to the torrent's. */
  readonly files: readonly StoredFile[];
  /** Bytes of every chunk but the last: the piece length. */
  readonly chunkLength: number;
  /** Open files at most, default 64; without meaning when `handles` is given. */
  readonly maxOpenFiles?: number;
  /** Handles shared with other stores, so that one limit holds for all. */
  readonly handles?: HandlePool;
  /** The system calls; the system's own when left out. */
  readonly system?: FileSystem;
}

/**
 * Files are sparse and opened when first touched, for reading alone until something is put. Pad
 * files and empty files are never opened; reading a pad gives zeros. A range of a file that was
 * never put but lies before one that was reads as zeros: only the caller knows what it verified.
 *
 * Nothing is read or written through a symbolic link below the root (`unsafe-path`).
 */
export class FileStore implements ChunkStore {
  readonly chunkLength: number;
  readonly totalLength: number;
  readonly #bounds: ChunkBounds;
  readonly #map: FileMap;
  readonly #root: string;
  readonly #shared: DiskFileOptions;
  /** Those that were touched, by index: a torrent may have a hundred thousand. */
  readonly #files = new Map<number, DiskFile>();

  /** @throws StoreError `unsafe-path` when a path could leave the root or comes twice */
  constructor(options: FileStoreOptions) {
    const system = options.system ?? nodeFileSystem;
    this.#root = options.root;
    this.#map = new FileMap(options.files);
    this.chunkLength = options.chunkLength;
    this.totalLength = this.#map.totalLength;
    this.#bounds = new ChunkBounds(this.totalLength, this.chunkLength);
    this.#shared = {
      system,
      handles: options.handles ?? new HandlePool(system, options.maxOpenFiles ?? OPEN_FILES_LIMIT),
      changedFolders: new Set(),
    };
  }

  async put(index: number, bytes: Uint8Array): Promise<void> {
    const { layout } = this.#bounds;
    const known = this.#bounds.whole(index, bytes.length);
    await this.#eachSpan(layout.offsetOf(known), bytes, (file, part, position) =>
      file.write(position, part),
    );
  }

  async get(index: number, begin: number, length: number, into?: Uint8Array): Promise<Uint8Array> {
    const known = this.#bounds.part(index, begin, length);
    const bytes = into?.subarray(0, length) ?? new Uint8Array(length);
    await this.#eachSpan(
      this.#bounds.layout.offsetOf(known) + begin,
      bytes,
      (file, part, position) => file.read(position, part),
    );
    return bytes;
  }

  async sync(): Promise<void> {
    for (const file of [...this.#files.values()]) await file.sync();
    await syncFolders(this.#shared.system, this.#shared.changedFolders);
  }

  async marks(index?: number): Promise<FileMark[]> {
    if (index === undefined)
      return inBatches(this.#map.files.length, (fileIndex) => this.#mark(fileIndex));
    const { layout } = this.#bounds;
    const known = this.#bounds.part(index, 0, 1);
    const spans = this.#map.spans(layout.offsetOf(known), layout.lengthOf(known));
    return Promise.all(spans.map(({ fileIndex }) => this.#mark(fileIndex)));
  }

  /** Also cuts files it wrote to that were longer before. */
  async finish(): Promise<void> {
    for (const [fileIndex, { length, isPad }] of this.#map.files.entries())
      if (length === 0 && !isPad) await this.#file(fileIndex).create();
    for (const [fileIndex, file] of [...this.#files])
      await file.cutTo(this.#map.files[fileIndex]!.length);
  }

  async erase(): Promise<void> {
    await this.close();
    this.#files.clear();
    const stored = this.#map.files.filter(({ isPad }) => !isPad);
    await eraseFiles(
      this.#shared.system,
      this.#root,
      stored.map(({ path }) => path),
    );
  }

  async close(): Promise<void> {
    for (const [fileIndex, file] of [...this.#files]) {
      await file.close();
      if (!file.isChanged) this.#files.delete(fileIndex);
    }
  }

  async #mark(fileIndex: number): Promise<FileMark> {
    const { path, isPad } = this.#map.files[fileIndex]!;
    return isPad ? NOT_THERE : markOf(this.#shared.system, { root: this.#root, path });
  }

  #file(fileIndex: number): DiskFile {
    let file = this.#files.get(fileIndex);
    if (file === undefined) {
      const { path } = this.#map.files[fileIndex]!;
      file = new DiskFile({ root: this.#root, path }, this.#shared);
      this.#files.set(fileIndex, file);
    }
    return file;
  }

  /** All parts of a range at once; ends when every part has ended, so that the bytes are free again. */
  async #eachSpan(
    offset: number,
    bytes: Uint8Array,
    run: (file: DiskFile, part: Uint8Array, position: number) => Promise<void>,
  ): Promise<void> {
    const runSpan = ({ fileIndex, position, at, length }: Span): Promise<void> =>
      run(this.#file(fileIndex), bytes.subarray(at, at + length), position);
    const spans = this.#map.spans(offset, bytes.length);
    if (spans.length === 1) await runSpan(spans[0]!);
    else await allSettled(spans.map(runSpan));
  }
}
