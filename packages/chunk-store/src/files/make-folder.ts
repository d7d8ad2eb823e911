/** Makes a folder with all its parents, or says what is really in the way. */
import { dirname, resolve } from 'node:path';
import { type FileSystem, nodeFileSystem } from './file-system.ts';
import { lstatOrNothing } from './lstat-or-nothing.ts';
import { syncFolder } from './sync-folders.ts';
import { systemCode } from './system-error.ts';

/** What making folders calls. */
type Folders = Pick<FileSystem, 'mkdir' | 'lstat' | 'open' | 'fsync' | 'close'>;

/**
 * Makes a folder and its parents, durable when it resolves; one that is there already is fine.
 *
 * Each is made alone. All at once fails below a read-only folder with ENOENT, which tells nothing (alone,
 * the first one that is missing says EROFS), and never ends in /proc, where a folder is there and still
 * says ENOENT.
 * @throws the system's error
 */
export async function makeFolder(folder: string, system: Folders = nodeFileSystem): Promise<void> {
  const missing = await missingFolders(resolve(folder), system);
  // Makes nothing: it says whether what is there is a folder.
  if (missing.length === 0) return system.mkdir(folder, { recursive: true });
  for (const path of missing) await makeOne(path, system);
}

/** From the top down. */
async function missingFolders(folder: string, system: Folders): Promise<string[]> {
  const missing: string[] = [];
  for (let path = folder; (await lstatOrNothing(system, path)) === undefined; ) {
    missing.unshift(path);
    const parent = dirname(path);
    if (parent === path) break;
    path = parent;
  }
  return missing;
}

/** Somebody else may have made it by now. A folder whose name is not durable goes with all that is in it. */
async function makeOne(path: string, system: Folders): Promise<void> {
  try {
    await system.mkdir(path, { recursive: false });
  } catch (error) {
    if (systemCode(error) !== 'EEXIST') throw error;
  }
  await syncFolder(system, dirname(path));
}
