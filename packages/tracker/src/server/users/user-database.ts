/** The users of a private tracker and what each has moved, in a file of SQLite. */
import { closeSync, openSync } from 'node:fs';
import type { DatabaseSync, SQLOutputValue } from 'node:sqlite';
import { pathToFileURL } from 'node:url';
import { type InfoHash, toInfoHash } from '@shoal/units';
import { TrackerError } from '../../protocol/tracker-error.ts';
import { ADDITIONS, LIST_TRANSFERS, LIST_USERS, SCHEMA, SCHEMA_VERSION } from './user-schema.ts';

/** Bytes are what was credited, not what clients claimed. */
export interface User {
  readonly id: number;
  readonly name: string;
  readonly isDisabled: boolean;
  /** Milliseconds since 1970. */
  readonly createdMs: number;
  readonly uploaded: number;
  readonly downloaded: number;
  /** Announces whose claim was too much to be true, and was cut. */
  readonly clippedCount: number;
  readonly torrentCount: number;
}

/** What one user has moved of one torrent. */
export interface UserTorrent {
  readonly infoHash: InfoHash;
  readonly uploaded: number;
  readonly downloaded: number;
  readonly clippedCount: number;
  /** When something was last added, in milliseconds since 1970. */
  readonly heardMs: number;
}

type Row = Record<string, SQLOutputValue>;

/** Every call is synchronous; the file may be open in other processes too. */
export class UserDatabase {
  readonly #database: DatabaseSync;

  /**
   * Opens a file, and makes one that only its owner can read if there is none.
   * @param busyTimeoutMs - how long a call may wait for another process that is writing
   * @throws TrackerError `bad-database` for a file that cannot be opened or is something else
   */
  static open(path: string, busyTimeoutMs: number): UserDatabase {
    return opening(path, () => {
      closeSync(openSync(path, 'a', 0o600));
      return new UserDatabase(path, busyTimeoutMs);
    });
  }

  /** Finds out whether `open` would take a file that is there. @throws TrackerError `bad-database` */
  static check(path: string): void {
    opening(path, () => {
      // As one that nobody writes: else SQLite would leave files of its own beside it.
      const place = pathToFileURL(path);
      place.search = '?immutable=1';
      const database = openSqlite(place, { readOnly: true });
      try {
        demandOurs(database, path);
      } finally {
        database.close();
      }
    });
  }

  private constructor(path: string, busyTimeoutMs: number) {
    this.#database = openSqlite(path);
    try {
      this.#database.exec(`PRAGMA busy_timeout = ${busyTimeoutMs}; PRAGMA journal_mode = WAL;
        PRAGMA synchronous = NORMAL`);
      this.#makeTables(path);
    } catch (error) {
      this.#database.close();
      throw error;
    }
  }

  /**
   * Adds a user.
   * @param name - 1 to 64 letters, digits and . _ @ -
   * @throws TrackerError `bad-user-name`, `user-taken`
   */
  add(name: string, passkeyHash: string, createdMs: number): void {
    if (!/^[\w.@-]{1,64}$/.test(name))
      throw new TrackerError('bad-user-name', `${JSON.stringify(name)} is no name for a user`);
    const { changes } = this.#database
      .prepare('INSERT OR IGNORE INTO user (name, passkey_hash, created_ms) VALUES (?, ?, ?)')
      .run(name, passkeyHash, createdMs);
    if (changes === 0) throw new TrackerError('user-taken', `there is a user ${name} already`);
  }

  /** Gives a user another passkey. @throws TrackerError `unknown-user` */
  renew(name: string, passkeyHash: string): void {
    const { changes } = this.#database
      .prepare('UPDATE user SET passkey_hash = ? WHERE name = ?')
      .run(passkeyHash, name);
    if (changes === 0) throw unknownUser(name);
  }

  /** @throws TrackerError `unknown-user` */
  setDisabled(name: string, isDisabled: boolean): void {
    const { changes } = this.#database
      .prepare('UPDATE user SET is_disabled = ? WHERE name = ?')
      .run(Number(isDisabled), name);
    if (changes === 0) throw unknownUser(name);
  }

  /** All users by name. */
  list(): User[] {
    return this.#database.prepare(LIST_USERS).all().map(readUser);
  }

  /** What a user has moved, the latest first. @throws TrackerError `unknown-user` */
  torrentsOf(name: string): UserTorrent[] {
    const user = this.#database.prepare('SELECT id FROM user WHERE name = ?').get(name);
    if (user === undefined) throw unknownUser(name);
    return this.#database.prepare(LIST_TRANSFERS).all(user.id!).map(readTorrent);
  }

  /**
   * The secret of this tracker: random bytes that were kept at the first call, by whichever process.
   * @param fresh - are kept if there are none yet
   */
  secret(fresh: Uint8Array): Uint8Array {
    this.#database.prepare('INSERT OR IGNORE INTO secret VALUES (1, ?)').run(fresh);
    return this.#database.prepare('SELECT bytes FROM secret').get()!.bytes as Uint8Array;
  }

  close(): void {
    this.#database.close();
  }

  #makeTables(path: string): void {
    this.#database.exec('BEGIN IMMEDIATE');
    if (demandOurs(this.#database, path) === 'new') this.#database.exec(SCHEMA);
    this.#database.exec(ADDITIONS);
    this.#database.exec('COMMIT');
  }
}

function openSqlite(
  path: string | URL,
  options: { readonly readOnly?: boolean } = {},
): DatabaseSync {
  // Loaded here, because Node 24 prints a warning as soon as it is.
  const { DatabaseSync } = process.getBuiltinModule('node:sqlite');
  return new DatabaseSync(path, options);
}

/** Lets what goes wrong come out as ours. @throws TrackerError `bad-database` */
function opening<Result>(path: string, open: () => Result): Result {
  try {
    return open();
  } catch (error) {
    if (error instanceof TrackerError) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    throw new TrackerError('bad-database', `cannot open ${path}: ${reason}`, { cause: error });
  }
}

/** @returns `new` for an empty one. @throws TrackerError `bad-database` for tables of somebody else */
function demandOurs(database: DatabaseSync, path: string): 'new' | 'known' {
  const number = (sql: string, column: string): number =>
    Number(database.prepare(sql).get()?.[column]);
  const version = number('PRAGMA user_version', 'user_version');
  const tableCount = number('SELECT count(*) AS count FROM sqlite_schema', 'count');
  if (version === SCHEMA_VERSION) return 'known';
  if (version === 0 && tableCount === 0) return 'new';
  throw new TrackerError(
    'bad-database',
    `cannot open ${path}: it is no database of users that we know`,
  );
}

function unknownUser(name: string): TrackerError {
  return new TrackerError('unknown-user', `there is no user ${name}`);
}

function readUser(row: Row): User {
  return {
    id: Number(row.id),
    name: String(row.name),
    isDisabled: row.is_disabled !== 0,
    createdMs: Number(row.created_ms),
    uploaded: Number(row.uploaded),
    downloaded: Number(row.downloaded),
    clippedCount: Number(row.clipped_count),
    torrentCount: Number(row.torrent_count),
  };
}

function readTorrent(row: Row): UserTorrent {
  return {
    infoHash: toInfoHash(row.info_hash as Uint8Array)!,
    uploaded: Number(row.uploaded),
    downloaded: Number(row.downloaded),
    clippedCount: Number(row.clipped_count),
    heardMs: Number(row.heard_ms),
  };
}
