/** Moves one torrent from state to state: begins, checks, runs, halts, goes on. */
import { StoreError } from '@shoal/chunk-store';
import type { Bitfield } from '@shoal/units';
import type { Content } from './content.ts';
import type { ContentCheck } from './content-check.ts';
import type { Opened } from './open-content.ts';
import type { ResumeKeeper } from './state/resume-keeper.ts';
import type { TorrentNetwork } from './torrent-network.ts';
import type { TorrentParts } from './torrent-parts.ts';
import type { TorrentReporter } from './torrent-reporter.ts';
import { canMove, type TorrentStatus } from './torrent-status.ts';

/** A torrent that stopped for want of room, or of open files, tries again this often. */
const RETRY_MS = 60_000;
/** Faults that pass by themselves. */
const PASSING_FAULTS: readonly string[] = ['disk-full', 'too-many-files'];
/** Faults that leave what is on disk as it was: no new check is needed. */
const HARMLESS_FAULTS: readonly string[] = ['disk-full', 'too-many-files', 'no-permission'];

export interface TorrentLifeOptions {
  readonly parts: TorrentParts;
  readonly network: TorrentNetwork;
  readonly reporter: TorrentReporter;
  readonly keeper: ResumeKeeper;
}

export class TorrentLife {
  readonly #options: TorrentLifeOptions;
  #status: TorrentStatus = { name: 'paused' };
  #known: Opened | undefined;
  /** The user's wish, which outlives the end of the program; to be set before it starts. */
  isPaused = false;
  /** Transfers of the last halt have ended. */
  #halted: Promise<void> = Promise.resolve();
  /** Trackers have heard of it. */
  #goodbye: Promise<void> = Promise.resolve();
  #startedAtMs = 0;
  /** Bytes of the pieces that came since it was complete last. */
  #fetchedLength = 0;
  #retryAtMs = Number.POSITIVE_INFINITY;

  constructor(options: TorrentLifeOptions) {
    this.#options = options;
  }

  get status(): TorrentStatus {
    return this.#status;
  }

  /** Resolves when the trackers have heard that it stopped: that may take them long. */
  get goodbye(): Promise<void> {
    return this.#goodbye;
  }

