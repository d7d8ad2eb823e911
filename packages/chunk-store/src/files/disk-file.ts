/** One file of a torrent on disk: opened when wanted, written in order, read by position. */
import { StoreError } from '../chunk-store.ts';
import type { DiskFolders } from './disk-folders.ts';
import { markOf, NOT_THERE } from './file-mark.ts';
import type { FileSystem } from './file-system.ts';
import type { HandlePool, Openable } from './handle-pool.ts';
import { type Access, type FilePlace, openBelow } from './safe-open.ts';
import { syncAdopted } from './sync-adopted.ts';
import { isMissing, toStoreError } from './system-error.ts';
import { WriteQueue } from './write-queue.ts';

/** What the files of one store share. */
export interface DiskFileOptions {
  readonly system: FileSystem;
  readonly handles: HandlePool;
  /** Gets the folders that gained an entry. */
  readonly changedFolders: Set<string>;
  /** Left out where the system cannot open a file by its folder. */
  readonly folders?: DiskFolders;
}

/** Every method throws `StoreError` with the file's path below the root. */
export class DiskFile implements Openable {
  readonly #place: FilePlace;
  readonly #name: string;
  readonly #system: FileSystem;
  readonly #handles: HandlePool;
  readonly #changedFolders: Set<string>;
  readonly #folders: DiskFolders | undefined;
  readonly #writes: WriteQueue;
  #isDirty = false;
  #wasWritten = false;
  /** It is good, and a former process may have written it and ended before it was durable. */
  #isAdopted = false;
  /** Bytes that it had at the last sync; undefined when it was written to since. */
  #syncedLength: number | undefined;

  constructor(place: FilePlace, options: DiskFileOptions) {
    this.#place = place;
    this.#name = place.path.join('/');
    this.#system = options.system;
    this.#handles = options.handles;
    this.#changedFolders = options.changedFolders;
    this.#folders = options.folders;
    this.#writes = new WriteQueue((parts, position) => {
      this.#isDirty = true;
      this.#wasWritten = true;
      this.#syncedLength = undefined;
      return this.#handles.use(this, 'write', (fd) => this.#system.writev(fd, parts, position));
    });
  }

  /** Whether it has something `sync` or `finish` must still look after. */
  get isChanged(): boolean {
    return this.#isDirty || this.#wasWritten || this.#isAdopted;
  }

  /** For the pool; the rest of the class asks the pool. */
  open(access: Access): Promise<number> {
    const { path } = this.#place;
    const folder = this.#folders?.folder(path.slice(0, -1));
    if (folder !== undefined) return folder.openFile(path.at(-1)!, access);
    return openBelow(this.#system, this.#place, access, this.#changedFolders);
  }

  /** Writes all of `bytes` at `position`, in bytes; the file and its folders are made when not there. */
  async write(position: number, bytes: Uint8Array): Promise<void> {
    try {
      await this.#writes.write(position, bytes);
    } catch (error) {
      throw toStoreError(error, 'write', this.#name);
    }
  }

  /** Fills `into` from `position`. @throws StoreError `missing` when the file is not that long */
  async read(position: number, into: Uint8Array): Promise<void> {
    const readLength = await this.#use('read', 'read', async (fd) => {
      let at = 0;
      while (at < into.length) {
        const count = await this.#system.read(fd, into, at, position + at);
        if (count === 0) break;
        at += count;
      }
      return at;
    });
    if (readLength === into.length) return;
    throw new StoreError(
      'missing',
      `cannot read ${this.#name}: it ends at byte ${position + readLength}, wanted up to ${position + into.length}`,
      { path: this.#name },
    );
  }

  /** The next sync makes durable what is there, whoever wrote it. */
  adopt(): void {
    this.#isAdopted = true;
  }

  /**
   * Waits for the writes before it and makes them durable.
   * @throws StoreError `missing` when the file was removed under us: what was written is lost
   */
  async sync(): Promise<void> {
    await this.#writes.settled();
    if (!this.#isDirty) return;
    this.#isDirty = false;
    try {
      await this.#use('update', 'sync', async (fd) => {
        await this.#system.fsync(fd);
        const { nlink, size } = await this.#system.fstat(fd);
        if (nlink === 0)
          throw new StoreError('missing', `cannot sync ${this.#name}: it was removed`, {
            path: this.#name,
          });
        if (!this.#isDirty) this.#syncedLength = size;
      });
    } catch (error) {
      this.#isDirty = !isMissing(error);
      await this.#handles.close(this);
      throw error;
    }
  }

  /** Makes durable what it was adopted with. @throws StoreError when bytes of it may be lost */
  async syncAdopted(): Promise<void> {
    if (!this.#isAdopted) return;
    this.#isAdopted = false;
    try {
      await syncAdopted((access) => this.#use(access, 'sync', (fd) => this.#system.fsync(fd)));
    } catch (error) {
      this.#isAdopted = true;
      await this.#handles.close(this);
      throw error;
    }
  }

  /** Creates the file when it is not there; what is there stays as it is. */
  async create(): Promise<void> {
    if ((await markOf(this.#system, this.#place)) === NOT_THERE)
      await this.#use('write', 'create', async () => {});
  }

  /** Cuts what lies past `length` in a file that was written to. */
  async cutTo(length: number): Promise<void> {
    if (!this.#wasWritten) return;
    const found = this.#syncedLength ?? (await markOf(this.#system, this.#place)).length;
    if (found > length)
      await this.#use('update', 'shorten', (fd) => this.#system.truncate(fd, length));
    this.#wasWritten = false;
  }

  /** Waits for the writes under way and closes the file. */
  async close(): Promise<void> {
    await this.#writes.settled();
    await this.#handles.close(this);
  }

  async #use<T>(access: Access, action: string, run: (fd: number) => Promise<T>): Promise<T> {
    try {
      return await this.#handles.use(this, access, run);
    } catch (error) {
      throw toStoreError(error, action, this.#name);
    }
  }
}
