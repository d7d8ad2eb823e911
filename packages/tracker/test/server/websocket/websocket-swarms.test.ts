import { seededRandom } from '@shoal/testkit';
import { toInfoHash, toPeerId } from '@shoal/units';
import fc from 'fast-check';
import { beforeEach, expect, test } from 'vitest';
import { MemorySwarmStore } from '../../../src/server/swarm/memory-swarm-store.ts';
import {
  Announce,
  readInfoHashWords,
  type SwarmCounts,
} from '../../../src/server/swarm/swarm-store.ts';
import { CountingStore } from '../../../src/server/websocket/counting-store.ts';
import type {
  Elsewhere,
  PeerLink,
  WebSocketPeer,
} from '../../../src/server/websocket/websocket-swarm.ts';
import { WebSocketSwarms } from '../../../src/server/websocket/websocket-swarms.ts';

const random = seededRandom(3);

function newLink(): PeerLink {
  return { host: '192.0.2.1', peers: new Set<WebSocketPeer>(), send: () => {} };
}

function infoHashOf(byte: number) {
  return toInfoHash(new Uint8Array(20).fill(byte))!;
}

function wordsOf(byte: number): Int32Array {
  const words = new Int32Array(5);
  readInfoHashWords(words, infoHashOf(byte), 0);
  return words;
}

function announce(
  swarms: WebSocketSwarms,
  link: PeerLink,
  changes: {
    hash?: number;
    peer?: number;
    isSeeder?: boolean;
    nowMs?: number;
    hasCompleted?: boolean;
  },
): WebSocketPeer {
  const { hash = 1, peer = 1, isSeeder = false, nowMs = 0, hasCompleted = false } = changes;
  return swarms.announce({
    infoHash: infoHashOf(hash),
    peerId: toPeerId(new Uint8Array(20).fill(peer))!,
    link,
    isSeeder,
    hasCompleted,
    nowMs,
  });
}

test('behaves like a map of maps, whatever is announced and stopped', () => {
  const step = fc.record({
    hash: fc.nat(3),
    peer: fc.nat(5),
    isSeeder: fc.boolean(),
    isGone: fc.boolean(),
  });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const swarms = new WebSocketSwarms(random);
      const link = newLink();
      const model = new Map<number, Map<number, boolean>>();
      for (const { hash, peer, isSeeder, isGone } of steps) {
        const known = announce(swarms, link, { hash, peer, isSeeder });
        const swarm = model.get(hash) ?? new Map<number, boolean>();
        model.set(hash, swarm.set(peer, isSeeder));
        if (isGone) {
          swarms.remove(known);
          swarm.delete(peer);
          if (swarm.size === 0) model.delete(hash);
        }
      }
      const sizes = [...model.values()].map((swarm) => swarm.size);
      expect(swarms.swarmCount).toBe(model.size);
      expect(swarms.peerCount).toBe(sizes.reduce((sum, size) => sum + size, 0));
      expect(link.peers.size).toBe(swarms.peerCount);
      for (let hash = 0; hash <= 3; hash++) {
        const seeders = [...(model.get(hash)?.values() ?? [])].filter((isSeeder) => isSeeder);
        const swarm = swarms.find(wordsOf(hash));
        expect(swarm?.size).toBe(model.get(hash)?.size);
        expect(swarm?.seederCount ?? 0).toBe(seeders.length);
      }
    }),
  );
});

test('picks others at random, each as likely, none twice, and no seeders for a seeder', () => {
  const swarms = new WebSocketSwarms(random);
  for (let peer = 1; peer <= 10; peer++) announce(swarms, newLink(), { peer, isSeeder: peer > 6 });
  const swarm = swarms.find(wordsOf(1))!;
  const peers = [...swarm];
  const [leecher, seeder] = [peers[2]!, peers[8]!];
  const seen = new Map<number, number>();
  for (let round = 0; round < 3_000; round++) {
    const picked = swarm.pick(leecher, 3, random).here.map(({ peerId }) => peerId[0]!);
    expect(new Set(picked).size).toBe(3);
    for (const peer of picked) seen.set(peer, (seen.get(peer) ?? 0) + 1);
  }
  expect([...seen.keys()].sort((a, b) => a - b)).toEqual([1, 2, 4, 5, 6, 7, 8, 9, 10]);
  for (const count of seen.values()) expect(Math.abs(count - 1_000)).toBeLessThan(120);
  const forSeeder = swarm.pick(seeder, 20, random).here;
  expect(forSeeder.map(({ peerId }) => peerId[0]).sort()).toEqual([1, 2, 3, 4, 5, 6]);
  expect(swarm.pick(leecher, 20, random).here).toHaveLength(9);
  expect(swarm.pick(leecher, 0, random).here).toEqual([]);
});