  get #nowMs(): number {
    return this.#options.parts.clock.nowMs();
  }

  get #isRunning(): boolean {
    return this.#status.name === 'downloading' || this.#status.name === 'seeding';
  }

  /** The metadata is known; before `start`, or while it is being fetched. */
  setContent(opened: Opened): void {
    this.#known = opened;
    if (this.#status.name === 'metadata') this.#checkDisk();
  }

  start(): void {
    if (!this.isPaused) this.#begin();
  }

  /** Once a second. */
  tick(nowMs: number): void {
    if (nowMs >= this.#retryAtMs) this.#goOnSoon();
  }

  async pause(): Promise<void> {
    this.isPaused = true;
    this.#retryAtMs = Number.POSITIVE_INFINITY;
    await this.#halt({ name: 'paused' }, 'paused');
  }

  resume(): void {
    this.isPaused = false;
    this.#goOnSoon();
  }

  /** Ends for good. Resolves when all transfers have ended. */
  close(): Promise<void> {
    return this.#halt({ name: 'closed' }, 'the torrent was closed');
  }

  /** Hashes again all that lies on disk. */
  async verify(): Promise<void> {
    if (this.#known === undefined) return;
    // What is fetched after it is timed from here on.
    if (this.#status.name === 'seeding') this.#startedAtMs = this.#nowMs;
    if (this.#move({ name: 'checking' })) await this.#finishCheck(this.#known.check.runAll());
  }

  /** What is wanted, or what is here, has changed. */
  reconsider(): void {
    if (this.#isRunning) this.#run();
  }

  /** A piece of `length` bytes came: the last one turns a leecher into a seeder. */
  handleVerified(length: number): void {
    this.#fetchedLength += length;
    if (this.#known?.content.isDone && this.#status.name === 'downloading') this.#run();
  }

  /** This machine cannot store or read. @throws what is no StoreError: a fault of ours */
  handleStoreFault(error: unknown): void {
    if (!(error instanceof StoreError)) throw error;
    if (this.#status.name === 'error' || this.#status.name === 'closed') return;
    // A write that was under way when a person paused it may fail after that: nothing goes on by itself.
    if (PASSING_FAULTS.includes(error.code) && !this.isPaused)
      this.#retryAtMs = this.#nowMs + RETRY_MS;
    this.fail(error.code, error.message);
  }

  /** Stops it with a reason for people. */
  fail(code: string, message: string): void {
    const { reporter, keeper } = this.#options;
    void this.#halt({ name: 'error', code, message }, message).then(() => keeper.save());
    reporter.failed(code, message);
  }

  #move(status: TorrentStatus): boolean {
    if (!canMove(this.#status.name, status.name)) return false;
    this.#status = status;
    this.#options.parts.markChanged();
    return true;
  }

  /** From the start: to metadata or checking, whichever comes first. */
  #begin(): void {
    this.#startedAtMs = this.#nowMs;
    if (this.#known !== undefined) this.#checkDisk();
    else if (this.#move({ name: 'metadata' })) this.#options.network.open();
  }

  /** When the transfers of the last halt have ended. */
  #goOnSoon(): void {
    this.#retryAtMs = Number.POSITIVE_INFINITY;
    void this.#halted.then(() => this.#goOn());
  }

  /** After a pause or an error. */
  #goOn(): void {
    const status = this.#status;
    if (this.isPaused || (status.name !== 'paused' && status.name !== 'error')) return;
    const isHarmless = status.name !== 'error' || HARMLESS_FAULTS.includes(status.code);
    this.#options.keeper.markWished();
    if (!this.#known?.check.isDone) this.#begin();
    else if (isHarmless) this.#run();
    else void this.verify();
  }

  /** Ends all transfers; the status says why. Resolves before the trackers have heard of it. */
  async #halt(status: TorrentStatus, reason: string): Promise<void> {
    if (!this.#move(status)) return;
    this.#goodbye = this.#options.network.close(reason);
    const ends = [this.#known?.check.abort(), this.#known?.content.stop()];
    this.#halted = Promise.all(ends).then(() => undefined);
    await this.#halted;
  }

  #checkDisk(): void {
    if (this.#move({ name: 'checking' })) void this.#finishCheck(this.#known!.check.run());
  }

  /** Runs when the check is done; an aborted one leaves all as it is. */
  async #finishCheck(check: ReturnType<ContentCheck['run']>): Promise<void> {
    const { reporter, network, keeper } = this.#options;
    let found: Bitfield | undefined;
    try {
      found = await check;
      if (found === undefined || this.#status.name !== 'checking') return;
    } catch (error) {
      return this.handleStoreFault(error);
    }
    const { have, layout } = this.#known!.content.tracker;
    const { pieceCount } = layout;
    reporter.note('info', `checked: ${have.count} of ${pieceCount} pieces are here`);
    reporter.emit({ type: 'checked', goodPieces: have.count, pieceCount });
    network.swarm.haves?.announceFound(found);
    keeper.markDirty();
    if (this.isPaused) this.#move({ name: 'paused' });
    else this.#run();
  }

  /** To downloading or seeding, whichever is true. */
  #run(): void {
    const { network } = this.#options;
    const { content } = this.#known!;
    const { isDone } = content;
    const name = isDone ? 'seeding' : 'downloading';
    const isNew = this.#status.name !== name;
    if (this.#status.name === 'seeding' && !isDone) this.#startedAtMs = this.#nowMs;
    if (isNew && !this.#move({ name })) return;
    content.uploader.enable();
    if (isDone) {
      content.downloader.disable();
      network.becomeSeeder();
      network.open();
      if (isNew) void this.#finish(content);
    } else {
      if (isNew) {
        network.becomeLeecher();
        content.seal.open();
      }
      content.fetch();
      network.open();
    }
  }

  /** Everything that is wanted is there: makes it durable, then says so, if anything is wanted. */
  async #finish(content: Content): Promise<void> {
    const { reporter, network, keeper } = this.#options;
    try {
      await content.store.finish();
      if (content.seal.marks === undefined) {
        const marks = await content.store.marks();
        if (this.#status.name === 'seeding') content.seal.close(marks);
      }
    } catch (error) {
      return this.handleStoreFault(error);
    }
    await keeper.save();
    if (this.#status.name !== 'seeding' || content.selection.isNothing) return;
    // Who took some of the files has not completed the torrent (BEP 3).
    if (content.tracker.have.isFull) network.sources.announcer.complete();
    reporter.note('info', 'complete and verified');
    reporter.emit({
      type: 'complete',
      name: content.info.name,
      length: content.selection.wantedLength,
      fetchedLength: this.#fetchedLength,
      elapsedMs: Math.round(this.#nowMs - this.#startedAtMs),
    });
    this.#fetchedLength = 0;
  }
}
