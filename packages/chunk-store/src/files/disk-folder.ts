/**
 * A folder of a torrent, held open: a file in it is opened by its name in this very folder, so that no
 * path is walked for it and nothing on the way can be swapped (what `openat` is for). Threats 1 and 2.
 * One that is moved away is followed until the store lets go of its folders, at the next `sync`.
 */
import { constants } from 'node:fs';
import { join } from 'node:path';
import type { FileSystem } from './file-system.ts';
import type { HandlePool, Openable } from './handle-pool.ts';
import { type Access, checkParents, demandPlain, type FilePlace, FLAGS } from './safe-open.ts';
import { systemCode } from './system-error.ts';

/** Linux: the folder can be passed through, and need not be readable. Node has no name for it. */
const O_PATH = 0o10_000_000;
/** The root may be a link: it is the user's choice. */
const OPEN_ROOT = O_PATH | (constants.O_DIRECTORY ?? 0);
const OPEN_CHILD = OPEN_ROOT | (constants.O_NOFOLLOW ?? 0);
const NEW = FLAGS.write | constants.O_EXCL;
/** How the system says that a link, a folder or a socket is there. */
const NOT_PLAIN: ReadonlySet<string> = new Set(['ELOOP', 'ENOTDIR', 'EISDIR', 'ENXIO']);

/** A `FileSystem` that has `pathOfHandle`. */
export type HandleSystem = FileSystem & Required<Pick<FileSystem, 'pathOfHandle'>>;

export function hasHandlePaths(system: FileSystem): system is HandleSystem {
  return system.pathOfHandle !== undefined;
}

export interface DiskFolderOptions {
  readonly system: HandleSystem;
  /** Of folders alone: whoever opens a file holds its place among the files meanwhile. */
  readonly handles: HandlePool;
  /** Gets every folder that gained an entry, for fsync. */
  readonly changedFolders: Set<string>;
}

export class DiskFolder implements Openable {
  readonly #root: string;
  readonly #names: readonly string[];
  readonly #system: HandleSystem;
  readonly #handles: HandlePool;
  readonly #changedFolders: Set<string>;
  /** Many files of a new folder come at once. */
  #making: Promise<void> | undefined;

  /** @param names - from the root down */
  constructor(root: string, names: readonly string[], options: DiskFolderOptions) {
    this.#root = root;
    this.#names = names;
    this.#system = options.system;
    this.#handles = options.handles;
    this.#changedFolders = options.changedFolders;
  }

  /**
   * Opens a plain file in it; makes the folder and the file for `write`.
   * @throws StoreError `unsafe-path`; the system's error otherwise
   */
  async openFile(name: string, access: Access): Promise<number> {
    const place = { root: this.#root, path: [...this.#names, name] };
    try {
      return await this.#openPlain(place, access);
    } catch (error) {
      if (access !== 'write' || systemCode(error) !== 'ENOENT') throw error;
      // It is not there yet, or was removed under us.
      this.#making ??= this.#makeFolder(place);
      await this.#making;
      return this.#openPlain(place, access);
    }
  }

  /** For the pool: walks from the root, each step in the folder before. */
  async open(): Promise<number> {
    const { pathOfHandle } = this.#system;
    let fd = await this.#system.open(this.#root, OPEN_ROOT);
    for (const name of this.#names) {
      const parent = fd;
      try {
        fd = await this.#system.open(join(pathOfHandle(parent), name), OPEN_CHILD);
      } finally {
        // What would not close is gone all the same.
        await this.#system.close(parent).catch(() => undefined);
      }
    }
    return fd;
  }

  close(): Promise<void> {
    return this.#handles.close(this);
  }

  async #makeFolder(place: FilePlace): Promise<void> {
    try {
      await this.close();
      await checkParents(this.#system, place, this.#changedFolders);
    } finally {
      this.#making = undefined;
    }
  }

  async #openPlain(place: FilePlace, access: Access): Promise<number> {
    try {
      return await this.#handles.use(this, 'read', (folder) => {
        const path = join(this.#system.pathOfHandle(folder), place.path.at(-1)!);
        return this.#openAt(path, place, access);
      });
    } catch (error) {
      demandPlain(!NOT_PLAIN.has(systemCode(error) ?? ''), place);
      throw error;
    }
  }

  async #openAt(path: string, place: FilePlace, access: Access): Promise<number> {
    if (access === 'write') {
      const made = await this.#make(path);
      if (made !== undefined) return made;
    }
    const fd = await this.#system.open(path, FLAGS[access === 'read' ? 'read' : 'update']);
    try {
      demandPlain((await this.#system.fstat(fd)).isFile(), place);
      return fd;
    } catch (error) {
      await this.#system.close(fd);
      throw error;
    }
  }

  /** @returns undefined when something of that name is there */
  async #make(path: string): Promise<number | undefined> {
    try {
      const fd = await this.#system.open(path, NEW);
      this.#changedFolders.add(join(this.#root, ...this.#names));
      return fd;
    } catch (error) {
      if (systemCode(error) === 'EEXIST') return undefined;
      throw error;
    }
  }
}
