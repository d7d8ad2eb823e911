/** Open files, bounded: the one used longest ago is closed when another is wanted. */
import type { FileSystem } from './file-system.ts';
import type { Access } from './safe-open.ts';
import { systemCode } from './system-error.ts';

/** Folders open at once: what is fetched at a time lies in fewer, as a rule. */
const OPEN_FOLDERS_LIMIT = 64;

/** What the pool opens; the object itself is the key. */
export interface Openable {
  open(access: Access): Promise<number>;
}

interface Handle {
  readonly file: Openable;
  readonly isWritable: boolean;
  readonly opening: Promise<number>;
  readonly closed: PromiseWithResolvers<void>;
  userCount: number;
  /** Out of the table: its last user closes it. */
  isDetached: boolean;
}

/** Handles for any number of stores. At most `limit` files are open at once; who comes past it waits. */
export class HandlePool {
  readonly limit: number;
  readonly #system: FileSystem;
  /** In order of last use, oldest first. */
  readonly #handles = new Map<Openable, Handle>();
  readonly #waiting: (() => void)[] = [];
  #openCount = 0;
  #closingCount = 0;
  #folders: HandlePool | undefined;

  constructor(system: FileSystem, limit: number) {
    this.#system = system;
    this.limit = Math.max(1, limit);
  }

  /**
   * A pool of folders, bounded apart: whoever opens a file has its place here while it waits for the
   * folder of the file.
   */
  get folders(): HandlePool {
    this.#folders ??= new HandlePool(this.#system, OPEN_FOLDERS_LIMIT);
    return this.#folders;
  }

  /** Files open, or being opened or closed. */
  get openCount(): number {
    return this.#openCount;
  }

  /** Calls `run` with the file open for `access` at least; it stays open afterwards while there is room. */
  async use<T>(file: Openable, access: Access, run: (fd: number) => Promise<T>): Promise<T> {
    const handle = await this.#acquire(file, access);
    try {
      return await run(await handle.opening);
    } finally {
      handle.userCount--;
      if (handle.userCount === 0 && handle.isDetached) void this.#close(handle);
      this.#makeRoom();
    }
  }

  /** Closes the file once its last user is done; resolves when it is closed. */
  async close(file: Openable): Promise<void> {
    const handle = this.#handles.get(file);
    if (handle === undefined) return;
    this.#detach(handle);
    await handle.closed.promise;
  }

  async #acquire(file: Openable, access: Access): Promise<Handle> {
    for (;;) {
      const known = this.#handles.get(file);
      if (known !== undefined && (known.isWritable || access === 'read')) {
        this.#handles.delete(file);
        this.#handles.set(file, known);
        known.userCount++;
        return known;
      }
      if (known !== undefined) this.#detach(known);
      if (this.#openCount < this.limit) return this.#open(file, access);
      await new Promise<void>((wake) => {
        this.#waiting.push(wake);
        this.#makeRoom();
      });
    }
  }

  #open(file: Openable, access: Access): Handle {
    this.#openCount++;
    const handle: Handle = {
      file,
      isWritable: access !== 'read',
      opening: this.#openOrMakeRoom(file, access),
      closed: Promise.withResolvers(),
      userCount: 1,
      isDetached: false,
    };
    this.#handles.set(file, handle);
    handle.opening.catch(() => this.#detach(handle));
    return handle;
  }

  /** The process as a whole may run out of handles below our own limit: then ours make way. */
  async #openOrMakeRoom(file: Openable, access: Access): Promise<number> {
    for (;;) {
      try {
        return await file.open(access);
      } catch (error) {
        const code = systemCode(error);
        const idle = code === 'EMFILE' || code === 'ENFILE' ? this.#oldestIdle() : undefined;
        if (idle === undefined) throw error;
        this.#detach(idle);
        await idle.closed.promise;
      }
    }
  }

  #oldestIdle(): Handle | undefined {
    for (const handle of this.#handles.values()) if (handle.userCount === 0) return handle;
    return undefined;
  }

  #detach(handle: Handle): void {
    if (handle.isDetached) return;
    handle.isDetached = true;
    this.#handles.delete(handle.file);
    if (handle.userCount === 0) void this.#close(handle);
  }

  /** A file that would not open, or not close, is gone all the same: its users have the error. */
  async #close(handle: Handle): Promise<void> {
    this.#closingCount++;
    await handle.opening.then((fd) => this.#system.close(fd)).catch(() => undefined);
    this.#closingCount--;
    this.#openCount--;
    handle.closed.resolve();
    this.#makeRoom();
  }

  /** Wakes who waits when there is room; else closes idle files, one for each who waits. */
  #makeRoom(): void {
    if (this.#waiting.length === 0) return;
    if (this.#openCount < this.limit) this.#waiting.shift()?.();
    while (this.#waiting.length > this.#closingCount) {
      const idle = this.#oldestIdle();
      if (idle === undefined) return;
      this.#detach(idle);
    }
  }
}
