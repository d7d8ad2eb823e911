/** Loads the resume state of one torrent and keeps it up to date on disk. */
import { BencodeError } from '@shoal/bencode';
import type { Clock } from '@shoal/units';
import { EngineError } from '../engine-error.ts';
import { decodeResume, encodeResume, type ResumeState } from './resume.ts';
import type { StateFolder } from './state-folder.ts';

/** A state is written at most this often while pieces come; each costs an fsync of the files. */
const SAVE_EVERY_MS = 10_000;
/** For totals alone it is written so seldom: with a seeder nothing else changes for weeks. */
const TRAFFIC_SAVE_MS = 60_000;
/** The first comes sooner: the first peers of a torrent that was just added outlive a crash. */
const FIRST_SAVE_MS = 2_000;
/** What a person has set is saved this soon: several commands in a row cost one write. */
const WISH_SAVE_MS = 1_000;

export interface ResumeKeeperOptions {
  /** Hex. */
  readonly infoHash: string;
  readonly folder: StateFolder;
  readonly clock: Clock;
  /** What to write: makes the data durable first, then says what it claims. */
  compose(): Promise<ResumeState>;
  /** Payload of this run in bytes, both ways: its totals are worth a save of their own. */
  movedLength(): number;
  handleWriteError(error: EngineError): void;
}

export class ResumeKeeper {
  readonly #options: ResumeKeeperOptions;
  #isDirty = false;
  #nextSaveMs: number;
  /** When a person's wish is to be saved, however lately the last save was. */
  #wishSaveMs = Number.POSITIVE_INFINITY;
  /** When totals may be saved that nothing else comes with. */
  #trafficSaveMs: number;
  /** What had moved by the last save, and how long the state was. */
  #saved = { movedLength: 0, stateLength: 0 };
  #saving: Promise<void> | undefined;
  #closed: Promise<void> | undefined;

  constructor(options: ResumeKeeperOptions) {
    this.#options = options;
    const nowMs = options.clock.nowMs();
    this.#nextSaveMs = nowMs + FIRST_SAVE_MS;
    this.#trafficSaveMs = nowMs + TRAFFIC_SAVE_MS;
  }

  /** What the last run left. */
  load(): Promise<FoundState> {
    return readState(this.#options.folder, this.#options.infoHash);
  }

  markDirty(): void {
    this.#isDirty = true;
  }

  /** A person has changed something: it is saved within a second or two. */
  markWished(): void {
    this.#isDirty = true;
    this.#wishSaveMs = Math.min(this.#wishSaveMs, this.#options.clock.nowMs() + WISH_SAVE_MS);
  }

  /** Once a second: saves when it is time. */
  tick(nowMs: number): void {
    if (this.#saving === undefined && this.#isDue(nowMs)) void this.save();
  }

  /** Saves now. A state that cannot be written is told, and tried again later. */
  async save(): Promise<void> {
    while (this.#saving !== undefined) await this.#saving;
    if (this.#closed !== undefined) return;
    this.#saving = this.#save();
    await this.#saving;
  }

  /** Saves a last time: from the call on, no other save begins. Idempotent. */
  close(): Promise<void> {
    this.#closed ??= this.#close();
    return this.#closed;
  }

  #isDue(nowMs: number): boolean {
    if (this.#isDirty) return nowMs >= Math.min(this.#nextSaveMs, this.#wishSaveMs);
    // A state of megabytes is not written for less than that: a disk must not wear by it.
    const movedLength = this.#options.movedLength() - this.#saved.movedLength;
    return nowMs >= this.#trafficSaveMs && movedLength > this.#saved.stateLength;
  }

  async #close(): Promise<void> {
    while (this.#saving !== undefined) await this.#saving;
    await this.#save();
  }

  async #save(): Promise<void> {
    const { clock, folder, infoHash, compose } = this.#options;
    const startedMs = clock.nowMs();
    const movedLength = this.#options.movedLength();
    this.#isDirty = false;
    this.#wishSaveMs = Number.POSITIVE_INFINITY;
    try {
      const bytes = encodeResume(await compose());
      await folder.write(infoHash, bytes);
      this.#saved = { movedLength, stateLength: bytes.length };
    } catch (error) {
      this.#isDirty = true;
      if (!(error instanceof EngineError)) throw error;
      this.#options.handleWriteError(error);
    } finally {
      // A slow disk is not kept busy with states: a tenth of the time at most.
      const tookMs = clock.nowMs() - startedMs;
      this.#nextSaveMs = clock.nowMs() + Math.max(SAVE_EVERY_MS, tookMs * 10);
      this.#trafficSaveMs = clock.nowMs() + Math.max(TRAFFIC_SAVE_MS, tookMs * 10);
      this.#saving = undefined;
    }
  }
}

/** What there is of a torrent's state. */
export interface FoundState {
  /** The newest that is intact, or else what a damaged one still says; undefined when there is none. */
  readonly state: ResumeState | undefined;
  /** The newest copy could not be believed. */
  readonly isDamaged: boolean;
}

/** Looks at the newest state, then at its former copy. @param infoHash - hex */
export async function readState(folder: StateFolder, infoHash: string): Promise<FoundState> {
  let isDamaged = false;
  let salvaged: ResumeState | undefined;
  for (const bytes of await folder.read(infoHash)) {
    try {
      const { state, isIntact } = decodeResume(bytes, infoHash);
      if (isIntact) return { state, isDamaged };
      salvaged ??= state;
    } catch (error) {
      if (!(error instanceof BencodeError)) throw error;
    }
    isDamaged = true;
  }
  return { state: salvaged, isDamaged };
}
