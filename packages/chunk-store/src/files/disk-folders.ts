/** The folders of one torrent, by their names. */
import { DiskFolder, type DiskFolderOptions } from './disk-folder.ts';

export class DiskFolders {
  readonly #root: string;
  readonly #options: DiskFolderOptions;
  /** By names joined with `/`, which no name has in it. */
  readonly #folders = new Map<string, DiskFolder>();

  constructor(root: string, options: DiskFolderOptions) {
    this.#root = root;
    this.#options = options;
  }

  /** @param names - from the root down; none for the root */
  folder(names: readonly string[]): DiskFolder {
    const key = names.join('/');
    let folder = this.#folders.get(key);
    if (folder === undefined) {
      folder = new DiskFolder(this.#root, names, this.#options);
      this.#folders.set(key, folder);
    }
    return folder;
  }

  /** Lets go of all of them; they are opened again when wanted. */
  async close(): Promise<void> {
    for (const folder of this.#folders.values()) await folder.close();
  }
}
