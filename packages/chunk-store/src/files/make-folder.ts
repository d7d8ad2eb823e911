/** Makes a folder with all its parents, or says what is really in the way. */
import { dirname, resolve } from 'node:path';
import { type FileSystem, nodeFileSystem } from './file-system.ts';
import { lstatOrNothing } from './lstat-or-nothing.ts';
import { systemCode } from './system-error.ts';

/**
 * Makes a folder and its parents; one that is there already is fine.
 *
 * Below a read-only folder, making all of them at once fails with ENOENT, which tells nothing. The
 * first one that is missing, made alone, fails with the true reason (EROFS).
 * @throws the system's error
 */
export async function makeFolder(
  folder: string,
  system: Pick<FileSystem, 'mkdir' | 'lstat'> = nodeFileSystem,
): Promise<void> {
  try {
    await system.mkdir(folder, { recursive: true });
  } catch (error) {
    if (systemCode(error) !== 'ENOENT') throw error;
    await system.mkdir(await firstMissing(folder, system), { recursive: false });
    await system.mkdir(folder, { recursive: true });
  }
}

async function firstMissing(
  folder: string,
  system: Pick<FileSystem, 'mkdir' | 'lstat'>,
): Promise<string> {
  let missing = resolve(folder);
  for (;;) {
    const parent = dirname(missing);
    if (parent === missing || (await lstatOrNothing(system, parent)) !== undefined) return missing;
    missing = parent;
  }
}
