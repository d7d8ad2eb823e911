import { seededRandom } from '@shoal/testkit';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { MemorySwarmStore } from '../../src/server/swarm/memory-swarm-store.ts';
import { Announce, type SwarmCounts } from '../../src/server/swarm/swarm-store.ts';
import { SweepPace } from '../../src/server/swarm/sweep-pace.ts';
import {
  announceOf,
  clientTagOf,
  countsOf,
  LIFETIME_S,
  makeStore,
  PEER_COUNT,
  peerIdOf,
  peerIdsOf,
  peersOf,
  scrape,
} from './swarm-fixtures.ts';
import { SwarmModel } from './swarm-model.ts';

const announceCommand = fc.record({
  type: fc.constant('announce' as const),
  torrent: fc.nat(2),
  peer: fc.nat(PEER_COUNT - 1),
  /** So many peers in a row announce alike: that is how swarms grow past one size. */
  peerCount: fc.oneof(fc.constant(1), fc.integer({ min: 1, max: 60 })),
  family: fc.constantFrom(4 as const, 6 as const),
  isSeeder: fc.boolean(),
  isStopped: fc.oneof({ weight: 2, arbitrary: fc.constant(false) }, fc.boolean()),
  hasStarted: fc.boolean(),
  hasCompleted: fc.boolean(),
  wanted: fc.nat(40),
  client: fc.nat(3),
});
const waitCommand = fc.record({ type: fc.constant('wait' as const), seconds: fc.nat(70) });
const deleteCommand = fc.record({ type: fc.constant('delete' as const), torrent: fc.nat(2) });
const commands = fc.array(
  fc.oneof(
    { weight: 12, arbitrary: announceCommand },
    { weight: 3, arbitrary: waitCommand },
    { weight: 1, arbitrary: deleteCommand },
  ),
  { maxLength: 60 },
);

test('behaves like a map of maps, whatever is announced, stopped, swept and deleted', () => {
  fc.assert(
    fc.property(commands, fc.nat(), fc.boolean(), (list, seed, keepsPeerIds) => {
      const store = new MemorySwarmStore({
        random: seededRandom(seed),
        peerLifetimeS: LIFETIME_S,
        shardCount: 2,
        keepsPeerIds,
      });
      const model = new SwarmModel(LIFETIME_S);
      let nowS = 0;
      for (const command of list) {
        if (command.type === 'wait') {
          nowS += command.seconds;
          store.sweep(nowS * 1_000, 1_000_000);
          model.sweep(nowS);
        } else if (command.type === 'delete') {
          const { infoHash } = announceOf(command.torrent, 0, {});
          expect(store.delete(infoHash)).toBe(model.delete(command.torrent));
        } else {
          for (let step = 0; step < command.peerCount; step++) {
            const peer = (command.peer + step) % PEER_COUNT;
            const { torrent } = command;
            const clientTag = clientTagOf(peer, command.client);
            const details = { ...command, clientTag };
            const announce = announceOf(torrent, peer, { ...details, nowMs: nowS * 1_000 });
            store.announce(announce);
            model.announce(torrent, peer, details, nowS);
            expect(countsOf(announce)).toEqual(model.counts(command.torrent));
            for (const family of [4, 6] as const) {
              const others = model.others(command.torrent, peer, command, family);
              const got = peersOf(store, announce, family, command.wanted);
              const strangers = got.filter((other) => !others.includes(other));
              const found = [strangers.length, new Set(got).size, got.length];
              const most = Math.min(command.wanted, others.length);
              expect(found).toEqual([0, most, most]);
              const known = got.map((other) => model.clientTagOf(torrent, other, family)!);
              const expected = known.map((tag) => peerIdOf(keepsPeerIds ? tag : 0));
              expect(peerIdsOf(store, got, family).equals(Buffer.concat(expected))).toBe(true);
            }
          }
        }
        for (let torrent = 0; torrent < 3; torrent++) {
          const counts = { seederCount: -1, leecherCount: -1, completedCount: -1 };
          store.scrape(announceOf(torrent, 0, {}).infoHash, counts);
          expect(counts).toEqual(model.counts(torrent));
        }
        expect(store.peerCount).toBe(model.peerCount);
        expect(store.swarmCount).toBe(model.swarmCount);
      }
    }),
    { numRuns: 60 },
  );
});