test('counts a download once, when a leecher becomes a seeder', () => {
  const swarms = new WebSocketSwarms(random);
  const link = newLink();
  announce(swarms, link, { isSeeder: true, hasCompleted: true });
  announce(swarms, link, { peer: 2 });
  for (let round = 0; round < 2; round++)
    announce(swarms, link, { peer: 2, isSeeder: true, hasCompleted: true });
  expect(swarms.find(wordsOf(1))).toMatchObject({ completedCount: 1, seederCount: 2 });
});

test('tells those that have not announced since, oldest first', () => {
  const swarms = new WebSocketSwarms(random);
  const link = newLink();
  for (let peer = 1; peer <= 4; peer++) announce(swarms, link, { peer, nowMs: peer });
  announce(swarms, link, { peer: 1, nowMs: 9 });
  expect([...swarms.quietSince(4)].map(({ peerId }) => peerId[0])).toEqual([2, 3]);
});

test('a store counts them in every slice, scrape and announce, and deletes them', () => {
  const store = new MemorySwarmStore({ random, peerLifetimeS: 100, shardCount: 2 });
  const swarms = new WebSocketSwarms(random);
  const counting = new CountingStore(store, swarms);
  announce(swarms, newLink(), { hash: 1, isSeeder: true });
  announce(swarms, newLink(), { hash: 2 });
  const other = new Announce();
  other.infoHash.set(wordsOf(1));
  other.setPort(6_881);
  counting.announce(other);
  expect(other).toMatchObject({ seederCount: 1, leecherCount: 1 });
  swarms.setMixed(swarms.find(wordsOf(1))!, true);
  expect(counting).toMatchObject({ swarmCount: 2, peerCount: 3, sliceCount: 3 });
  const visited: [number, SwarmCounts][] = [];
  for (let slice = 0; slice < counting.sliceCount; slice++)
    counting.visitSlice(slice, (words, at, counts) =>
      visited.push([words[at]! & 255, { ...counts }]),
    );
  expect(visited).toEqual([
    [1, { seederCount: 1, leecherCount: 1, completedCount: 0 }],
    [2, { seederCount: 0, leecherCount: 1, completedCount: 0 }],
  ]);
  expect(counting.copyPeers(other, 4, 10, new Uint8Array(60), 0)).toBe(0);
  expect(counting.delete(wordsOf(1))).toBe(true);
  expect(counting.delete(wordsOf(2))).toBe(true);
  expect(counting.delete(wordsOf(2))).toBe(false);
  expect(counting).toMatchObject({ swarmCount: 0, peerCount: 0 });
});

test('a swarm whose other peers have expired is counted and visited by its WebSocket peers alone', () => {
  const swarms = new WebSocketSwarms(random);
  const store = new MemorySwarmStore({ random, peerLifetimeS: 100, shardCount: 1 });
  const counting = new CountingStore(store, swarms);
  const announceBoth = (): void => {
    announce(swarms, newLink(), { hash: 1, isSeeder: true });
    const other = new Announce();
    other.infoHash.set(wordsOf(1));
    other.setPort(6_881);
    counting.announce(other);
    expect(counting).toMatchObject({ swarmCount: 1, peerCount: 2 });
  };
  announceBoth();
  counting.sweep(101_000, counting.lookCount);
  expect(counting).toMatchObject({ swarmCount: 1, peerCount: 1 });
  announceBoth();
  store.sweep(101_000, 100);
  const visited: number[] = [];
  for (let slice = 0; slice < counting.sliceCount; slice++)
    counting.visitSlice(slice, (_words, _at, counts) => visited.push(counts.seederCount));
  expect(visited).toEqual([1]);
  expect(counting).toMatchObject({ swarmCount: 1, peerCount: 1 });
});

let places: { aa: Elsewhere; bb: Elsewhere };

beforeEach(() => {
  places = { aa: { origin: 'aa', isGone: false }, bb: { origin: 'bb', isGone: false } };
});

function counts(seederCount: number, leecherCount: number, completedCount = 0): SwarmCounts {
  return { seederCount, leecherCount, completedCount };
}

