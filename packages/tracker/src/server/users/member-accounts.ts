/**
 * The members of a private tracker in memory, and what they report on its way to the database: an
 * announce is looked up and noted here, and a thread writes batches behind it. Any number of processes
 * may do so with one file.
 */
import type { Clock, Log, Random, Timer } from '@shoal/units';
import type { Membership, TransferNews } from '../admission/membership.ts';
import type { HeardReport } from './credit-report.ts';
import { DatabaseThread } from './database-thread.ts';
import { hashPasskey } from './passkey.ts';
import { UserDatabase } from './user-database.ts';

/** How often reports are written, and how many are in one transaction at most: others wait for it. */
const WRITE_PERIOD_MS = 250;
const BATCH_LENGTH = 1_000;
/** How often other processes' changes are looked for: a new user waits so long. */
const RELOAD_PERIOD_MS = 2_000;
/** Reports that wait while nothing can be written; later ones are lost, and made good by those after them. */
const MAX_PENDING_COUNT = 500_000;
/** After a write that failed, the next one waits. */
const RETRY_DELAY_MS = 5_000;
/** What a line can carry, in bytes/s each way: 1 Gbit/s. */
const DEFAULT_MAX_BYTES_PER_S = 125_000_000;
/** A report is kept for so many lifetimes of a peer: one announce may get lost. */
const SESSION_LIFETIMES = 2;
/** Counts stay where numbers are exact. */
const LARGEST = Number.MAX_SAFE_INTEGER;
/** Random bytes in the database that tracker ids are made with. */
const SECRET_LENGTH = 32;
/** How long opening waits for another process that is writing. */
const BUSY_TIMEOUT_MS = 5_000;

export interface MemberAccountsOptions {
  /** A file that `UserDatabase` reads; made if there is none. */
  readonly path: string;
  /** As of the server: a client's last report is kept for twice as long. */
  readonly peerLifetimeS: number;
  /** What a line can carry each way; default 125,000,000. */
  readonly maxBytesPerS?: number;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
}

export class MemberAccounts implements Membership {
  readonly secret: Uint8Array;
  readonly #thread: DatabaseThread;
  readonly #clock: Clock;
  readonly #log: Log;
  /** Wall time minus that of the clock, at the start: reports of several processes are compared. */
  readonly #offsetMs: number;
  /** User number by hash of the passkey. */
  #members: ReadonlyMap<string, number>;
  /** In the order in which they were heard. */
  #pending: HeardReport[] = [];
  readonly #timers: readonly Timer[];
  #writing: Promise<boolean> | undefined;
  #reloading: Promise<void> | undefined;
  #retryMs = 0;

  /** @throws TrackerError `bad-database` */
  static async open(options: MemberAccountsOptions): Promise<MemberAccounts> {
    const secret = readSecret(options);
    const { path, peerLifetimeS, maxBytesPerS = DEFAULT_MAX_BYTES_PER_S } = options;
    const lifetimeMs = 1_000 * SESSION_LIFETIMES * peerLifetimeS;
    const thread = new DatabaseThread({ path, lifetimeMs, maxBytesPerS });
    try {
      return new MemberAccounts(thread, (await thread.changedMembers())!, secret, options);
    } catch (error) {
      await thread.close();
      throw error;
    }
  }

  private constructor(
    thread: DatabaseThread,
    members: ReadonlyMap<string, number>,
    secret: Uint8Array,
    options: MemberAccountsOptions,
  ) {
    const { clock } = options;
    this.secret = secret;
    this.#thread = thread;
    this.#members = members;
    this.#clock = clock;
    this.#log = options.log;
    this.#offsetMs = clock.wallMs() - clock.nowMs();
    this.#timers = [
      clock.every(WRITE_PERIOD_MS, () => this.#writeBehind()),
      clock.every(RELOAD_PERIOD_MS, () => {
        this.#reloading = this.#reload();
      }),
    ];
  }

  find(passkey: string): number | undefined {
    return this.#members.get(hashPasskey(passkey));
  }

  record(member: number, news: TransferNews): void {
    if (this.#pending.length >= MAX_PENDING_COUNT) return;
    const { infoHash, peerId, key, isStarted, isStopped, uploaded, downloaded, before } = news;
    this.#pending.push({
      userId: member,
      infoHash: bytesOf(infoHash),
      peerId: Uint8Array.from(Buffer.from(peerId, 'latin1')),
      ...{ key, isStarted, hasEnded: isStopped },
      uploaded: Math.min(uploaded, LARGEST),
      downloaded: Math.min(downloaded, LARGEST),
      heardMs: this.#heardMs(news.nowMs),
      ...(before && { before: { ...before, heardMs: this.#heardMs(before.heardMs) } }),
    });
  }

  /** Writes all that is pending and ends the thread. */
  async close(): Promise<void> {
    for (const timer of this.#timers) timer.cancel();
    await Promise.all([this.#writing, this.#reloading]);
    await this.#writeAll();
    const count = this.#pending.length;
    if (count > 0) this.#log.error('accounts are lost', { count });
    await this.#thread.close();
  }

  #writeBehind(): void {
    const isDue = this.#pending.length > 0 && this.#clock.nowMs() >= this.#retryMs;
    if (!isDue || this.#writing !== undefined) return;
    this.#writing = this.#writeAll().finally(() => {
      this.#writing = undefined;
    });
  }

  /** @returns whether nothing is pending */
  async #writeAll(): Promise<boolean> {
    while (this.#pending.length > 0) if (!(await this.#write())) return false;
    return true;
  }

  /** Writes one batch, which stays pending when that fails. @returns whether it was written */
  async #write(): Promise<boolean> {
    const heardMs = this.#heardMs(this.#clock.nowMs());
    const batch = this.#pending.slice(0, BATCH_LENGTH);
    try {
      await this.#thread.write(batch, heardMs, this.#clock.wallMs());
      this.#pending = this.#pending.slice(batch.length);
      return true;
    } catch (error) {
      this.#retryMs = this.#clock.nowMs() + RETRY_DELAY_MS;
      this.#log.warn('accounts cannot be written', { reason: reasonOf(error) });
      return false;
    }
  }

  /** Whole milliseconds since 1970 for a moment of the clock. */
  #heardMs(nowMs: number): number {
    return Math.round(nowMs + this.#offsetMs);
  }

  async #reload(): Promise<void> {
    try {
      this.#members = (await this.#thread.changedMembers()) ?? this.#members;
    } catch (error) {
      this.#log.warn('users cannot be read', { reason: reasonOf(error) });
    }
  }
}

/** Makes the database, or looks whether it is one. @throws TrackerError `bad-database` */
function readSecret({ path, random }: MemberAccountsOptions): Uint8Array {
  const database = UserDatabase.open(path, BUSY_TIMEOUT_MS);
  try {
    return database.secret(random.bytes(SECRET_LENGTH));
  } finally {
    database.close();
  }
}

function bytesOf(infoHash: Int32Array): Uint8Array {
  const bytes = new DataView(new ArrayBuffer(20));
  for (const [index, word] of infoHash.entries()) bytes.setInt32(4 * index, word);
  return new Uint8Array(bytes.buffer);
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
