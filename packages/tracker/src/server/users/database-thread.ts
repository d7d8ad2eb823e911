/**
 * A thread that has the database of users open, so that nothing else waits for the disk: a batch of
 * 250 reports takes some 5 ms, and 200 ms when the disk is told to keep it. Each process of a tracker
 * has one; a batch is one transaction, in which each report is compared with the one before that any
 * of them wrote.
 *
 * | to the thread                            | from it                                    |
 * |------------------------------------------|--------------------------------------------|
 * | { id, reports, heardMs, wallMs }: write  | { id, value: undefined } or { id, error }  |
 * | { id }: look for changes by others       | { id, value: [hash, user][] or undefined } |
 */
import { Worker } from 'node:worker_threads';
import { TrackerError } from '../../protocol/tracker-error.ts';
import { creditReport, type HeardReport, type Session } from './credit-report.ts';
import {
  ADD_TRANSFER,
  COUNT_MEMBER_CHANGES,
  COUNT_SESSIONS,
  DROP_SESSIONS,
  FIND_SESSION,
  LIST_MEMBERS,
  NTH_SESSION,
  PUT_SESSION,
} from './user-schema.ts';

/** How long a write may wait for another process that is writing. */
const BUSY_TIMEOUT_MS = 5_000;
/** By how much the clocks of several machines may differ; a report of later than that is of a wrong one. */
const MAX_AHEAD_MS = 30_000;
/** Sessions kept, some 100 bytes each; the half heard of the longest time ago makes room. */
const MAX_SESSION_COUNT = 500_000;
/** Their number is looked at after so many reports at the latest. */
const TRIM_COUNT = 100_000;

interface Reply {
  readonly id: number;
  readonly value?: unknown;
  readonly error?: string;
}

interface Waiter {
  resolve(value: unknown): void;
  reject(error: Error): void;
}

export interface DatabaseThreadOptions {
  /** A database that `UserDatabase` has made. */
  readonly path: string;
  /** How long a session is kept. */
  readonly lifetimeMs: number;
  /** What a line can carry each way. */
  readonly maxBytesPerS: number;
}

export class DatabaseThread {
  readonly #worker: Worker;
  readonly #waiting = new Map<number, Waiter>();
  #lastId = 0;
  #hasEnded = false;

  constructor({ path, ...options }: DatabaseThreadOptions) {
    this.#worker = new Worker(`(${runThread.toString()})(${creditReport.toString()})`, {
      eval: true,
      execArgv: ['--no-warnings'],
      workerData: {
        path,
        options,
        limits: { BUSY_TIMEOUT_MS, MAX_AHEAD_MS, MAX_SESSION_COUNT, TRIM_COUNT },
        sql: {
          ...{ ADD_TRANSFER, LIST_MEMBERS, COUNT_MEMBER_CHANGES },
          ...{ FIND_SESSION, PUT_SESSION, COUNT_SESSIONS, DROP_SESSIONS, NTH_SESSION },
        },
      },
    });
    this.#worker.on('message', (reply: Reply) => this.#settle(reply));
    this.#worker.on('error', (error) => this.#fail(error));
    this.#worker.on('exit', () => this.#fail(undefined));
  }

  /**
   * Adds what the reports say to accounts, all or none.
   * @param heardMs - the time on the clock of the reports
   * @param wallMs - what is noted in the accounts
   * @throws TrackerError `bad-database`: the file is locked, the disk is full, the thread has ended
   */
  async write(reports: readonly HeardReport[], heardMs: number, wallMs: number): Promise<void> {
    await this.#ask({ reports, heardMs, wallMs });
  }

  /**
   * Looks whether another process has changed a member since the last time; the first time it has.
   * @returns user number by hash of the passkey, undefined when nothing has changed
   * @throws TrackerError `bad-database`
   */
  async changedMembers(): Promise<ReadonlyMap<string, number> | undefined> {
    const members = (await this.#ask({})) as [string, number][] | undefined;
    return members && new Map(members);
  }

  /** Ends the thread; what was asked before is lost unless it was waited for. */
  async close(): Promise<void> {
    await this.#worker.terminate();
  }

  #ask(question: object): Promise<unknown> {
    return new Promise((resolve, reject) => {
      const id = ++this.#lastId;
      if (this.#hasEnded) return reject(ended());
      this.#waiting.set(id, { resolve, reject });
      this.#worker.postMessage({ id, ...question });
    });
  }

  #settle({ id, value, error }: Reply): void {
    const waiter = this.#waiting.get(id);
    this.#waiting.delete(id);
    if (error === undefined) waiter?.resolve(value);
    else waiter?.reject(new TrackerError('bad-database', error));
  }

  #fail(cause: unknown): void {
    this.#hasEnded = true;
    for (const { reject } of this.#waiting.values()) reject(ended(cause));
    this.#waiting.clear();
  }
}

