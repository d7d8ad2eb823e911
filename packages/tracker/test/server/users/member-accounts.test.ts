import { statSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  checkClosed,
  ManualClock,
  seededRandom,
  type TemporaryFolder,
  temporaryFolder,
} from '@shoal/testkit';
import { type InfoHash, type Log, silentLog, toInfoHash, toPeerId } from '@shoal/units';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createTrackerTransport } from '../../../src/client/index.ts';
import {
  createTrackerServer,
  hashPasskey,
  MemberAccounts,
  newPasskey,
  UserDatabase,
} from '../../../src/server/index.ts';
import { DatabaseThread } from '../../../src/server/users/database-thread.ts';
import { RawClient, announce as wsAnnounce } from '../websocket/raw-client.ts';

const infoHash = toInfoHash(new Uint8Array(20).fill(0xe1))!;
const passkey = newPasskey(seededRandom(7));

let folder: TemporaryFolder;
let path: string;
let clock: ManualClock;
let users: UserDatabase;
let accounts: MemberAccounts;
let warnings: string[];
let checkAllClosed: () => Promise<void>;

const log: Log = {
  ...silentLog,
  warn: (message) => warnings.push(message),
  error: (message) => warnings.push(message),
};

beforeEach(async () => {
  checkAllClosed = checkClosed();
  folder = await temporaryFolder();
  path = join(folder.path, 'users.sqlite');
  clock = new ManualClock();
  warnings = [];
  users = UserDatabase.open(path, 1_000);
  users.add('ann', hashPasskey(passkey), clock.wallMs());
  accounts = await openAccounts(path);
});

function openAccounts(from: string, seed = 3): Promise<MemberAccounts> {
  const ports = { clock, random: seededRandom(seed), log };
  return MemberAccounts.open({ path: from, peerLifetimeS: 1_200, ...ports });
}

afterEach(async () => {
  await accounts.close();
  users.close();
  await folder.remove();
  expect(clock.pendingTimerCount).toBe(0);
  await checkAllClosed();
});

function sessionCount(): number {
  const { DatabaseSync } = process.getBuiltinModule('node:sqlite');
  const database = new DatabaseSync(path, { timeout: 5_000 });
  const row = database.prepare('SELECT count(*) AS count FROM session').get();
  database.close();
  return Number(row!.count);
}

interface Changes {
  readonly downloaded?: number;
  readonly hash?: number;
  readonly peerId?: string;
  readonly by?: MemberAccounts;
}

function record(uploaded: number, changes: Changes = {}): void {
  const { downloaded = 0, hash = 1, peerId = 'peer', by = accounts } = changes;
  by.record(by.find(passkey)!, {
    infoHash: new Int32Array(5).fill(hash),
    peerId,
    key: 0,
    isStarted: false,
    isStopped: false,
    uploaded,
    downloaded,
    nowMs: clock.nowMs(),
  });
}

test('a passkey is 32 hex digits, and the file has only its hash', async () => {
  expect(passkey).toMatch(/^[0-9a-f]{32}$/);
  expect(hashPasskey('00000000000000000000000000000000')).toBe(
    '84e0c0eafaa95a34c293f278ac52e45ce537bab5e752a00e6959a13ae103b65a',
  );
  expect(statSync(path).mode & 0o777).toBe(0o600);
});

test('adds what was moved to the account of user and torrent, behind the announces', async () => {
  record(0);
  record(0, { hash: 2 });
  await clock.advance(100);
  record(1_000, { downloaded: 50 });
  record(7, { hash: 2 });
  expect(users.list()[0]).toMatchObject({ uploaded: 0 });
  await clock.advance(250);
  await expect.poll(() => users.list()[0]).toMatchObject({ uploaded: 1_007, downloaded: 50 });
  await clock.advance(1_000);
  record(1_500, { downloaded: 50 });
  await accounts.close();
  expect(users.list()).toMatchObject([
    { name: 'ann', uploaded: 1_507, downloaded: 50, clippedCount: 0, torrentCount: 2 },
  ]);
  const torrents = users.torrentsOf('ann').sort((a, b) => b.uploaded - a.uploaded);
  expect(torrents).toMatchObject([{ uploaded: 1_500, downloaded: 50 }, { uploaded: 7 }]);
  expect(torrents[0]!.infoHash).toEqual(new Uint8Array(Buffer.from('00000001'.repeat(5), 'hex')));
});

test('its secret stays the same, and is another one for another tracker', async () => {
  await accounts.close();
  const again = await openAccounts(path, 4);
  expect(again.secret).toEqual(accounts.secret);
  await again.close();
  const other = await openAccounts(join(folder.path, 'other.sqlite'), 4);
  expect(other.secret).toHaveLength(32);
  expect(other.secret).not.toEqual(accounts.secret);
  await other.close();
});

