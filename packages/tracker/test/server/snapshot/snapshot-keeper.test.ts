import { readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { replaceFile } from '@shoal/chunk-store';
import { ManualClock, seededRandom, temporaryFolder } from '@shoal/testkit';
import { type Log, silentLog } from '@shoal/units';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { writeSnapshot } from '../../../src/server/snapshot/snapshot-file.ts';
import { SnapshotKeeper } from '../../../src/server/snapshot/snapshot-keeper.ts';
import { MemorySwarmStore } from '../../../src/server/swarm/memory-swarm-store.ts';
import { Announce } from '../../../src/server/swarm/swarm-store.ts';
import { announceTo as announceWord, contentsOf } from '../exchange/store-fixtures.ts';

const LIFETIME_S = 1_200;
/** A file that begins otherwise is no snapshot, not even a damaged one. */
const FAMILY_LENGTH = 'shoal-swarms v'.length;

function makeStore(): MemorySwarmStore {
  return new MemorySwarmStore({ random: seededRandom(1), peerLifetimeS: LIFETIME_S });
}

function announceTo(
  store: MemorySwarmStore,
  nowMs: number,
  torrent: number,
  peer: number,
  details: Partial<Pick<Announce, 'family' | 'isSeeder' | 'hasCompleted'>> = {},
): void {
  const announce = new Announce();
  Object.assign(announce, { nowMs, ...details });
  announce.infoHash.fill(torrent);
  announce.peer.set([10, 0, peer >> 8, peer]);
  announce.setPort(6_881);
  store.announce(announce);
}

function countsOf(store: MemorySwarmStore, torrent: number) {
  const counts = { seederCount: 0, leecherCount: 0, completedCount: 0 };
  store.scrape(new Int32Array(5).fill(torrent), counts);
  return counts;
}

function keep(path: string, store: MemorySwarmStore, clock: ManualClock, log: Log = silentLog) {
  return SnapshotKeeper.open({
    ...{ path, store, clock, log, replaceFile },
    peerLifetimeS: LIFETIME_S,
  });
}

function warnings(): Log & { readonly lines: string[] } {
  const lines: string[] = [];
  return {
    ...silentLog,
    lines,
    warn: (message, fields) => lines.push(`${message}: ${fields?.reason}`),
  };
}

test('restores every peer, seeder and completed download of both families', async () => {
  await using folder = await temporaryFolder();
  const path = join(folder.path, 'swarms');
  const clock = new ManualClock();
  const peers = fc.array(
    fc.record({
      torrent: fc.nat(30),
      peer: fc.nat(400),
      family: fc.constantFrom(4 as const, 6 as const),
      isSeeder: fc.boolean(),
      hasCompleted: fc.boolean(),
    }),
    { maxLength: 800 },
  );
  await fc.assert(
    fc.asyncProperty(peers, async (list) => {
      const before = makeStore();
      for (const { torrent, peer, ...details } of list)
        announceTo(before, clock.nowMs(), torrent, peer, details);
      await writeSnapshot(path, before.reader(), clock, replaceFile);
      const after = makeStore();
      const log = warnings();
      await (await keep(path, after, clock, log)).close();
      expect(log.lines).toEqual([]);
      expect(after.peerCount).toBe(before.peerCount);
      for (let torrent = 0; torrent <= 30; torrent++)
        expect(countsOf(after, torrent)).toEqual(countsOf(before, torrent));
    }),
    { numRuns: 20 },
  );
});

test('restores which client each peer is, and its id where ids are kept', async () => {
  await using folder = await temporaryFolder();
  const path = join(folder.path, 'swarms');
  const clock = new ManualClock();
  const newStore = (keepsPeerIds: boolean): MemorySwarmStore =>
    new MemorySwarmStore({ random: seededRandom(1), peerLifetimeS: LIFETIME_S, keepsPeerIds });
  const before = newStore(true);
  for (const peer of [1, 2, 3])
    announceWord(before, 0, { torrent: 1, peer, client: peer - 1, isSeeder: peer === 3 });
  await writeSnapshot(path, before.reader(), clock, replaceFile);
  const [named, nameless] = [newStore(true), newStore(false)];
  for (const store of [named, nameless]) await (await keep(path, store, clock)).close();
  expect(contentsOf(named)).toEqual(contentsOf(before));
  const tagsOf = (store: MemorySwarmStore): string[] =>
    contentsOf(store).map((line) => line.replace(/ \S*$/, ''));
  expect(tagsOf(nameless)).toEqual(tagsOf(before));
});

test('forgets peers after the same time, over a restart on another monotonic clock', async () => {
  await using folder = await temporaryFolder();
  const path = join(folder.path, 'swarms');
  const before = makeStore();
  const clock = new ManualClock();
  await clock.advance(5_000_000);
  announceTo(before, clock.nowMs(), 1, 1);
  await clock.advance(700_000);
  announceTo(before, clock.nowMs(), 1, 2);
  await writeSnapshot(path, before.reader(), clock, replaceFile);

  const later = new ManualClock({ wallMs: clock.wallMs() + 300_000 });
  const after = makeStore();
  const keeper = await keep(path, after, later);
  expect(after.peerCount).toBe(2);
  after.sweep(199_000, 1_000);
  expect(after.peerCount).toBe(2);
  after.sweep(203_000, 1_000);
  expect(after.peerCount).toBe(1);
  after.sweep(903_000, 1_000);
  expect(after.peerCount).toBe(0);
  await keeper.close();
});

test('leaves out who was not heard of for longer than a lifetime', async () => {
  await using folder = await temporaryFolder();
  const path = join(folder.path, 'swarms');
  const clock = new ManualClock();
  const before = makeStore();
  announceTo(before, clock.nowMs(), 1, 1);
  await writeSnapshot(path, before.reader(), clock, replaceFile);
  for (const [gapMs, peerCount] of [
    [LIFETIME_S * 1_000 - 2_000, 1],
    [LIFETIME_S * 1_000 + 2_000, 0],
    [90_000_000, 0],
    [-3_600_000, 1],
  ] as const) {
    const store = makeStore();
    const later = new ManualClock({ wallMs: clock.wallMs() + gapMs });
    await keep(path, store, later);
    expect(store.peerCount).toBe(peerCount);
    store.sweep(LIFETIME_S * 1_000 + 300_000, 1_000);
    expect(store.peerCount).toBe(0);
  }
});

test('starts empty from a file that is cut or changed anywhere, says so once, and keeps it', async () => {
  await using folder = await temporaryFolder();
  const path = join(folder.path, 'swarms');
  const clock = new ManualClock({ wallMs: Date.UTC(2026, 0, 31, 12, 30, 1, 500) });
  const store = makeStore();
  for (let peer = 0; peer < 20; peer++) announceTo(store, 0, peer % 3, peer);
  await writeSnapshot(path, store.reader(), clock, replaceFile);
  const whole = await readFile(path);
  const damaged = [
    ...Array.from({ length: whole.length }, (_, length) => whole.subarray(0, length)),
    ...Array.from({ length: whole.length - FAMILY_LENGTH }, (_, at) => {
      const bytes = Buffer.from(whole);
      bytes[FAMILY_LENGTH + at]! ^= 1 + (at % 255);
      return bytes;
    }),
  ];
  for (const bytes of damaged) {
    await writeFile(path, bytes);
    const log = warnings();
    const empty = makeStore();
    await keep(path, empty, clock, log);
    expect(empty.peerCount).toBe(0);
    expect(log.lines).toHaveLength(1);
    expect(await readdir(folder.path)).toEqual(['swarms.unread-20260131T123001Z']);
    expect(await readFile(join(folder.path, 'swarms.unread-20260131T123001Z'))).toEqual(bytes);
  }
});

test.each(['', 'x', 'shoal-swarm', 'SQLite format 3\0'])(
  'takes the place of no file that is something else: %j before a snapshot',
  async (prefix) => {
    await using folder = await temporaryFolder();
    const path = join(folder.path, 'notes');
    const text = `${prefix}notes of mine, shoal-swarms v1\n`;
    await writeFile(path, text);
    const opened = keep(path, makeStore(), new ManualClock());
    await expect(opened).rejects.toMatchObject({ code: 'not-a-snapshot' });
    await expect(keep('/dev/null', makeStore(), new ManualClock())).rejects.toMatchObject({
      code: 'not-a-snapshot',
    });
    expect(await readFile(path, 'utf8')).toBe(text);
    expect(await readdir(folder.path)).toEqual(['notes']);
  },
);

test('writes at intervals and at the end, keeps the file from others and leaves nothing beside it', async () => {
  await using folder = await temporaryFolder();
  const path = join(folder.path, 'swarms');
  const clock = new ManualClock({ waitsForFiles: true });
  const store = makeStore();
  const keeper = await SnapshotKeeper.open({
    ...{ path, store, clock, replaceFile, log: silentLog },
    ...{ peerLifetimeS: LIFETIME_S, periodMs: 60_000 },
  });
  announceTo(store, 0, 1, 1);
  await clock.advance(61_000);
  const atInterval = (await stat(path)).size;
  announceTo(store, 0, 1, 2);
  await keeper.close();
  await keeper.close();
  clock.stop();
  expect((await stat(path)).size).toBe(atInterval + 8);
  expect((await stat(path)).mode & 0o777).toBe(0o600);
  expect(await readdir(folder.path)).toEqual(['swarms']);
  expect(clock.pendingTimerCount).toBe(0);
});

test('keeps the snapshot before it when a new one cannot be written, and goes on', async () => {
  await using folder = await temporaryFolder();
  const path = join(folder.path, 'swarms');
  const clock = new ManualClock();
  const store = makeStore();
  announceTo(store, 0, 1, 1);
  const log = warnings();
  let isFull = false;
  const keeper = await SnapshotKeeper.open({
    ...{ path, store, clock, log, peerLifetimeS: LIFETIME_S },
    replaceFile: async (...file) => {
      if (isFull) throw Object.assign(new Error('no space left'), { syscall: 'write' });
      await replaceFile(...file);
    },
  });
  await keeper.save();
  const before = await readFile(path);
  isFull = true;
  await keeper.save();
  expect(log.lines).toEqual(['snapshot not written: no space left']);
  expect(await readFile(path)).toEqual(before);
  isFull = false;
  announceTo(store, 0, 1, 2);
  await keeper.close();
  expect(log.lines).toHaveLength(1);
  expect((await readFile(path)).length).toBeGreaterThan(before.length);
});

test('gives one file to several trackers that write it at once, whole', async () => {
  await using folder = await temporaryFolder();
  const path = join(folder.path, 'swarms');
  const clock = new ManualClock();
  const log = warnings();
  const keepers: SnapshotKeeper[] = [];
  for (let n = 1; n <= 4; n++) {
    const store = makeStore();
    keepers.push(await keep(path, store, clock, log));
    for (let peer = 0; peer < 5_000 * n; peer++) announceTo(store, 0, n, peer);
  }
  await Promise.all(keepers.map((keeper) => keeper.close()));
  expect(log.lines).toEqual([]);
  const store = makeStore();
  await (await keep(path, store, clock, log)).close();
  expect(log.lines).toEqual([]);
  expect(store.peerCount % 5_000).toBe(0);
  expect(await readdir(folder.path)).toEqual(['swarms']);
});

test('gives up the last snapshot when it takes too long, and says so', async () => {
  const clock = new ManualClock();
  const log = warnings();
  const never = new Promise<void>(() => {});
  const keeper = await SnapshotKeeper.open({
    ...{ path: '/nowhere/swarms', store: makeStore(), clock, log, replaceFile: () => never },
    peerLifetimeS: LIFETIME_S,
  });
  const closed = keeper.close();
  await clock.advance(20_000);
  await closed;
  expect(log.lines).toEqual(['snapshot not written: it takes more than 20 s']);
  expect(clock.pendingTimerCount).toBe(0);
});
