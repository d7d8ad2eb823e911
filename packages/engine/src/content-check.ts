/** Finds out which pieces of one torrent are on disk, and what a resume state may claim of them. */
import { type FileMark, StoreError } from '@shoal/chunk-store';
import { Bitfield, type PieceIndex } from '@shoal/units';
import type { Content } from './content.ts';
import { EngineError } from './engine-error.ts';
import type { ResumeState } from './state/resume.ts';
import type { TorrentDisk } from './state/torrent-disk.ts';

export interface ContentCheckOptions {
  readonly content: Content;
  readonly disk: TorrentDisk;
  /** The state of the last run: believed as far as the disk agrees. */
  readonly claim: ResumeState | undefined;
  /** Without a claim, what has its whole length is taken for complete. */
  readonly trustComplete: boolean;
  handleProgress(): void;
}

export class ContentCheck {
  readonly #options: ContentCheckOptions;
  #claim: ResumeState | undefined;
  #isDone = false;
  #fraction = 0;
  #running: AbortController | undefined;
  #settled: Promise<void> = Promise.resolve();

  constructor(options: ContentCheckOptions) {
    this.#options = options;
    this.#claim = options.claim;
  }

  /** All that lies on disk is known. */
  get isDone(): boolean {
    return this.#isDone;
  }

  /** 0..1 of what is being hashed. */
  get fraction(): number {
    return this.#fraction;
  }

  /** Looks at the disk, hashing as little as is safe. @returns false when it was aborted; @throws StoreError */
  run(): Promise<boolean> {
    return this.#run(async () => {
      const { content, disk, trustComplete } = this.#options;
      const { trusted, suspects } = await disk.examine(this.#claim, trustComplete);
      for (const index of trusted.indexes()) content.tracker.verified(index as PieceIndex);
      return suspects;
    });
  }

  /** Hashes everything, whatever is known. @returns false when it was aborted; @throws StoreError */
  runAll(): Promise<boolean> {
    return this.#run(async () => {
      // A file that was removed, or put in the place of another, is still open here.
      await this.#options.content.store.close();
      const all = new Bitfield(this.#options.content.info.layout.pieceCount);
      all.fill();
      return all;
    });
  }

  /** Stops what is running. Resolves when it has stopped. */
  async abort(): Promise<void> {
    this.#running?.abort();
    await this.#settled;
  }

  /**
   * What a state may say now: the pieces that are here, made durable first; in the middle of a
   * check, or before it, what the last state said.
   * @throws EngineError `state-unwritable` when the data cannot be made durable
   */
  async claimable(): Promise<Pick<ResumeState, 'pieces' | 'marks'>> {
    if (!this.#isDone) return { pieces: this.#claim?.pieces, marks: this.#claim?.marks ?? [] };
    const { tracker, store } = this.#options.content;
    try {
      // In this order: what is stored behind the marks makes them differ, so that it is hashed by
      // the next run even if no state claims it; and nothing is claimed that the sync did not reach.
      const marks: readonly FileMark[] = await store.marks();
      const pieces = tracker.have.clone();
      await store.sync();
      return { pieces, marks };
    } catch (error) {
      if (!(error instanceof StoreError)) throw error;
      const text = `cannot make the data durable: ${error.message}`;
      throw new EngineError('state-unwritable', text, error);
    }
  }

  async #run(findSuspects: () => Promise<Bitfield>): Promise<boolean> {
    await this.abort();
    const running = new AbortController();
    const settled = Promise.withResolvers<void>();
    this.#running = running;
    this.#settled = settled.promise;
    this.#isDone = false;
    this.#fraction = 0;
    try {
      const suspects = await findSuspects();
      if (!running.signal.aborted) await this.#hash(suspects, running.signal);
      this.#isDone = !running.signal.aborted;
      if (this.#isDone) this.#claim = undefined;
      return this.#isDone;
    } finally {
      settled.resolve();
    }
  }

  #hash(suspects: Bitfield, signal: AbortSignal): Promise<void> {
    const { content, handleProgress } = this.#options;
    return content.check(suspects, signal, (checkedCount) => {
      this.#fraction = checkedCount / suspects.count;
      handleProgress();
    });
  }
}
