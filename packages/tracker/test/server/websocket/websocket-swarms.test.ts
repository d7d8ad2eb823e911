import { seededRandom } from '@shoal/testkit';
import { toInfoHash, toPeerId } from '@shoal/units';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { MemorySwarmStore } from '../../../src/server/swarm/memory-swarm-store.ts';
import {
  Announce,
  readInfoHashWords,
  type SwarmCounts,
} from '../../../src/server/swarm/swarm-store.ts';
import { CountingStore } from '../../../src/server/websocket/counting-store.ts';
import type { PeerLink, WebSocketPeer } from '../../../src/server/websocket/websocket-swarm.ts';
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
    const picked = swarm.pick(leecher, 3, random).map(({ peerId }) => peerId[0]!);
    expect(new Set(picked).size).toBe(3);
    for (const peer of picked) seen.set(peer, (seen.get(peer) ?? 0) + 1);
  }
  expect([...seen.keys()].sort((a, b) => a - b)).toEqual([1, 2, 4, 5, 6, 7, 8, 9, 10]);
  for (const count of seen.values()) expect(Math.abs(count - 1_000)).toBeLessThan(120);
  const forSeeder = swarm.pick(seeder, 20, random);
  expect(forSeeder.map(({ peerId }) => peerId[0]).sort()).toEqual([1, 2, 3, 4, 5, 6]);
  expect(swarm.pick(leecher, 20, random)).toHaveLength(9);
  expect(swarm.pick(leecher, 0, random)).toEqual([]);
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
