/** One chunk as a file of its own: whole or absent, never half. */
import { join } from 'node:path';
import { StoreError } from '../chunk-store.ts';
import type { FileSystem } from '../files/file-system.ts';
import type { HandlePool } from '../files/handle-pool.ts';
import { type Access, openBelow } from '../files/safe-open.ts';
import { toStoreError } from '../files/system-error.ts';

/** What the parts of one folder share. */
export interface PartFolder {
  readonly root: string;
  readonly system: FileSystem;
  /** Bounds how many parts are open at once; none stays open. */
  readonly handles: HandlePool;
  /** Gets the folders that gained an entry. */
  readonly changedFolders: Set<string>;
}

/**
 * Writes a part beside its place and renames it into it. What a crash left there is overwritten.
 * @throws StoreError
 */
export async function writePart(
  folder: PartFolder,
  name: string,
  bytes: Uint8Array,
): Promise<void> {
  const temporary = `${name}.tmp`;
  const { root, system } = folder;
  try {
    await usePart(folder, temporary, 'write', async (fd) => {
      await system.truncate(fd, 0);
      for (let at = 0; at < bytes.length; )
        at += await system.writev(fd, [at === 0 ? bytes : bytes.subarray(at)], at);
    });
    await system.rename(join(root, temporary), join(root, name));
    folder.changedFolders.add(root);
  } catch (error) {
    await system.unlink(join(root, temporary)).catch(() => undefined);
    throw toStoreError(error, 'write', name);
  }
}

/**
 * Fills `into` from `begin` of a part that must have `partLength` bytes.
 * @throws StoreError `missing` when the part is not there or has another length
 */
export async function readPart(
  folder: PartFolder,
  name: string,
  partLength: number,
  begin: number,
  into: Uint8Array,
): Promise<void> {
  const { system } = folder;
  try {
    await usePart(folder, name, 'read', async (fd) => {
      const { size } = await system.fstat(fd);
      let at = 0;
      while (size === partLength && at < into.length) {
        const count = await system.read(fd, into, at, begin + at);
        if (count === 0) break;
        at += count;
      }
      if (at === into.length) return;
      const message = `cannot read ${name}: it has ${size} bytes, wanted ${partLength}`;
      throw new StoreError('missing', message, { path: name });
    });
  } catch (error) {
    throw toStoreError(error, 'read', name);
  }
}

/** Makes a part durable, but not yet its name. @throws StoreError */
export async function syncPart(folder: PartFolder, name: string, access: Access): Promise<void> {
  try {
    await usePart(folder, name, access, (fd) => folder.system.fsync(fd));
  } catch (error) {
    throw toStoreError(error, 'sync', name);
  }
}

/** A part is opened for one use: it may be another file the next time. */
async function usePart(
  { root, system, handles, changedFolders }: PartFolder,
  name: string,
  access: Access,
  run: (fd: number) => Promise<void>,
): Promise<void> {
  const part = {
    open: (access: Access): Promise<number> =>
      openBelow(system, { root, path: [name] }, access, changedFolders),
  };
  try {
    await handles.use(part, access, run);
  } finally {
    await handles.close(part);
  }
}
