/** The folders of torrents of one run, and what was wrong in them. */
import type { CliError } from '@shoal/cli';
import { systemClock } from '@shoal/engine';
import { type AddSource, noTorrents } from './add-source.ts';
import { FolderWatch } from './folder-watch.ts';

export interface FoldersOptions {
  handleTorrent(source: AddSource): Promise<void>;
  /** Told once of each file that is no torrent. */
  handleBad(error: CliError): void;
}

export class Folders {
  readonly #watches: readonly FolderWatch[];
  readonly #bad: CliError[] = [];

  constructor(folders: readonly string[], { handleTorrent, handleBad }: FoldersOptions) {
    this.#watches = folders.map(
      (folder) =>
        new FolderWatch({
          folder,
          clock: systemClock,
          handleTorrent,
          handleBad: (error) => {
            this.#bad.push(error);
            handleBad(error);
          },
        }),
    );
  }

  /** What was wrong first. */
  get firstBad(): CliError | undefined {
    return this.#bad[0];
  }

  /** Whether a file that was seen may still become a torrent. */
  get areUnfinished(): boolean {
    return this.#watches.some(({ isUnfinished }) => isUnfinished);
  }

  /**
   * Takes what lies there, then watches.
   * @param mayBeEmpty - torrents are expected later
   * @throws CliError for a folder that cannot be read, or is empty and may not be
   */
  async start(mayBeEmpty: boolean): Promise<void> {
    for (const watch of this.#watches) {
      await watch.start();
      if (!mayBeEmpty && watch.seenCount === 0 && !watch.isUnfinished)
        throw noTorrents(watch.folder);
    }
  }

  async close(): Promise<void> {
    await Promise.all(this.#watches.map((watch) => watch.close()));
  }
}
