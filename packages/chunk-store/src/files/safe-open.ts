/**
 * Opens files below a root without ever passing through a symbolic link, by their paths: what there is
 * where `DiskFolder` cannot be. Threats 1 and 2.
 */
import { constants } from 'node:fs';
import { join } from 'node:path';
import { StoreError } from '../chunk-store.ts';
import type { FileSystem } from './file-system.ts';
import { lstatOrNothing } from './lstat-or-nothing.ts';
import { makeFolder } from './make-folder.ts';
import { systemCode } from './system-error.ts';

/** `read` what is there, `update` what is there, or `write`: also create it and its folders. */
export type Access = 'read' | 'update' | 'write';

/** O_NONBLOCK so that a named pipe in a file's place cannot hold a thread; it means nothing to files. */
const GUARD = (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);
export const FLAGS: Readonly<Record<Access, number>> = {
  read: constants.O_RDONLY | GUARD,
  update: constants.O_RDWR | GUARD,
  write: constants.O_RDWR | constants.O_CREAT | GUARD,
};

/** A file by its root and the names below it. */
export interface FilePlace {
  readonly root: string;
  readonly path: readonly string[];
}

/**
 * Opens a plain file. The root itself may be reached through links (it is the user's choice);
 * nothing below it may. Each parent is checked before and after the open, and the open file must be
 * the one the checked path leads to, so a parent swapped for a link meanwhile is found before a
 * byte is read or written.
 * @param changedFolders - gets every folder that gained an entry, for fsync
 * @throws StoreError `unsafe-path`; the system's error otherwise (ENOENT when reading what is not there)
 */
export async function openBelow(
  system: FileSystem,
  place: FilePlace,
  access: Access,
  changedFolders: Set<string>,
): Promise<number> {
  const fullPath = join(place.root, ...place.path);
  await checkParents(system, place, access === 'write' ? changedFolders : undefined);
  const before = await lstatOrNothing(system, fullPath);
  if (before !== undefined) demandPlain(before.isFile(), place);
  const fd = await system.open(fullPath, FLAGS[access]);
  try {
    await checkParents(system, place, undefined);
    const opened = await system.fstat(fd);
    const named = await system.lstat(fullPath);
    demandPlain(opened.isFile() && opened.ino === named.ino && opened.dev === named.dev, place);
    if (before === undefined) changedFolders.add(join(fullPath, '..'));
    return fd;
  } catch (error) {
    await system.close(fd);
    throw error;
  }
}

/** Walks from the root to the file's folder; makes what is not there when `changedFolders` is given. */
export async function checkParents(
  system: FileSystem,
  place: FilePlace,
  changedFolders: Set<string> | undefined,
): Promise<void> {
  if (changedFolders !== undefined && (await lstatOrNothing(system, place.root)) === undefined)
    await makeFolder(place.root, system);
  let folder = place.root;
  for (const name of place.path.slice(0, -1)) {
    const parent = folder;
    folder = join(folder, name);
    const stats = await lstatOrNothing(system, folder);
    if (stats === undefined && changedFolders !== undefined) {
      await makeChild(system, folder);
      changedFolders.add(parent);
    }
    demandPlain((stats ?? (await system.lstat(folder))).isDirectory(), place);
  }
}

/** Another file of the torrent may have made it in the meantime: that is as good. */
async function makeChild(system: FileSystem, folder: string): Promise<void> {
  try {
    await system.mkdir(folder, { recursive: false });
  } catch (error) {
    if (systemCode(error) !== 'EEXIST') throw error;
  }
}

/** @throws StoreError `unsafe-path` unless it is */
export function demandPlain(isPlain: boolean, { path }: FilePlace): void {
  if (isPlain) return;
  const joined = path.join('/');
  throw new StoreError('unsafe-path', `cannot open ${joined}: not a plain file in plain folders`, {
    path: joined,
  });
}
