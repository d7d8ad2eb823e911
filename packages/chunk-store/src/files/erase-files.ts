/** Deletes the files of one torrent, and nothing else. */
import { join } from 'node:path';
import type { FileSystem } from './file-system.ts';
import { lstatOrNothing } from './lstat-or-nothing.ts';
import { systemCode, toStoreError } from './system-error.ts';

/** A folder that something else lies in, or that is gone already. */
const STAYS: readonly (string | undefined)[] = ['ENOTEMPTY', 'EEXIST', 'ENOENT'];

/**
 * Deletes plain files in plain folders below `root`, then the folders that are empty with that.
 * The root stays. A symbolic link in the place of a file stays, and what lies behind one in the
 * place of a folder is never touched.
 * @param paths - names below the root, made safe before
 * @throws StoreError when the system refuses; what was deleted before stays deleted
 */
export async function eraseFiles(
  system: FileSystem,
  root: string,
  paths: readonly (readonly string[])[],
): Promise<void> {
  const folders = new PlainFolders(system, root);
  for (const path of paths) {
    try {
      if (!(await folders.lead(path))) continue;
      const file = join(root, ...path);
      if ((await lstatOrNothing(system, file))?.isFile()) await system.unlink(file);
    } catch (error) {
      throw toStoreError(error, 'delete', path.join('/'));
    }
  }
  for (const folder of folders.deepestFirst()) {
    try {
      await system.rmdir(folder);
    } catch (error) {
      if (!STAYS.includes(systemCode(error))) throw toStoreError(error, 'delete', folder);
    }
  }
}

/** The folders below the root that are no links, each looked at once. */
class PlainFolders {
  readonly #system: FileSystem;
  readonly #root: string;
  readonly #isPlain = new Map<string, boolean>();

  constructor(system: FileSystem, root: string) {
    this.#system = system;
    this.#root = root;
  }

  /** Whether every folder on the way to the file is a plain one. */
  async lead(path: readonly string[]): Promise<boolean> {
    let folder = this.#root;
    for (const name of path.slice(0, -1)) {
      folder = join(folder, name);
      if (!(await this.#look(folder))) return false;
    }
    return true;
  }

  /** Those that are plain, so that each comes before the one it lies in. */
  deepestFirst(): string[] {
    const plain = [...this.#isPlain].filter(([, isPlain]) => isPlain).map(([folder]) => folder);
    return plain.sort((a, b) => b.length - a.length);
  }

  async #look(folder: string): Promise<boolean> {
    const known = this.#isPlain.get(folder);
    if (known !== undefined) return known;
    const isPlain = (await lstatOrNothing(this.#system, folder))?.isDirectory() ?? false;
    this.#isPlain.set(folder, isPlain);
    return isPlain;
  }
}
