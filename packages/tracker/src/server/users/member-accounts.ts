/**
 * The members of a private tracker in memory, and their accounts on their way to the database: an
 * announce looks up and adds up here, and a thread writes batches behind it.
 */
import type { Clock, Log, Random, Timer } from '@shoal/units';
import type { Membership, TransferNews } from '../admission/membership.ts';
import { DatabaseThread } from './database-thread.ts';
import { hashPasskey } from './passkey.ts';
import { TransferDeltas } from './transfer-deltas.ts';
import { type Transfer, UserDatabase } from './user-database.ts';

/** How often a batch is written, and how many accounts it has at most. */
const WRITE_PERIOD_MS = 250;
const BATCH_LENGTH = 1_000;
/** How often other processes' changes are looked for: a new user waits so long. */
const RELOAD_PERIOD_MS = 2_000;
/** Accounts that wait while nothing can be written; what comes to others is lost. */
const MAX_PENDING_COUNT = 500_000;
/** After a write that failed, the next one waits. */
const RETRY_DELAY_MS = 5_000;
/** Random bytes in the database that tracker ids are made with. */
const SECRET_LENGTH = 32;
/** How long opening waits for another process that is writing. */
const BUSY_TIMEOUT_MS = 5_000;

export interface MemberAccountsOptions {
  /** A file that `UserDatabase` reads; made if there is none. */
  readonly path: string;
  /** How long a client's last report is kept. */
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
  readonly #deltas: TransferDeltas;
  /** User number by hash of the passkey. */
  #members: ReadonlyMap<string, number>;
  /** By user and torrent, in the order in which they are written. */
  readonly #pending = new Map<string, Transfer>();
  readonly #timers: readonly Timer[];
  /** The batch that is being written. */
  #writing: Promise<boolean> | undefined;
  #reloading: Promise<void> | undefined;
  #retryMs = 0;

  /** @throws TrackerError `bad-database` */
  static async open(options: MemberAccountsOptions): Promise<MemberAccounts> {
    const secret = readSecret(options);
    const thread = new DatabaseThread(options.path);
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
    const { clock, maxBytesPerS } = options;
    this.secret = secret;
    this.#thread = thread;
    this.#members = members;
    this.#clock = clock;
    this.#log = options.log;
    this.#deltas = new TransferDeltas({
      lifetimeMs: 1_000 * options.peerLifetimeS,
      ...(maxBytesPerS && { maxBytesPerS }),
    });
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
    const delta = this.#deltas.take(member, news);
    if (delta === undefined) return;
    const infoHash = bytesOf(news.infoHash);
    const { uploaded, downloaded } = delta;
    const clippedCount = Number(delta.isClipped);
    this.#add({ userId: member, infoHash, uploaded, downloaded, clippedCount });
  }

  /** Writes all that is pending and ends the thread. */
  async close(): Promise<void> {
    for (const timer of this.#timers) timer.cancel();
    await Promise.all([this.#writing, this.#reloading]);
    while (this.#pending.size > 0 && (await this.#write()));
    if (this.#pending.size > 0) this.#log.error('accounts are lost', { count: this.#pending.size });
    await this.#thread.close();
  }

  #writeBehind(): void {
    const isDue = this.#pending.size > 0 && this.#clock.nowMs() >= this.#retryMs;
    if (!isDue || this.#writing !== undefined) return;
    this.#writing = this.#write().finally(() => {
      this.#writing = undefined;
    });
  }

  /** Writes one batch, which is pending again when that fails. @returns whether it was written */
  async #write(): Promise<boolean> {
    const batch: Transfer[] = [];
    for (const [key, transfer] of this.#pending) {
      if (batch.length === BATCH_LENGTH) break;
      batch.push(transfer);
      this.#pending.delete(key);
    }
    try {
      await this.#thread.write(batch, this.#clock.wallMs());
      return true;
    } catch (error) {
      for (const transfer of batch) this.#add(transfer);
      this.#retryMs = this.#clock.nowMs() + RETRY_DELAY_MS;
      this.#log.warn('accounts cannot be written', { reason: reasonOf(error) });
      return false;
    }
  }

  #add(transfer: Transfer): void {
    const key = `${transfer.userId}/${Buffer.from(transfer.infoHash).toString('latin1')}`;
    const before = this.#pending.get(key);
    if (before === undefined && this.#pending.size >= MAX_PENDING_COUNT) return;
    this.#pending.set(key, before === undefined ? transfer : sum(before, transfer));
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

function sum(a: Transfer, b: Transfer): Transfer {
  return {
    userId: a.userId,
    infoHash: a.infoHash,
    uploaded: a.uploaded + b.uploaded,
    downloaded: a.downloaded + b.downloaded,
    clippedCount: a.clippedCount + b.clippedCount,
  };
}

function bytesOf(infoHash: Int32Array): Uint8Array {
  const bytes = new DataView(new ArrayBuffer(20));
  for (const [index, word] of infoHash.entries()) bytes.setInt32(4 * index, word);
  return new Uint8Array(bytes.buffer);
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
