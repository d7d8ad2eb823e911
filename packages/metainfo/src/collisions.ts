/** Gives files whose paths would meet on some disk paths of their own. */

import { withoutJoiners } from './joiners.ts';
import type { MetainfoLimits } from './limits.ts';
import { MetainfoError } from './metainfo-error.ts';

/** Paths of files, relative to the torrent's folder, `/` between components. */
type Paths = readonly (string | undefined)[];

/**
 * New paths for files that another file or folder of the torrent shuts out: on disks that do not
 * tell case, Unicode form or joiners apart, and where a file and a folder have one name. A folder keeps its
 * name, then the first file; others get `.1`, `.2` … before the extension. What libtorrent does,
 * and the same for everyone who reads the torrent.
 *
 * @param paths - undefined for entries that are never stored
 * @returns the new path by index, for those that need one
 * @throws MetainfoError `too-many-collisions`, `too-many-files` past the limits
 */
export function resolveCollisions(
  paths: Paths,
  limits: Pick<MetainfoLimits, 'maxCollisions' | 'maxFolders'>,
): ReadonlyMap<number, string> {
  const taken = foldersOf(paths, limits.maxFolders);
  const renamed = new Map<number, string>();
  const counts = new Map<string, number>();
  for (const [index, path] of paths.entries()) {
    if (path === undefined) continue;
    const folded = fold(path);
    const sizeBefore = taken.size;
    taken.add(folded);
    if (taken.size > sizeBefore) continue;
    if (renamed.size === limits.maxCollisions)
      throw new MetainfoError(
        'too-many-collisions',
        `more than ${limits.maxCollisions} files have the name of another`,
      );
    renamed.set(index, freePath(path, folded, taken, counts));
  }
  return renamed;
}

/** Two paths with one fold may be one file on some disk. */
function fold(path: string): string {
  // Lower-casing alone would keep apart what upper-casing joins, such as the two Greek sigmas.
  return isAscii(path)
    ? path.toLowerCase()
    : withoutJoiners(path).normalize('NFD').toUpperCase().toLowerCase().normalize('NFD');
}

function isAscii(text: string): boolean {
  return /^[\0-\x7f]*$/.test(text);
}

/** Every folder that holds a file, at every level, folded. */
function foldersOf(paths: Paths, maxFolders: number): Set<string> {
  const folders = new Set<string>();
  let last = '';
  for (const path of paths) {
    let slash = path?.lastIndexOf('/') ?? -1;
    if (path === undefined || slash < 0 || path.slice(0, slash) === last) continue;
    last = path.slice(0, slash);
    const folded = fold(last);
    for (let folder = folded; !folders.has(folder); folder = folder.slice(0, slash)) {
      folders.add(folder);
      slash = folder.lastIndexOf('/');
      if (slash < 0) break;
    }
    if (folders.size > maxFolders)
      throw new MetainfoError('too-many-files', `more than ${maxFolders} folders`);
  }
  return folders;
}

function freePath(
  path: string,
  folded: string,
  taken: Set<string>,
  counts: Map<string, number>,
): string {
  const dot = path.lastIndexOf('.');
  const stemLength = dot > path.lastIndexOf('/') ? dot : path.length;
  for (let count = (counts.get(folded) ?? 0) + 1; ; count++) {
    const candidate = `${path.slice(0, stemLength)}.${count}${path.slice(stemLength)}`;
    const sizeBefore = taken.size;
    if (taken.add(fold(candidate)).size === sizeBefore) continue;
    counts.set(folded, count);
    return candidate;
  }
}
