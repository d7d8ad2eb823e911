/** Finds the files that a new torrent is made of. */
import { isUtf8 } from 'node:buffer';
import type { Dirent, Stats } from 'node:fs';
import { lstat, readdir, realpath, stat } from 'node:fs/promises';
import { isAbsolute, join, relative, sep } from 'node:path';
import type { MetainfoLimits } from '../limits.ts';
import { MetainfoError } from '../metainfo-error.ts';
import { unreadable } from './unreadable.ts';

/** Which entries of folders are taken. */
export interface ScanOptions {
  /** Takes files and folders whose name begins with a dot. */
  readonly includeHidden: boolean;
  /**
   * Takes what links lead to inside the folder, as far as it would be taken there; a link to a place
   * outside, or to none, is left out. Otherwise all links are.
   */
  readonly followLinks: boolean;
  readonly limits: Pick<MetainfoLimits, 'maxFiles' | 'maxFolders'>;
  readonly signal: AbortSignal | undefined;
}

/** A regular file. */
export interface SourceFile {
  /** Where it is opened. */
  readonly path: string;
  /** Its path below the folder, none for a lone file. */
  readonly components: readonly string[];
  /** Bytes. */
  readonly length: number;
}

/** A scan under way. */
interface Walk extends ScanOptions {
  /** The folder, by its true path. */
  readonly root: string;
  readonly files: SourceFile[];
  folderCount: number;
}

/** One entry of a folder; for a link that is followed, path and stats are of what it leads to. */
interface Entry {
  readonly name: string;
  readonly path: string;
  readonly stats: Stats;
}

/**
 * The file at `path`, or all files below the folder at `path`, in the order of the torrent. A link
 * at `path` itself is followed; sockets, devices and the like are left out.
 *
 * @throws MetainfoError `unreadable`, `bad-name` for a name that is no UTF-8; `too-many-files`, since
 * links to folders may multiply what is there
 */
export async function scan(path: string, options: ScanOptions): Promise<SourceFile[]> {
  const stats = await statOf(path, true);
  if (!stats.isDirectory())
    return stats.isFile() ? [{ path, components: [], length: stats.size }] : [];
  const walk: Walk = { ...options, root: await realPathOf(path), files: [], folderCount: 0 };
  await scanFolder(path, [], [identity(stats)], walk);
  return inOrder(walk.files);
}

async function scanFolder(
  folder: string,
  components: readonly string[],
  ancestors: readonly string[],
  walk: Walk,
): Promise<void> {
  walk.signal?.throwIfAborted();
  const { maxFiles, maxFolders } = walk.limits;
  if (++walk.folderCount > maxFolders) throw tooMany(maxFolders, 'folders');
  for (const { name, path, stats } of await entriesOf(folder, walk)) {
    const below = [...components, name];
    if (stats.isFile()) walk.files.push({ path, components: below, length: stats.size });
    if (walk.files.length > maxFiles) throw tooMany(maxFiles, 'files');
    // A link back to a folder that we are in would never end.
    if (stats.isDirectory() && !ancestors.includes(identity(stats)))
      await scanFolder(path, below, [...ancestors, identity(stats)], walk);
  }
}

function tooMany(limit: number, what: string): MetainfoError {
  return new MetainfoError('too-many-files', `more than ${limit} ${what}`);
}

/**
 * Transmission's order, for the same torrent of the same files: by path without ASCII case, bytes
 * as signed numbers with a 0 at the end, so that those above 127 come before it.
 */
function inOrder(files: readonly SourceFile[]): SourceFile[] {
  const keyed = files.map((file) => {
    const path = Buffer.from(`${file.components.join('/')}\0`);
    const key = path.map((byte) => (byte >= 0x41 && byte <= 0x5a ? byte + 0x20 : byte) ^ 0x80);
    return { file, path, key };
  });
  keyed.sort((a, b) => Buffer.compare(a.key, b.key) || Buffer.compare(a.path, b.path));
  return keyed.map(({ file }) => file);
}

/** What lies in a folder and is taken. All of it is asked for at once: one by one takes four times as long. */
async function entriesOf(folder: string, walk: Walk): Promise<Entry[]> {
  const entries = await readFolder(folder);
  const taken = entries
    .filter((entry) => walk.followLinks || !entry.isSymbolicLink())
    .map((entry) => ({ name: nameOf(entry, folder), isLink: entry.isSymbolicLink() }))
    .filter(({ name }) => walk.includeHidden || !name.startsWith('.'));
  const found = await Promise.all(
    taken.map(async ({ name, isLink }) => {
      const path = isLink ? await targetOf(join(folder, name), walk) : join(folder, name);
      return path === undefined ? [] : [{ name, path, stats: await statOf(path, false) }];
    }),
  );
  return found.flat();
}

/** The true path of what a link leads to, when that is taken. */
async function targetOf(link: string, walk: Walk): Promise<string | undefined> {
  const target = await realpath(link).catch(() => undefined);
  if (target === undefined) return undefined;
  const below = relative(walk.root, target);
  const names = below.split(sep);
  if (isAbsolute(below) || names[0] === '..') return undefined;
  const isHidden = names.some((name) => name.startsWith('.'));
  return isHidden && !walk.includeHidden ? undefined : target;
}

async function readFolder(folder: string): Promise<Dirent<Buffer>[]> {
  try {
    return await readdir(folder, { withFileTypes: true, encoding: 'buffer' });
  } catch (error) {
    throw unreadable(folder, error);
  }
}

async function realPathOf(path: string): Promise<string> {
  try {
    return await realpath(path);
  } catch (error) {
    throw unreadable(path, error);
  }
}

async function statOf(path: string, followLinks: boolean): Promise<Stats> {
  try {
    return await (followLinks ? stat(path) : lstat(path));
  } catch (error) {
    throw unreadable(path, error);
  }
}

function nameOf(entry: Dirent<Buffer>, folder: string): string {
  const name = entry.name.toString();
  if (!isUtf8(entry.name))
    throw new MetainfoError('bad-name', `cannot take ${join(folder, name)}: the name is no UTF-8`);
  return name;
}

function identity(stats: Stats): string {
  return `${stats.dev}:${stats.ino}`;
}
