/** What lies at a path, where nothing is an answer too. */
import type { Stats } from 'node:fs';
import type { FileSystem } from './file-system.ts';
import { systemCode } from './system-error.ts';

/** The stats of an entry (of the link itself when it is one), or undefined when there is none. */
export async function lstatOrNothing(
  system: Pick<FileSystem, 'lstat'>,
  path: string,
): Promise<Stats | undefined> {
  try {
    return await system.lstat(path);
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return undefined;
    throw error;
  }
}