test('picks among peers of all processes, each as likely, and no seeders for a seeder', () => {
  const swarms = new WebSocketSwarms(random);
  const [self] = [1, 2, 3].map((peer) => announce(swarms, newLink(), { peer }));
  swarms.setElsewhere(places.aa, infoHashOf(1), counts(2, 4));
  swarms.setElsewhere(places.bb, infoHashOf(1), counts(1, 1));
  const seen = { here: 0, aa: 0, bb: 0 };
  for (let round = 0; round < 2_000; round++) {
    const { here, elsewhere } = self!.swarm.pick(self!, 5, random);
    expect(new Set(here).size).toBe(here.length);
    seen.here += here.length;
    for (const name of ['aa', 'bb'] as const) seen[name] += elsewhere.get(name) ?? 0;
  }
  // 5 of 10: each peer is in half of them.
  expect(Math.abs(seen.here - 2_000)).toBeLessThan(150);
  expect(Math.abs(seen.aa - 6_000)).toBeLessThan(250);
  expect(seen.here + seen.aa + seen.bb).toBe(10_000);
  const seeder = announce(swarms, newLink(), { peer: 9, isSeeder: true });
  const { here, elsewhere } = seeder.swarm.pick(seeder, 50, random);
  expect([here.length, elsewhere.get('aa'), elsewhere.get('bb')]).toEqual([3, 4, 1]);
  expect(seeder.swarm.pickHere(true, 50, random)).toHaveLength(3);
  expect(seeder.swarm.pickHere(false, 50, random)).toHaveLength(4);
});

test('counts what other processes have, as they said it last, until they are gone', () => {
  const step = fc.record({
    origin: fc.constantFrom('aa' as const, 'bb' as const),
    hash: fc.nat(2),
    own: fc.constantFrom('come', 'go', 'stay'),
    seederCount: fc.nat(2),
    leecherCount: fc.nat(2),
  });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
      const swarms = new WebSocketSwarms(random, true);
      const link = newLink();
      const model = new Map<string, SwarmCounts>();
      const own = new Map<number, WebSocketPeer>();
      for (const { origin, hash, own: move, seederCount, leecherCount } of steps) {
        swarms.setElsewhere(places[origin], infoHashOf(hash), counts(seederCount, leecherCount));
        model.set(`${hash}${origin}`, counts(seederCount, leecherCount));
        if (move === 'come') own.set(hash, announce(swarms, link, { hash }));
        const peer = own.get(hash);
        if (move !== 'go' || peer === undefined) continue;
        swarms.remove(peer);
        own.delete(hash);
      }
      const check = (): void => {
        let peerCount = 0;
        let swarmCount = 0;
        for (let hash = 0; hash <= 2; hash++) {
          const sum = counts(0, own.has(hash) ? 1 : 0);
          for (const origin of ['aa', 'bb']) {
            sum.seederCount += model.get(`${hash}${origin}`)?.seederCount ?? 0;
            sum.leecherCount += model.get(`${hash}${origin}`)?.leecherCount ?? 0;
          }
          const size = sum.seederCount + sum.leecherCount;
          if (size > 0) swarmCount++;
          peerCount += size;
          const swarm = swarms.find(wordsOf(hash));
          if (size === 0) expect(swarm).toBeUndefined();
          else expect(swarm).toMatchObject(sum);
        }
        expect(swarms).toMatchObject({ peerCount, swarmCount, ownPeerCount: own.size });
      };
      check();
      for (const key of [...model.keys()]) if (key.endsWith('aa')) model.delete(key);
      swarms.forgetElsewhere(places.aa);
      swarms.sweep(4);
      check();
      places.aa = { origin: 'aa', isGone: false };
    }),
  );
});

test('tells others of a swarm that changed, once, and of its last state', () => {
  const swarms = new WebSocketSwarms(random, true);
  const link = newLink();
  announce(swarms, link, {});
  announce(swarms, link, { hash: 2, isSeeder: true });
  swarms.remove(announce(swarms, link, {}));
  const told = (): unknown[] =>
    swarms.takeChanged(10).map(({ infoHash, countsHere }) => [infoHash[0], countsHere]);
  expect(told()).toEqual([
    [1, counts(0, 0)],
    [2, counts(1, 0)],
  ]);
  announce(swarms, link, { hash: 2, isSeeder: true });
  swarms.setElsewhere(places.aa, infoHashOf(3), counts(1, 1));
  expect(told()).toEqual([]);
  swarms.changeAll();
  expect(told()).toEqual([[2, counts(1, 0)]]);
});