test('a user that another process adds or disables counts within 2 s', async () => {
  const other = newPasskey(seededRandom(8));
  expect(accounts.find(other)).toBeUndefined();
  users.add('bob', hashPasskey(other), 0);
  users.setDisabled('ann', true);
  await clock.advance(2_000);
  await expect.poll(() => accounts.find(other)).toBe(2);
  expect(accounts.find(passkey)).toBeUndefined();
  users.setDisabled('ann', false);
  await clock.advance(2_000);
  await expect.poll(() => accounts.find(passkey)).toBe(1);
});

test('sessions that another process writes make nobody read the members again', async () => {
  const [thread, other] = [1, 2].map(
    () => new DatabaseThread({ path, lifetimeMs: 1e9, maxBytesPerS: 1 }),
  );
  for (const each of [thread, other])
    expect(await each!.changedMembers()).toEqual(new Map([[hashPasskey(passkey), 1]]));
  const { DatabaseSync } = process.getBuiltinModule('node:sqlite');
  const vandal = new DatabaseSync(path, { timeout: 5_000 });
  vandal.exec('ALTER TABLE user RENAME TO elsewhere');
  const ids = { infoHash: new Uint8Array(20), peerId: new Uint8Array(20) };
  const said = { userId: 1, key: 0, isStarted: false, hasEnded: false, uploaded: 0, downloaded: 0 };
  await other!.write([{ ...said, ...ids, heardMs: 1_000 }], 1_000, 0);
  expect(sessionCount()).toBe(1);
  expect(await thread!.changedMembers()).toBeUndefined();
  vandal.exec('UPDATE elsewhere SET is_disabled = 1');
  await expect(thread!.changedMembers()).rejects.toThrow('no such table: user');
  vandal.exec('ALTER TABLE elsewhere RENAME TO user');
  vandal.close();
  expect(await thread!.changedMembers()).toEqual(new Map());
  await thread!.close();
  await other!.close();
});

test('names are taken once, and have 1 to 64 plain characters', () => {
  const refuse = (name: string, code: string): void =>
    expect(() => users.add(name, 'x', 0)).toThrow(expect.objectContaining({ code }));
  refuse('ann', 'user-taken');
  for (const name of ['', 'a b', 'é', 'x'.repeat(65), "'; DROP TABLE user"])
    refuse(name, 'bad-user-name');
  expect(() => users.setDisabled('eve', true)).toThrow('there is no user eve');
  expect(() => users.torrentsOf('eve')).toThrow(expect.objectContaining({ code: 'unknown-user' }));
});

test('a file that is something else is left alone', async () => {
  const junk = join(folder.path, 'junk');
  await writeFile(junk, 'this is no database, but it is long enough to be read as one'.repeat(20));
  await expect(openAccounts(junk)).rejects.toMatchObject({ code: 'bad-database' });
  const foreign = join(folder.path, 'foreign');
  const { DatabaseSync } = process.getBuiltinModule('node:sqlite');
  const database = new DatabaseSync(foreign);
  database.exec('CREATE TABLE user (id INTEGER PRIMARY KEY)');
  await expect(openAccounts(foreign)).rejects.toMatchObject({ code: 'bad-database' });
  expect(database.prepare('SELECT name FROM sqlite_schema').all()).toHaveLength(1);
  database.close();
  expect(() => UserDatabase.open(join(folder.path, 'no/such/folder'), 0)).toThrow(
    expect.objectContaining({ code: 'bad-database' }),
  );
});

test('sums stay where numbers are exact', async () => {
  const thread = new DatabaseThread({ path, lifetimeMs: 1e9, maxBytesPerS: 1e300 });
  const said = { userId: 1, key: 0, isStarted: false, hasEnded: false, downloaded: 0 };
  const sums = { downloaded: 1, uploaded: Number.MAX_SAFE_INTEGER };
  for (const [index, fill] of [0, 0, 1].entries()) {
    const from = { ...said, infoHash: new Uint8Array(20).fill(fill), peerId: Uint8Array.of(index) };
    await thread.write([{ ...from, uploaded: 0, heardMs: 1_000 }], 1_000, 0);
    await thread.write([{ ...from, ...sums, heardMs: 2_000 }], 2_000, 0);
  }
  await thread.close();
  expect(users.torrentsOf('ann')[0]!.uploaded).toBe(Number.MAX_SAFE_INTEGER);
  expect(users.list()).toMatchObject([{ uploaded: Number.MAX_SAFE_INTEGER, downloaded: 3 }]);
  await expect(thread.write([], 0, 0)).rejects.toMatchObject({ code: 'bad-database' });
});

test('keeps users, torrents and clients apart, and what a client says in its number space', async () => {
  record(100);
  record(100, { hash: 2 });
  await clock.advance(1_000);
  record(1e300);
  record(110, { hash: 2 });
  record(500, { peerId: 'other' });
  await accounts.close();
  expect(users.torrentsOf('ann').map(({ uploaded }) => uploaded)).toEqual([125_000_000, 10]);
});

