/** Makes new entries of folders durable: on Linux a file that was fsynced may still lose its name. */
import { constants } from 'node:fs';
import type { FileSystem } from './file-system.ts';
import { syncInTurn } from './sync-in-turn.ts';
import { isMissing, systemCode, toStoreError } from './system-error.ts';

/**
 * What a system answers that does not let a folder be opened or synced: Windows, some mounts, a folder
 * that may be written but not listed.
 */
const UNSUPPORTED: ReadonlySet<string> = new Set([
  'EACCES',
  'EPERM',
  'EISDIR',
  'EINVAL',
  'ENOTSUP',
]);

/**
 * fsync of each folder; those that are done, or were removed, leave the set.
 * @throws StoreError
 */
export async function syncFolders(system: FileSystem, folders: Set<string>): Promise<void> {
  await syncInTurn(
    Array.from(folders, (folder) => async () => {
      folders.delete(folder);
      try {
        await syncFolder(system, folder);
      } catch (error) {
        const fault = toStoreError(error, 'sync', folder);
        if (!isMissing(fault)) folders.add(folder);
        throw fault;
      }
    }),
  );
}

/**
 * fsync of one folder, where the system has such a thing.
 * @throws the system's error
 */
export async function syncFolder(
  system: Pick<FileSystem, 'open' | 'fsync' | 'close'>,
  folder: string,
): Promise<void> {
  try {
    const fd = await system.open(folder, constants.O_RDONLY);
    try {
      await system.fsync(fd);
    } finally {
      await system.close(fd);
    }
  } catch (error) {
    if (!UNSUPPORTED.has(systemCode(error) ?? '')) throw error;
  }
}