test('gives each peer as often as the others', () => {
  const store = makeStore();
  for (let peer = 0; peer < 100; peer++)
    store.announce(announceOf(0, peer, { isSeeder: peer % 2 === 0 }));
  const asking = announceOf(0, 7, {});
  const given = new Map<number, number>();
  for (let round = 0; round < 2_000; round++) {
    store.announce(asking);
    for (const peer of peersOf(store, asking, 4, 10)) given.set(peer, (given.get(peer) ?? 0) + 1);
  }
  expect(given.size).toBe(99);
  // 2,000 x 10 / 99 = 202 on average; five standard deviations are 70.
  for (const count of given.values()) expect(Math.abs(count - 202)).toBeLessThan(70);
});

test('leechers and seeders are in every answer in the proportion of the swarm', () => {
  const store = makeStore();
  for (let peer = 0; peer < 90; peer++)
    store.announce(announceOf(0, peer, { isSeeder: peer % 3 === 0 }));
  const asking = announceOf(0, 1, {});
  let seederCount = 0;
  for (let round = 0; round < 1_000; round++) {
    store.announce(asking);
    const seeders = peersOf(store, asking, 4, 20).filter((peer) => peer % 3 === 0).length;
    // 30 of the 89 others are seeders: 6.74 of 20.
    expect([6, 7]).toContain(seeders);
    seederCount += seeders;
  }
  expect(Math.abs(seederCount / 1_000 - 6.74)).toBeLessThan(0.07);
});

test('gives seeders to a seeder that has just begun and would hear of nobody: aria2 with a magnet', () => {
  const store = makeStore();
  const others = Array.from({ length: 60 }, (_, peer) => peer);
  for (const peer of others) store.announce(announceOf(0, peer, { isSeeder: true }));
  const asking = announceOf(0, 100, { isSeeder: true, hasStarted: true });
  store.announce(asking);
  expect(peersOf(store, asking, 4, 100).toSorted((a, b) => a - b)).toEqual(others);
  store.announce(announceOf(0, 101, {}));
  store.announce(asking);
  expect(peersOf(store, asking, 4, 100)).toEqual([101]);
});

test('never gives seeders to a seeder that goes on', () => {
  const store = makeStore();
  for (let peer = 0; peer < 60; peer++)
    store.announce(announceOf(0, peer, { isSeeder: peer < 40 }));
  const asking = announceOf(0, 3, { isSeeder: true });
  store.announce(asking);
  expect(peersOf(store, asking, 4, 100).sort((a, b) => a - b)).toEqual(
    Array.from({ length: 20 }, (_, index) => 40 + index),
  );
});

test('sheds the swarms that were announced once, and the oldest of them, first', () => {
  const store = makeStore({ maxSwarmCount: 10 });
  for (let torrent = 0; torrent < 8; torrent++)
    for (const peer of [1, 2]) store.announce(announceOf(torrent, peer, {}));
  for (let torrent = 8; torrent < 200; torrent++) store.announce(announceOf(torrent, 1, {}));
  expect(store.swarmCount).toBe(10);
  for (let torrent = 0; torrent < 8; torrent++) expect(scrape(store, torrent).leecherCount).toBe(2);
  expect(scrape(store, 198).leecherCount).toBe(1);
  expect(scrape(store, 199).leecherCount).toBe(1);
});

test('sheds a peer of the swarm heard of the longest time ago when there are too many peers', () => {
  const store = makeStore({ maxPeerCount: 20 });
  for (let peer = 0; peer < 10; peer++) store.announce(announceOf(1, peer, {}));
  for (let peer = 0; peer < 30; peer++) store.announce(announceOf(2, peer, { nowMs: 5_000 }));
  expect(store.peerCount).toBe(20);
  expect(scrape(store, 1).leecherCount).toBe(0);
  expect(scrape(store, 2).leecherCount).toBe(20);
});

test('holds one swarm to its limit', () => {
  const store = makeStore({ maxPeersPerSwarm: 15 });
  for (let peer = 0; peer < 100; peer++) store.announce(announceOf(1, peer, { nowMs: peer }));
  expect(store.peerCount).toBe(15);
});

