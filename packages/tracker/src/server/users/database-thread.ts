/**
 * A thread that has the database of users open, so that nothing else waits for the disk: a batch of
 * 250 accounts takes some 5 ms, and 200 ms when the disk is told to keep it.
 *
 * | to the thread                        | from it                                    |
 * |--------------------------------------|--------------------------------------------|
 * | { id, transfers, heardMs }: write    | { id, value: undefined } or { id, error }  |
 * | { id }: look for changes by others   | { id, value: [hash, user][] or undefined } |
 */
import { Worker } from 'node:worker_threads';
import { TrackerError } from '../../protocol/tracker-error.ts';
import type { Transfer } from './user-database.ts';
import { ADD_TRANSFER, LIST_MEMBERS } from './user-schema.ts';

/** How long a write may wait for another process that is writing. */
const BUSY_TIMEOUT_MS = 5_000;

interface Reply {
  readonly id: number;
  readonly value?: unknown;
  readonly error?: string;
}

interface Waiter {
  resolve(value: unknown): void;
  reject(error: Error): void;
}

export class DatabaseThread {
  readonly #worker: Worker;
  readonly #waiting = new Map<number, Waiter>();
  #lastId = 0;
  #hasEnded = false;

  /** @param path - a database that `UserDatabase` has made */
  constructor(path: string) {
    this.#worker = new Worker(`(${runThread.toString()})()`, {
      eval: true,
      execArgv: ['--no-warnings'],
      workerData: { path, ADD_TRANSFER, LIST_MEMBERS, BUSY_TIMEOUT_MS },
    });
    this.#worker.on('message', (reply: Reply) => this.#settle(reply));
    this.#worker.on('error', (error) => this.#fail(error));
    this.#worker.on('exit', () => this.#fail(undefined));
  }

  /**
   * Adds to accounts, all or none.
   * @throws TrackerError `bad-database`: the file is locked, the disk is full, the thread has ended
   */
  async write(transfers: readonly Transfer[], heardMs: number): Promise<void> {
    await this.#ask({ transfers, heardMs });
  }

  /**
   * Looks whether another process has changed something since the last time; the first time it has.
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
function runThread(): void {
  const { parentPort, workerData } = process.getBuiltinModule('node:worker_threads');
  const { DatabaseSync } = process.getBuiltinModule('node:sqlite');
  const database = new DatabaseSync(workerData.path);
  database.exec(`PRAGMA busy_timeout = ${workerData.BUSY_TIMEOUT_MS}; PRAGMA synchronous = NORMAL`);
  const addTransfer = database.prepare(workerData.ADD_TRANSFER);
  const listMembers = database.prepare(workerData.LIST_MEMBERS);
  const readVersion = database.prepare('PRAGMA data_version');
  let version = Number.NaN;

  const write = (transfers: Transfer[], heardMs: number): void => {
    database.exec('BEGIN IMMEDIATE');
    try {
      for (const { userId, infoHash, uploaded, downloaded, clippedCount } of transfers)
        addTransfer.run(userId, infoHash, uploaded, downloaded, clippedCount, heardMs);
      database.exec('COMMIT');
    } catch (error) {
      if (database.isTransaction) database.exec('ROLLBACK');
      throw error;
    }
  };
  const changedMembers = (): unknown[] | undefined => {
    const present = Number(readVersion.get()?.data_version);
    if (present === version) return undefined;
    const members = listMembers.all().map((row) => [row.passkey_hash, row.id]);
    version = present;
    return members;
  };
  parentPort?.on('message', ({ id, transfers, heardMs }) => {
    try {
      const value = transfers === undefined ? changedMembers() : write(transfers, heardMs);
      parentPort.postMessage({ id, value });
    } catch (error) {
      parentPort.postMessage({ id, error: error instanceof Error ? error.message : String(error) });
    }
  });
}
