/** What lies on disk for one file now. */
import { join } from 'node:path';
import type { FileMark } from '../chunk-store.ts';
import type { FileSystem } from './file-system.ts';
import { lstatOrNothing } from './lstat-or-nothing.ts';
import type { FilePlace } from './safe-open.ts';
import { systemCode, toStoreError } from './system-error.ts';

/** The mark of what is not there. */
export const NOT_THERE: FileMark = { length: 0, mtimeMs: 0 };

/**
 * The mark of a file, without opening it; `NOT_THERE` when no plain file is there.
 * @throws StoreError
 */
export async function markOf(system: FileSystem, { root, path }: FilePlace): Promise<FileMark> {
  try {
    const stats = await lstatOrNothing(system, join(root, ...path));
    if (!stats?.isFile()) return NOT_THERE;
    return { length: stats.size, mtimeMs: stats.mtimeMs, ctimeMs: stats.ctimeMs };
  } catch (error) {
    if (systemCode(error) === 'ENOTDIR') return NOT_THERE;
    throw toStoreError(error, 'look at', path.join('/'));
  }
}