test('sweeps in slices of the size asked for', () => {
  const store = makeStore();
  for (let torrent = 0; torrent < 20; torrent++)
    for (let peer = 0; peer < 50; peer++) store.announce(announceOf(torrent, peer, {}));
  const laterMs = (LIFETIME_S + 1) * 1_000;
  store.sweep(laterMs, 100);
  expect(store.peerCount).toBeGreaterThanOrEqual(900);
  expect(store.peerCount).toBeLessThan(1_000);
  for (let slice = 0; slice < 30; slice++) store.sweep(laterMs, 100);
  expect(store.peerCount).toBe(0);
  expect(store.swarmCount).toBe(0);
});

/** Adds swarms of one peer each. */
function flood(store: MemorySwarmStore, count: number, nowMs: number): void {
  const announce = announceOf(0, 1, { nowMs });
  for (let n = 0; n < count; n++) {
    announce.infoHash[0] = 1_000 + n;
    announce.infoHash[4] = n;
    store.announce(announce);
  }
}

test('peers go within two minutes of their time, those of a flood and those behind it', () => {
  const store = makeStore({ shardCount: 16 });
  const pace = new SweepPace();
  let nowMs = 0;
  const pass = (seconds: number): void => {
    for (const endMs = nowMs + 1_000 * seconds; nowMs < endMs; nowMs += 250)
      store.sweep(nowMs, pace.next(store.lookCount));
  };
  flood(store, 200_000, nowMs);
  pass(LIFETIME_S + 150);
  expect([store.swarmCount, store.peerCount]).toEqual([0, 0]);
  for (const torrent of [1, 2, 3]) {
    store.announce(announceOf(torrent, 1, { nowMs }));
    pass(20);
  }
  pass(LIFETIME_S - 30);
  expect(store.swarmCount).toBeGreaterThanOrEqual(1);
  pass(60);
  expect(store.swarmCount).toBe(0);
});

test('gives the memory of a flood back, and keeps what else there is', () => {
  const store = makeStore();
  const kept = [1, 2, 3, 4, 5, 6, 7, 8, 9];
  const laterMs = 1_000 * LIFETIME_S;
  for (const torrent of kept.slice(0, 5)) store.announce(announceOf(torrent, torrent, {}));
  flood(store, 5_000, 0);
  for (const torrent of kept)
    for (const peer of [torrent, torrent + 20])
      store.announce(announceOf(torrent, peer, { nowMs: laterMs, isSeeder: peer > 20 }));
  const reader = store.reader();
  const read = new Set<number>();
  const sink = {
    openSet: (words: Int32Array, at: number) => read.add(words[at]! & 0xff),
    addPeer: () => {},
  };
  expect(reader.read(3_000, sink)).toBe(true);
  read.clear();
  const { byteLength } = store;
  store.sweep(laterMs + 1_000, 1_000_000);
  expect(store.byteLength).toBeLessThan(byteLength / 10);
  expect(store.lookCount).toBe(4 * kept.length);
  expect(reader.read(3_000, sink)).toBe(false);
  expect([...read].sort()).toEqual(kept);
  for (const torrent of kept) {
    expect(scrape(store, torrent)).toMatchObject({ seederCount: 1, leecherCount: 1 });
    const announce = announceOf(torrent, torrent, { nowMs: laterMs });
    store.announce(announce);
    expect(peersOf(store, announce, 4, 10)).toEqual([torrent + 20]);
  }
  flood(store, 100, laterMs);
  expect(store.swarmCount).toBe(kept.length + 100);
});

test('keeps no peer for ever when its age wraps, and none too short', () => {
  const store = makeStore();
  const nearWrapMs = 65_530_000;
  store.announce(announceOf(1, 1, { nowMs: nearWrapMs }));
  store.sweep(nearWrapMs + LIFETIME_S * 1_000, 1_000);
  expect(store.peerCount).toBe(1);
  store.sweep(nearWrapMs + (LIFETIME_S + 1) * 1_000, 1_000);
  expect(store.peerCount).toBe(0);
});

