/** Finds out which pieces of one torrent are on disk, and what a resume state may claim of them. */
import { type FileMark, StoreError } from '@shoal/chunk-store';
import { Bitfield, type PieceIndex } from '@shoal/units';
import type { Content } from './content.ts';
import { EngineError } from './engine-error.ts';
import type { ResumeState } from './state/resume.ts';
import type { TorrentDisk } from './state/torrent-disk.ts';

/** What a state says of the pieces. */
export type Claim = Pick<ResumeState, 'pieces' | 'marks'>;

export interface ContentCheckOptions {
  readonly content: Content;
  readonly disk: TorrentDisk;
  /** Of the state of the last run: believed as far as the disk agrees. */
  readonly claim: Claim | undefined;
  /** Without a claim, what has its whole length is taken for complete. */
  readonly trustComplete: boolean;
  handleProgress(): void;
  /** What was stored could not be made durable. */
  handleStoreFault(error: StoreError): void;
}

export class ContentCheck {
  readonly #options: ContentCheckOptions;
  #claim: Claim | undefined;
  /** Pieces that were here when the last sync succeeded, and those that a check found. */
  #durable: Bitfield;
  /** A sync failed: what came since the one before it may not be on disk, whatever the next one says. */
  #isInDoubt = false;
  #isDone = false;
  #fraction = 0;
  #running: AbortController | undefined;
  #settled: Promise<void> = Promise.resolve();

  constructor(options: ContentCheckOptions) {
    this.#options = options;
    this.#claim = options.claim;
    this.#durable = new Bitfield(options.content.info.layout.pieceCount);
  }

  /** All that lies on disk is known. */
  get isDone(): boolean {
    return this.#isDone;
  }

  /** The pieces that the last run left, until a check has ended; undefined when it says nothing. */
  get claimed(): Bitfield | undefined {
    const pieces = this.#claim?.pieces;
    const { pieceCount } = this.#options.content.info.layout;
    return pieces?.length === pieceCount ? pieces : undefined;
  }

  /** 0..1 of what is being hashed. */
  get fraction(): number {
    return this.#fraction;
  }

  /**
   * Looks at the disk, hashing as little as is safe.
   * @returns the pieces that were not had before; undefined when it was aborted
   * @throws StoreError
   */
  run(): Promise<Bitfield | undefined> {
    if (this.#isInDoubt) return this.runAll();
    return this.#run(async (marks) => {
      const { content, disk, trustComplete } = this.#options;
      const { trusted, suspects } = disk.examine(marks, this.#claim, trustComplete);
      for (const index of trusted.indexes())
        if (this.#claim?.pieces?.has(index)) content.tracker.verified(index as PieceIndex);
        else content.adopt(index as PieceIndex);
      // Pieces of before a check that was cut off: their files may have gone since.
      for (const index of content.tracker.have.indexes())
        if (!trusted.has(index)) suspects.add(index);
      return suspects;
    });
  }

  /**
   * Ends transfers and hashes everything, whatever is known. What is in doubt is lost: it may be read
   * well, from memory.
   * @returns the pieces that were not had before; undefined when it was aborted
   * @throws StoreError
   */
  runAll(): Promise<Bitfield | undefined> {
    const { content } = this.#options;
    return this.#run(async () => {
      if (this.#isInDoubt) {
        for (const index of content.tracker.have.clone().indexes())
          if (!this.#durable.has(index)) content.lose(index as PieceIndex);
        return content.tracker.have.clone();
      }
      const all = new Bitfield(content.info.layout.pieceCount);
      all.fill();
      return all;
    }, content.stop());
  }

  /** Stops what is running. Resolves when it has stopped. */
  async abort(): Promise<void> {
    this.#running?.abort();
    await this.#settled;
  }

  /**
   * What a state may say now: the pieces that are here, made durable first, or else those that were
   * durable before; in the middle of a check, or before it, what the last state said.
   * @throws EngineError `state-unwritable` when the disk cannot be looked at
   */
  async claimable(): Promise<Claim> {
    if (!this.#isDone && !this.#isInDoubt) return this.#claim ?? { pieces: undefined, marks: [] };
    const { tracker, store, seal } = this.#options.content;
    try {
      // In this order: what is stored behind the marks makes them differ, so that it is hashed by
      // the next run even if no state claims it; and nothing is claimed that the sync did not reach.
      // Of what is sealed the marks of then: what was changed since is hashed by the next run, too.
      const marks = seal.marks ?? (await store.marks());
      const pieces = tracker.have.clone();
      if (!this.#isInDoubt) await this.#sync();
      if (!this.#isInDoubt) this.#durable = pieces;
      else
        for (const index of pieces.indexes()) if (!this.#durable.has(index)) pieces.delete(index);
      return { pieces, marks };
    } catch (error) {
      if (!(error instanceof StoreError)) throw error;
      const text = `cannot make the data durable: ${error.message}`;
      throw new EngineError('state-unwritable', text, error);
    }
  }

  /**
   * The system forgets what it could not write, and the next sync would succeed without it: until a
   * check has ended nothing is claimed but what was durable before.
   * @throws StoreError when there was no handle to begin with: the next one can do all of it
   */
  async #sync(): Promise<void> {
    try {
      await this.#options.content.store.sync();
    } catch (error) {
      if (!(error instanceof StoreError) || error.code === 'too-many-files') throw error;
      this.#isInDoubt = true;
      this.#isDone = false;
      this.#options.handleStoreFault(error);
    }
  }

  /** From the call on there is something to abort. @param stopped - transfers have ended */
  async #run(
    findSuspects: (marks: readonly FileMark[]) => Promise<Bitfield>,
    stopped?: Promise<void>,
  ): Promise<Bitfield | undefined> {
    const { store, tracker, seal } = this.#options.content;
    const before = this.abort();
    const running = new AbortController();
    const settled = Promise.withResolvers<void>();
    this.#running = running;
    this.#settled = settled.promise;
    this.#isDone = false;
    this.#fraction = 0;
    try {
      await Promise.all([before, stopped]);
      if (running.signal.aborted) return undefined;
      // A file that was removed, or put in the place of another, is still open here.
      await store.close();
      const { have } = tracker;
      const hadBefore = have.clone();
      // First, so that what is changed while it is hashed, or after that, is seen.
      const marks = await store.marks();
      const suspects = await findSuspects(marks);
      if (!running.signal.aborted) await this.#hash(suspects, running.signal);
      this.#isDone = !running.signal.aborted;
      if (!this.#isDone) return undefined;
      this.#claim = undefined;
      this.#isInDoubt = false;
      seal.close(marks);
      const found = have.clone();
      for (const index of hadBefore.indexes()) found.delete(index);
      // What came from peers is durable when a sync says so, however often it was hashed.
      for (const index of found.indexes()) this.#durable.add(index);
      return found;
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