function ended(cause?: unknown): TrackerError {
  return new TrackerError('bad-database', 'the thread of the database has ended', { cause });
}

/**
 * What the thread runs. Its text is handed over, so that it needs no file of its own in any bundle:
 * it uses nothing from outside itself.
 */
function runThread(credit: typeof creditReport): void {
  const { parentPort, workerData } = process.getBuiltinModule('node:worker_threads');
  const { DatabaseSync } = process.getBuiltinModule('node:sqlite');
  const { path, options, limits, sql } = workerData;
  const database = new DatabaseSync(path);
  database.exec(`PRAGMA busy_timeout = ${limits.BUSY_TIMEOUT_MS}; PRAGMA synchronous = NORMAL`);
  const addTransfer = database.prepare(sql.ADD_TRANSFER);
  const listMembers = database.prepare(sql.LIST_MEMBERS);
  const findSession = database.prepare(sql.FIND_SESSION);
  const putSession = database.prepare(sql.PUT_SESSION);
  const countChanges = database.prepare(sql.COUNT_MEMBER_CHANGES);
  const maxBytesPerMs = options.maxBytesPerS / 1_000;
  let changeCount: unknown;
  let nextTrimMs = Number.NEGATIVE_INFINITY;
  let untrimmedCount = 0;

  const take = (report: HeardReport, latestMs: number, wallMs: number): void => {
    const { userId, infoHash, peerId, uploaded, downloaded, heardMs, key, hasEnded } = report;
    const kept = findSession.get(userId, infoHash, peerId) as Session | undefined;
    const found = credit(kept, report, latestMs, maxBytesPerMs);
    if (found === undefined) return;
    const rest = [uploaded, downloaded, heardMs, key, Number(hasEnded)];
    putSession.run(userId, infoHash, peerId, ...rest);
    if (found.uploaded === 0 && found.downloaded === 0 && !found.isClipped) return;
    const { uploaded: up, downloaded: down, isClipped } = found;
    addTransfer.run(userId, infoHash, up, down, Number(isClipped), wallMs);
  };
  const trim = (heardMs: number): void => {
    database.prepare(sql.DROP_SESSIONS).run(heardMs - options.lifetimeMs);
    const { count } = database.prepare(sql.COUNT_SESSIONS).get()!;
    if (Number(count) <= limits.MAX_SESSION_COUNT) return;
    const nth = database.prepare(sql.NTH_SESSION).get(limits.MAX_SESSION_COUNT / 2);
    database.prepare(sql.DROP_SESSIONS).run(nth!.heardMs!);
  };
  const write = (reports: HeardReport[], heardMs: number, wallMs: number): void => {
    database.exec('BEGIN IMMEDIATE');
    try {
      for (const report of reports) take(report, heardMs + limits.MAX_AHEAD_MS, wallMs);
      const isDue = heardMs >= nextTrimMs || untrimmedCount >= limits.TRIM_COUNT;
      if (isDue) trim(heardMs);
      database.exec('COMMIT');
      untrimmedCount = isDue ? 0 : untrimmedCount + reports.length;
      if (isDue) nextTrimMs = heardMs + options.lifetimeMs / 4;
    } catch (error) {
      if (database.isTransaction) database.exec('ROLLBACK');
      throw error;
    }
  };
  const changedMembers = (): unknown[] | undefined => {
    const { count } = countChanges.get()!;
    if (count === changeCount) return undefined;
    const members = listMembers.all().map((row) => [row.passkey_hash, row.id]);
    changeCount = count;
    return members;
  };
  parentPort?.on('message', ({ id, reports, heardMs, wallMs }) => {
    try {
      const value = reports === undefined ? changedMembers() : write(reports, heardMs, wallMs);
      parentPort.postMessage({ id, value });
    } catch (error) {
      parentPort.postMessage({ id, error: error instanceof Error ? error.message : String(error) });
    }
  });
}
