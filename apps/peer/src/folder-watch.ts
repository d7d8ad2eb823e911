/** A folder of torrents: those that lie in it, and those that appear later. */
import { type FSWatcher, watch } from 'node:fs';
import { stat } from 'node:fs/promises';
import { CliError, explainError } from '@shoal/cli';
import type { Clock, Timer } from '@shoal/units';
import { type AddSource, fromMetainfo, listTorrents } from './add-source.ts';
import { readTorrent } from './read-torrent.ts';

/** A file that is no torrent and was changed this recently may still be being written. */
const SETTLE_MS = 2_000;
/** How soon such a file is looked at again. */
const RETRY_MS = 250;
/** The system may tell nothing of changes (network drives), or not of all. */
const RESCAN_MS = 5_000;

export interface FolderWatchOptions {
  readonly folder: string;
  readonly clock: Clock;
  /** Called for each torrent file, one after another. What it throws makes the file a bad one. */
  handleTorrent(source: AddSource): Promise<void>;
  /** Called once for a file that cannot be added, however often it changes. */
  handleBad(error: CliError): void;
}

export class FolderWatch {
  readonly #options: FolderWatchOptions;
  /** Path to what the file looked like when it was dealt with. */
  readonly #seen = new Map<string, string>();
  /** Paths that were complained about. */
  readonly #bad = new Set<string>();
  #unfinishedCount = 0;
  #watcher: FSWatcher | undefined;
  #timer: Timer | undefined;
  /** The timer was set by a change: those that follow do not put it off. */
  #isSoon = false;
  #scanning: Promise<void> = Promise.resolve();
  #isClosed = false;

  constructor(options: FolderWatchOptions) {
    this.#options = options;
  }

  get folder(): string {
    return this.#options.folder;
  }

  /** Whether a file that was seen may still become a torrent. */
  get isUnfinished(): boolean {
    return this.#unfinishedCount > 0;
  }

  /** Torrents and bad files so far. */
  get seenCount(): number {
    return this.#seen.size;
  }

  /** Hands over what lies there, then watches. @throws CliError when the folder cannot be read */
  async start(): Promise<void> {
    await this.#scan();
    if (this.#isClosed) return;
    this.#watch();
    this.#plan();
  }

  /** Resolves when no file is being read any more. */
  async close(): Promise<void> {
    this.#isClosed = true;
    this.#timer?.cancel();
    this.#watcher?.close();
    await this.#scanning;
  }

  /** Where watching is not possible, scans alone find what is new. */
  #watch(): void {
    try {
      this.#watcher = watch(this.#options.folder, () => this.#handleChange());
      this.#watcher.on('error', () => this.#watcher?.close());
    } catch (error) {
      if (explainError(error) === undefined) throw error;
    }
  }

  #plan(): void {
    this.#planIn(this.isUnfinished ? RETRY_MS : RESCAN_MS);
  }

  #handleChange(): void {
    if (this.#isSoon) return;
    this.#isSoon = true;
    this.#planIn(RETRY_MS);
  }

  #planIn(delayMs: number): void {
    this.#timer?.cancel();
    this.#timer = this.#options.clock.after(delayMs, () => {
      this.#isSoon = false;
      this.#scanning = this.#scanning.then(() => this.#scanAgain());
    });
  }

  /** A folder that went away may come back. */
  async #scanAgain(): Promise<void> {
    if (this.#isClosed) return;
    try {
      await this.#scan();
    } catch (error) {
      if (!(error instanceof CliError)) throw error;
    }
    if (!this.#isClosed && !this.#isSoon) this.#plan();
  }

  async #scan(): Promise<void> {
    let unfinishedCount = 0;
    for (const path of await listTorrents(this.#options.folder)) {
      if (this.#isClosed) return;
      const stats = await stat(path).catch(() => undefined);
      if (stats === undefined) continue;
      const mark = `${stats.size} ${stats.mtimeMs}`;
      if (this.#seen.get(path) === mark) continue;
      if (await this.#take(path, stats.mtimeMs)) this.#seen.set(path, mark);
      else unfinishedCount++;
    }
    this.#unfinishedCount = unfinishedCount;
  }

  /** @returns whether the file is dealt with, well or not */
  async #take(path: string, mtimeMs: number): Promise<boolean> {
    const { clock, handleTorrent, handleBad } = this.#options;
    let source: AddSource | undefined;
    try {
      source = fromMetainfo(await readTorrent(path));
      await handleTorrent(source);
    } catch (error) {
      const known = explainError(error, path);
      if (known === undefined) throw error;
      const isWritten = Math.abs(clock.wallMs() - mtimeMs) < SETTLE_MS;
      if (source === undefined && isWritten) return false;
      if (!this.#bad.has(path)) handleBad(known);
      this.#bad.add(path);
    }
    return true;
  }
}