test.each([
  [24, false],
  [48, true],
])(
  'takes at most %i bytes a peer in large swarms, with peer ids: %s, and gives the memory back',
  (most, keepsPeerIds) => {
    const store = makeStore({ keepsPeerIds });
    const announce = new Announce();
    const peerCount = 200_000;
    for (let peer = 0; peer < peerCount; peer++) {
      announce.infoHash.fill(peer % 200);
      announce.peer.set([peer, peer >> 8, peer >> 16, 1]);
      announce.setPort(6_881);
      store.announce(announce);
    }
    expect(store.peerCount).toBe(peerCount);
    expect(store.byteLength / peerCount).toBeLessThan(most);
    store.sweep((LIFETIME_S + 1) * 1_000, 1_000_000);
    expect(store.peerCount).toBe(0);
    expect(store.byteLength / peerCount).toBeLessThan(8);
  },
);

test('stays within its memory under a flood of made-up torrents, and keeps those that go on', () => {
  const maxByteLength = 4 * 2 ** 20;
  const options = { random: seededRandom(1), peerLifetimeS: LIFETIME_S, maxByteLength };
  const store = new MemorySwarmStore(options);
  const announce = new Announce();
  const announceWords = (...words: number[]): void => {
    announce.infoHash.set(words);
    store.announce(announce);
  };
  announce.setPort(1);
  for (let twice = 0; twice < 2; twice++)
    for (let torrent = 0; torrent < 1_000; torrent++) announceWords(1, torrent);
  let largest = 0;
  for (let flood = 0; flood < 300_000; flood++) {
    announceWords(2, flood);
    largest = Math.max(largest, store.byteLength);
  }
  expect(largest).toBeLessThan(1.01 * maxByteLength);
  expect(store.peerCount).toBeGreaterThan(20_000);
  expect(store.shedCount).toBe(301_000 - store.peerCount);
  const counts: SwarmCounts = { seederCount: 0, leecherCount: 0, completedCount: 0 };
  for (let torrent = 0; torrent < 1_000; torrent++) {
    store.scrape(Int32Array.of(1, torrent, 0, 0, 0), counts);
    expect(counts.leecherCount).toBe(1);
  }
});

test('stays within its memory when swarms grow large, one of them alone too', () => {
  const maxByteLength = 2 * 2 ** 20;
  for (const torrentCount of [1, 7]) {
    const options = { random: seededRandom(1), peerLifetimeS: LIFETIME_S, maxByteLength };
    const store = new MemorySwarmStore(options);
    const announce = new Announce();
    const peer = new DataView(announce.peer.buffer);
    for (let round = 0; round < 200_000; round++) {
      announce.infoHash.fill(round % torrentCount);
      peer.setUint32(0, round);
      store.announce(announce);
    }
    // A run that grows is there twice as long as its peers move.
    expect(store.byteLength).toBeLessThan(1.5 * maxByteLength);
    expect(store.peerCount).toBeGreaterThan(30_000);
  }
});

test('counts peers that went because they were not heard of', () => {
  const store = new MemorySwarmStore({ random: seededRandom(1), peerLifetimeS: LIFETIME_S });
  for (let peer = 0; peer < 5; peer++) store.announce(announceOf(1, peer, {}));
  store.sweep(1_000 * (LIFETIME_S + 2), 1_000);
  expect([store.expiredCount, store.shedCount, store.peerCount]).toEqual([5, 0, 0]);
});

test('counts completed downloads up to 2^31 - 1, whatever others say', () => {
  const store = new MemorySwarmStore({ random: seededRandom(1), peerLifetimeS: LIFETIME_S });
  const most = 2 ** 31 - 1;
  const first = announceOf(1, 1, {});
  store.announce(first);
  const counts: SwarmCounts = { seederCount: 0, leecherCount: 0, completedCount: 0 };
  for (const [said, held] of [
    [2 ** 32 - 1, most],
    [most - 1, most - 1],
  ] as const) {
    store.setCompletedCount(first.infoHash, said);
    store.scrape(first.infoHash, counts);
    expect(counts.completedCount).toBe(held);
  }
  for (const peer of [2, 3]) {
    store.announce(announceOf(1, peer, {}));
    store.announce(announceOf(1, peer, { isSeeder: true, hasCompleted: true }));
  }
  store.scrape(first.infoHash, counts);
  expect(counts.completedCount).toBe(most);
});