test('counts once what several processes with one file hear of a client by turns', async () => {
  const others = [await openAccounts(path, 5), await openAccounts(path, 6)];
  const all = [accounts, ...others];
  record(0);
  await clock.advance(250);
  await expect.poll(sessionCount).toBe(1);
  for (let turn = 1; turn <= 30; turn++) {
    record(100 * turn, { by: all[turn % 3]! });
    if (turn === 15) await all.splice(1, 1, await openAccounts(path, 7))[0]!.close();
    await clock.advance(90);
  }
  for (const each of all) await each.close();
  expect(users.list()).toMatchObject([{ uploaded: 3_000, clippedCount: 0 }]);
});

test('forgets a client that was silent for two lifetimes of a peer, and not before', async () => {
  record(0);
  await clock.advance(2_300_000);
  record(10, { peerId: 'other' });
  await clock.advance(1_000);
  await expect.poll(sessionCount).toBe(2);
  await clock.advance(600_000);
  record(20, { peerId: 'other' });
  await clock.advance(1_000);
  await expect.poll(sessionCount).toBe(1);
});

test('over every transport: members are let in and counted, strangers are not', async () => {
  const here = { host: '127.0.0.1', port: 0 };
  const server = await createTrackerServer({
    http: here,
    udp: here,
    ws: here,
    intervalS: 600,
    membership: accounts,
    clock,
    random: seededRandom(1),
    log: silentLog,
  });
  const transport = createTrackerTransport({ userAgent: 'test', clock, random: seededRandom(2) });
  const { signal } = new AbortController();
  const announce = (scheme: 'http' | 'udp', key: string, uploaded: number) =>
    transport.announce(
      `${scheme}://127.0.0.1:${server[scheme]!.port}${key}/announce`,
      {
        infoHash,
        peerId: toPeerId(new Uint8Array(20).fill(scheme === 'http' ? 1 : 2))!,
        port: 6_881,
        uploaded,
        downloaded: 0,
        left: 1,
        numWant: 10,
        key: 1,
      },
      signal,
    );
  const stranger = `/${newPasskey(seededRandom(9))}`;
  for (const scheme of ['http', 'udp'] as const) {
    for (const key of ['', stranger])
      await expect(announce(scheme, key, 0)).rejects.toMatchObject({
        code: 'failure',
        message: 'this tracker is private and does not know this passkey',
      });
    await announce(scheme, `/${passkey}`, 0);
  }
  await expect(announce('http', stranger, 0)).rejects.toMatchObject({
    // A member may be let in again: clients that are told never do not come back.
    retryInS: 1_800,
  });
  const scrape = (key: string) =>
    transport.scrape(`http://127.0.0.1:${server.http!.port}${key}/announce`, [infoHash], signal);
  expect(await scrape(`/${passkey}`)).toMatchObject([{ leecherCount: 1 }]);
  await expect(scrape('')).rejects.toThrow('private');

  const member = await RawClient.open(server.ws!, { path: `/${passkey}/announce` });
  const other = await RawClient.open(server.ws!, { path: stranger });
  member.send(wsAnnounce());
  other.send(wsAnnounce());
  await expect.poll(() => member.messages).toMatchObject([{ incomplete: 2 }]);
  await expect.poll(() => other.messages).toMatchObject([{ 'retry in': '30' }]);

  await clock.advance(10_000);
  for (const scheme of ['http', 'udp'] as const) await announce(scheme, `/${passkey}`, 1_000);
  member.send(wsAnnounce({ uploaded: 5 }));
  await expect.poll(() => member.messages).toHaveLength(2);
  await member.close();
  await other.close();
  await transport.close();
  await server.close();
  await accounts.close();
  expect(users.torrentsOf('ann')).toMatchObject([
    { infoHash: infoHash as InfoHash, uploaded: 2_005 },
  ]);
});

test('while the file is locked nothing is lost, and announces go on', async () => {
  record(0);
  await clock.advance(1_000);
  record(10);
  const { DatabaseSync } = process.getBuiltinModule('node:sqlite');
  const locker = new DatabaseSync(path, { timeout: 5_000 });
  locker.exec('BEGIN IMMEDIATE');
  await clock.advance(250);
  record(30);
  locker.exec('COMMIT');
  locker.close();
  await accounts.close();
  expect(users.list()).toMatchObject([{ uploaded: 30 }]);
});

test('a write that fails is tried again, and said', async () => {
  record(0);
  await clock.advance(1_000);
  record(10);
  const { DatabaseSync } = process.getBuiltinModule('node:sqlite');
  const vandal = new DatabaseSync(path, { timeout: 5_000 });
  vandal.exec('ALTER TABLE transfer RENAME TO elsewhere');
  await clock.advance(250);
  await expect.poll(() => warnings).toEqual(['accounts cannot be written']);
  vandal.exec('ALTER TABLE elsewhere RENAME TO transfer');
  vandal.close();
  await clock.advance(5_250);
  await expect.poll(() => users.list()[0]!.uploaded).toBe(10);
});
