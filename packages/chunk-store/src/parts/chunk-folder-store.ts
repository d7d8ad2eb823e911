/** Each chunk a file of its own, in one folder. */
import { ChunkBounds } from '../chunk-bounds.ts';
import { type ChunkStore, type FileMark, StoreError } from '../chunk-store.ts';
import { inBatches } from '../files/batches.ts';
import { eraseFiles } from '../files/erase-files.ts';
import { isSafeName } from '../files/file-map.ts';
import { markOf } from '../files/file-mark.ts';
import { type FileSystem, nodeFileSystem } from '../files/file-system.ts';
import { HandlePool } from '../files/handle-pool.ts';
import { syncAdopted, syncEach } from '../files/sync-adopted.ts';
import { syncFolders } from '../files/sync-folders.ts';
import { syncInTurn } from '../files/sync-in-turn.ts';
import { isMissing } from '../files/system-error.ts';
import { type PartFolder, readPart, syncPart, writePart } from './chunk-file.ts';
import { partName } from './part-name.ts';

/** Parts written or read at once when no pool is shared. */
const OPEN_PARTS_LIMIT = 16;

export interface ChunkFolderStoreOptions {
  /** The folder of the parts; made when first written to. */
  readonly root: string;
  /** One safe file name: the torrent's. */
  readonly name: string;
  readonly chunkLength: number;
  readonly totalLength: number;
  /** Handles shared with other stores. */
  readonly handles?: HandlePool;
  /** The system calls; the system's own when left out. */
  readonly system?: FileSystem;
}

/**
 * `NAME.part0001`, `NAME.part0002` … A part is written as `.tmp` and renamed, so it is whole or
 * absent; one of another length counts as `missing`. No handle stays open.
 */
export class ChunkFolderStore implements ChunkStore {
  readonly chunkLength: number;
  readonly totalLength: number;
  readonly #name: string;
  readonly #bounds: ChunkBounds;
  readonly #folder: PartFolder;
  /** The last put of each chunk under way: a second put of the chunk comes after it. */
  readonly #puts = new Map<number, Promise<void>>();
  /** Put but not synced. */
  readonly #dirty = new Set<number>();
  /** Found, and not synced. */
  readonly #adopted = new Set<number>();

  /** @throws StoreError `unsafe-path` when the name is no plain file name */
  constructor(options: ChunkFolderStoreOptions) {
    const { root, name, chunkLength, totalLength } = options;
    if (!isSafeName(name))
      throw new StoreError('unsafe-path', `unsafe name ${JSON.stringify(name)}`, { path: name });
    this.chunkLength = chunkLength;
    this.totalLength = totalLength;
    this.#name = name;
    this.#bounds = new ChunkBounds(totalLength, chunkLength);
    const system = options.system ?? nodeFileSystem;
    const handles = options.handles ?? new HandlePool(system, OPEN_PARTS_LIMIT);
    this.#folder = { root, system, handles, changedFolders: new Set() };
  }

  async put(index: number, bytes: Uint8Array): Promise<void> {
    this.#bounds.whole(index, bytes.length);
    const before = this.#puts.get(index) ?? Promise.resolve();
    const put = before.catch(() => undefined).then(() => this.#write(index, bytes));
    this.#puts.set(index, put);
    try {
      await put;
    } finally {
      if (this.#puts.get(index) === put) this.#puts.delete(index);
    }
  }

  async get(index: number, begin: number, length: number, into?: Uint8Array): Promise<Uint8Array> {
    const known = this.#bounds.part(index, begin, length);
    const bytes = into?.subarray(0, length) ?? new Uint8Array(length);
    const partLength = this.#bounds.layout.lengthOf(known);
    await readPart(this.#folder, this.#partName(index), partLength, begin, bytes);
    return bytes;
  }

  /** Chunks are kept whole, whatever files they have a share in. */
  async select(): Promise<void> {}

  adopt(index: number): void {
    this.#adopted.add(this.#bounds.part(index, 0, 1));
  }

  async sync(): Promise<void> {
    await Promise.allSettled(this.#puts.values());
    const { system, changedFolders } = this.#folder;
    await syncInTurn([
      ...Array.from(this.#dirty, (index) => () => this.#sync(index)),
      () => syncEach(this.#adopted, (index) => this.#syncAdopted(index)),
      () => syncFolders(system, changedFolders),
    ]);
  }

  marks(): Promise<FileMark[]> {
    return inBatches(this.#bounds.layout.pieceCount, (index) => this.#mark(index));
  }

  async marksOf(index: number): Promise<ReadonlyMap<number, FileMark>> {
    return new Map([[index, await this.#mark(index)]]);
  }

  async finish(): Promise<void> {}

  async erase(): Promise<void> {
    await this.close();
    this.#dirty.clear();
    this.#adopted.clear();
    const { root, system } = this.#folder;
    const { pieceCount } = this.#bounds.layout;
    const paths = Array.from({ length: pieceCount }, (_, index) => [this.#partName(index)]);
    await eraseFiles(system, root, paths);
  }

  async close(): Promise<void> {
    await Promise.allSettled(this.#puts.values());
  }

  async #write(index: number, bytes: Uint8Array): Promise<void> {
    await writePart(this.#folder, this.#partName(index), bytes);
    this.#dirty.add(index);
  }

  /** A part that was removed is lost: it is told once, and not asked for again until it is put again. */
  async #sync(index: number): Promise<void> {
    this.#dirty.delete(index);
    try {
      await syncPart(this.#folder, this.#partName(index), 'update');
    } catch (error) {
      if (!isMissing(error)) this.#dirty.add(index);
      throw error;
    }
  }

  async #syncAdopted(index: number): Promise<void> {
    this.#adopted.delete(index);
    try {
      await syncAdopted((access) => syncPart(this.#folder, this.#partName(index), access));
    } catch (error) {
      this.#adopted.add(index);
      throw error;
    }
  }

  #mark(index: number): Promise<FileMark> {
    const { root, system } = this.#folder;
    return markOf(system, { root, path: [this.#partName(index)] });
  }

  #partName(index: number): string {
    return partName(this.#name, index, this.#bounds.layout.pieceCount);
  }
}
