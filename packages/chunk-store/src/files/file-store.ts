/** Chunks laid end to end into the torrent's own files. */
import { allSettled } from '../all-settled.ts';
import { ChunkBounds } from '../chunk-bounds.ts';
import type { ChunkStore, FileMark, StoredFile } from '../chunk-store.ts';
import { SharedLock } from '../shared-lock.ts';
import { Apart } from './apart/apart.ts';
import { inBatches } from './batches.ts';
import { DiskFile, type DiskFileOptions } from './disk-file.ts';
import { hasHandlePaths } from './disk-folder.ts';
import { DiskFolders } from './disk-folders.ts';
import { eraseFiles } from './erase-files.ts';
import { FileMap, type Span } from './file-map.ts';
import { markOf, NOT_THERE } from './file-mark.ts';
import { type FileSystem, nodeFileSystem } from './file-system.ts';
import { HandlePool } from './handle-pool.ts';
import { syncEach } from './sync-adopted.ts';
import { syncFolders } from './sync-folders.ts';
import { syncInTurn } from './sync-in-turn.ts';

/** Open files of one store when no pool is shared: far below the usual 1024 of a process. */
const OPEN_FILES_LIMIT = 64;

export interface FileStoreOptions {
  /** The folder all files lie below; made when first written to. */
  readonly root: string;
  /** In the order of the info dict; their lengths add up to the torrent's. */
  readonly files: readonly StoredFile[];
  /** Bytes of every chunk but the last: the piece length. */
  readonly chunkLength: number;
  /**
   * Name of the part file, in the root: there go the bytes of files that are not selected. Without
   * one every file gets its bytes, selected or not.
   */
  readonly partFile?: string;
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
 *
 * With a part file, no file is made before it is selected: `apart/` knows where its bytes are.
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
  readonly #apart: Apart | undefined;
  /** Bytes of files change their place while nothing else is under way. */
  readonly #lock = new SharedLock();
  /** A selection that waits for its turn. */
  #selecting: Promise<void> | undefined;
  #isFinished = false;

  /** @throws StoreError `unsafe-path` when a path could leave the root or comes twice */
  constructor(options: FileStoreOptions) {
    const system = options.system ?? nodeFileSystem;
    this.#root = options.root;
    this.#map = new FileMap(options.files, options.partFile);
    this.chunkLength = options.chunkLength;
    this.totalLength = this.#map.totalLength;
    this.#bounds = new ChunkBounds(this.totalLength, this.chunkLength);
    const handles =
      options.handles ?? new HandlePool(system, options.maxOpenFiles ?? OPEN_FILES_LIMIT);
    const changedFolders = new Set<string>();
    this.#shared = { system, handles, changedFolders };
    if (hasHandlePaths(system)) {
      const options = { system, handles: handles.folders, changedFolders };
      this.#shared = { ...this.#shared, folders: new DiskFolders(this.#root, options) };
    }
    this.#apart = options.partFile === undefined ? undefined : this.#makeApart(options.partFile);
  }

