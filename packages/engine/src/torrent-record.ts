/** What is kept of a torrent beside its pieces: how it was added, and what a person wants of it. */
import type { StoreKind } from './api.ts';
import type { Content } from './content.ts';
import type { ResumeState } from './state/resume.ts';
import type { TorrentOptions } from './torrent-options.ts';

/** The part of a resume state that is its own. */
type Kept = Pick<
  ResumeState,
  | 'name'
  | 'infoBytes'
  | 'outputFolder'
  | 'storeKind'
  | 'priorities'
  | 'selectedFiles'
  | 'wasted'
  | 'addedAtMs'
  | 'sequential'
  | 'trackers'
  | 'addedTrackers'
  | 'webSeeds'
>;

export class TorrentRecord {
  readonly outputFolder: string;
  readonly storeKind: StoreKind;
  readonly webSeeds: readonly string[];
  /** Of a magnet, until the metadata is there, what the magnet calls it. */
  name: string;
  sequential: boolean;
  #trackerTiers: readonly (readonly string[])[];
  /** Those of them that a person added by hand. */
  readonly #addedTrackers = new Set<string>();
  #selectedFiles: readonly number[] | undefined;
  #addedAtMs: number;
  #formerWasted = 0;

  /** @param nowMs - the time of day */
  constructor(options: TorrentOptions, nowMs: number) {
    this.outputFolder = options.outputFolder;
    this.storeKind = options.storeKind;
    this.webSeeds = options.webSeeds;
    this.name = options.name;
    this.sequential = options.sequential;
    this.#trackerTiers = options.trackerTiers;
    this.#selectedFiles = options.selectedFiles;
    this.#addedAtMs = nowMs;
  }

  get trackerTiers(): readonly (readonly string[])[] {
    return this.#trackerTiers;
  }

  /** Indexes of the files that were asked for when it was added. */
  get selectedFiles(): readonly number[] | undefined {
    return this.#selectedFiles;
  }

  get addedAtMs(): number {
    return this.#addedAtMs;
  }

  /** @returns false when the tracker is known */
  addTracker(url: string): boolean {
    if (this.#trackerTiers.flat().includes(url)) return false;
    this.#trackerTiers = [...this.#trackerTiers, [url]];
    this.#addedTrackers.add(url);
    return true;
  }

  /** Bytes that were received in vain, all runs. */
  wasted(content: Content | undefined): number {
    return this.#formerWasted + (content?.downloader.wastedLength ?? 0);
  }

  /** Takes up the last run; what it is added with this time goes before. */
  take(state: ResumeState): void {
    this.#formerWasted = state.wasted;
    this.#addedAtMs = state.addedAtMs;
    this.sequential ||= state.sequential;
    this.#selectedFiles ??= state.selectedFiles;
    for (const url of state.addedTrackers) {
      this.addTracker(url);
      // From the state alone it is known already, and stays a person's.
      this.#addedTrackers.add(url);
    }
  }

  /** For the next run. */
  compose(content: Content | undefined): Kept {
    return {
      name: this.name,
      infoBytes: content?.info.infoBytes,
      outputFolder: this.outputFolder,
      storeKind: this.storeKind,
      priorities: content?.selection.priorities ?? [],
      // Once there are files, the priorities say it.
      selectedFiles: content === undefined ? this.#selectedFiles : undefined,
      wasted: this.wasted(content),
      addedAtMs: this.#addedAtMs,
      sequential: this.sequential,
      trackers: this.#trackerTiers,
      addedTrackers: [...this.#addedTrackers],
      webSeeds: this.webSeeds,
    };
  }
}