  async put(index: number, bytes: Uint8Array): Promise<void> {
    const known = this.#bounds.whole(index, bytes.length);
    const spans = this.#map.spans(this.#bounds.layout.offsetOf(known), bytes.length);
    await this.#beside(() =>
      eachSpan(spans, bytes, (span, part) =>
        this.#apart?.has(span.fileIndex)
          ? this.#apart.part.write(index, span.fileIndex, span.at, part)
          : this.#file(span.fileIndex).write(span.position, part),
      ),
    );
  }

  async get(index: number, begin: number, length: number, into?: Uint8Array): Promise<Uint8Array> {
    const known = this.#bounds.part(index, begin, length);
    const offset = this.#bounds.layout.offsetOf(known) + begin;
    const spans = this.#map.spans(offset, length);
    const bytes = into?.subarray(0, length) ?? new Uint8Array(length);
    clearBetween(spans, bytes);
    await this.#beside(() =>
      eachSpan(spans, bytes, (span, part) =>
        this.#apart?.has(span.fileIndex)
          ? this.#apart.part.read(index, begin + span.at, part)
          : this.#file(span.fileIndex).read(span.position, part),
      ),
    );
    return bytes;
  }

  async select(isSelected: (fileIndex: number) => boolean): Promise<void> {
    const apart = this.#apart;
    if (apart === undefined) return;
    apart.select(isSelected);
    this.#selecting ??= this.#lock.alone(async () => {
      this.#selecting = undefined;
      await apart.apply();
      if (this.#isFinished) await this.#createEmpty();
    });
    await this.#selecting;
  }

  adopt(index: number): void {
    const { layout } = this.#bounds;
    const known = this.#bounds.part(index, 0, 1);
    for (const { fileIndex } of this.#map.spans(layout.offsetOf(known), layout.lengthOf(known)))
      if (this.#apart?.has(fileIndex)) this.#apart.part.adopt();
      else this.#file(fileIndex).adopt();
  }

  sync(): Promise<void> {
    return this.#beside(async () => {
      const { system, changedFolders, folders } = this.#shared;
      await syncInTurn([
        ...Array.from(this.#files.values(), (file) => () => file.sync()),
        () => syncEach(this.#files.values(), (file) => file.syncAdopted()),
        async () => this.#apart?.part.sync(),
        () => syncFolders(system, changedFolders),
      ]);
      await folders?.close();
    });
  }

  marks(): Promise<FileMark[]> {
    return this.#beside(async () => {
      const apartMark = await this.#apart?.mark();
      return inBatches(this.#map.files.length, (fileIndex) => this.#mark(fileIndex, apartMark));
    });
  }

  marksOf(index: number): Promise<ReadonlyMap<number, FileMark>> {
    const { layout } = this.#bounds;
    const known = this.#bounds.part(index, 0, 1);
    const spans = this.#map.spans(layout.offsetOf(known), layout.lengthOf(known));
    return this.#beside(async () => {
      const apartMark = await this.#apart?.mark();
      const marks = await inBatches(spans.length, (n) =>
        this.#mark(spans[n]!.fileIndex, apartMark),
      );
      return new Map(marks.map((mark, n) => [spans[n]!.fileIndex, mark]));
    });
  }

  /** Also cuts files it wrote to that were longer before. */
  async finish(): Promise<void> {
    const apart = this.#apart;
    if (apart?.isBehind) await this.#lock.alone(() => apart.apply());
    await this.#beside(async () => {
      this.#isFinished = true;
      await this.#createEmpty();
      for (const [fileIndex, file] of [...this.#files])
        await file.cutTo(this.#map.files[fileIndex]!.length);
    });
  }

  erase(): Promise<void> {
    return this.#lock.alone(async () => {
      await this.#closeAll();
      this.#files.clear();
      this.#isFinished = false;
      const stored = this.#map.files.filter(({ isPad }) => !isPad);
      const paths = stored.map(({ path }) => path);
      await eraseFiles(this.#shared.system, this.#root, paths);
      await this.#apart?.erase();
    });
  }

  close(): Promise<void> {
    return this.#lock.alone(() => this.#closeAll());
  }

  async #createEmpty(): Promise<void> {
    for (const [fileIndex, { length, isPad }] of this.#map.files.entries())
      if (length === 0 && !isPad && (this.#apart?.isSelected(fileIndex) ?? true))
        await this.#file(fileIndex).create();
  }

  async #closeAll(): Promise<void> {
    for (const [fileIndex, file] of [...this.#files]) {
      await file.close();
      if (!file.isChanged) this.#files.delete(fileIndex);
    }
    await this.#apart?.part.close();
    this.#apart?.unload();
    await this.#shared.folders?.close();
  }

  /** Runs beside others, when it is known what is apart. */
  async #beside<T>(run: () => Promise<T>): Promise<T> {
    return this.#lock.shared(async () => {
      if (this.#apart?.isLoaded === false) await this.#apart.load();
      return run();
    });
  }

  async #mark(fileIndex: number, apartMark: FileMark | undefined): Promise<FileMark> {
    const { path, isPad } = this.#map.files[fileIndex]!;
    if (isPad) return NOT_THERE;
    if (apartMark !== undefined && this.#apart!.part.files.has(fileIndex)) return apartMark;
    return markOf(this.#shared.system, { root: this.#root, path });
  }

  #makeApart(name: string): Apart {
    return new Apart({
      root: this.#root,
      name,
      map: this.#map,
      layout: this.#bounds.layout,
      disk: this.#shared,
      file: (fileIndex) => this.#file(fileIndex),
    });
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
}

/** All parts of a range at once; ends when every part has ended, so that the bytes are free again. */
async function eachSpan(
  spans: readonly Span[],
  bytes: Uint8Array,
  run: (span: Span, part: Uint8Array) => Promise<void>,
): Promise<void> {
  const runSpan = (span: Span): Promise<void> =>
    run(span, bytes.subarray(span.at, span.at + span.length));
  if (spans.length === 1) await runSpan(spans[0]!);
  else await allSettled(spans.map(runSpan));
}

/** What no span covers is padding: zeros, whatever was in this memory before. */
function clearBetween(spans: readonly Span[], bytes: Uint8Array): void {
  let end = 0;
  for (const { at, length } of spans) {
    bytes.fill(0, end, at);
    end = at + length;
  }
  bytes.fill(0, end);
}
