/** Threats 27 and 28: made-up infohashes by the million, and such that are meant to collide. */
import { seededRandom } from '@shoal/testkit';
import { expect, test } from 'vitest';
import { MemorySwarmStore } from '../../../src/server/swarm/memory-swarm-store.ts';
import { Announce, type SwarmCounts } from '../../../src/server/swarm/swarm-store.ts';

/** `npm run interop -- soak` sets it: the numbers are larger then. */
const isSoak = process.env.SHOAL_SOAK === '1';
const FLOOD_COUNT = isSoak ? 10_000_000 : 400_000;
const COLLIDING_COUNT = isSoak ? 1_048_576 : 131_072;
const LIMIT_MS = isSoak ? 240_000 : 20_000;
const MIB = 1_024 * 1_024;

function makeStore(limits: { maxSwarmCount?: number; maxByteLength?: number } = {}) {
  return new MemorySwarmStore({ random: seededRandom(1), peerLifetimeS: 3_600, ...limits });
}

test(
  `${FLOOD_COUNT.toLocaleString('en')} announces of made-up infohashes: memory stays in its bound, old peers are served`,
  () => {
    const maxByteLength = 4 * MIB;
    const store = makeStore({ maxByteLength });
    const announce = new Announce();
    const announceOld = (peer: number): void => {
      announce.infoHash.fill(7);
      announce.peer[0] = peer;
      announce.setPort(6_881);
      store.announce(announce);
    };
    for (let peer = 0; peer < 50; peer++) announceOld(peer);
    announceOld(0);
    const residentBefore = process.memoryUsage.rss();
    let state = 1;
    for (let n = 0; n < FLOOD_COUNT; n++) {
      for (let word = 0; word < 5; word++) {
        state = (Math.imul(state, 1_664_525) + 1_013_904_223) | 0;
        announce.infoHash[word] = state;
      }
      announce.peer[0] = n;
      store.announce(announce);
    }
    expect(store.byteLength).toBeLessThan(1.01 * maxByteLength);
    expect(store.shedCount).toBeGreaterThan(FLOOD_COUNT - 200_000);
    expect(process.memoryUsage.rss() - residentBefore).toBeLessThan(64 * MIB);
    announceOld(0);
    const into = new Uint8Array(6 * 100);
    expect(store.copyPeers(announce, 4, 100, into, 0)).toBe(6 * 49);
  },
  LIMIT_MS,
);

test(
  `${COLLIDING_COUNT.toLocaleString('en')} infohashes that share 18 bytes are announced at half the rate of random ones or better`,
  () => {
    const random = seededRandom(3);
    const hashes = (next: (words: Int32Array, n: number) => void): Int32Array => {
      const all = new Int32Array(5 * COLLIDING_COUNT);
      for (let n = 0; n < COLLIDING_COUNT; n++) next(all.subarray(5 * n, 5 * n + 5), n);
      return all;
    };
    let state = random.below(2 ** 32);
    const scattered = hashes((words) => {
      for (let word = 0; word < 5; word++)
        words[word] = state = (Math.imul(state, 1_664_525) + 1_013_904_223) | 0;
    });
    // Two bytes tell 65,536 of them apart: several such sets.
    const alike = hashes((words, n) => words.fill(n >>> 16, 0, 4).fill(n & 0xffff, 4));
    const cpuOf = (all: Int32Array): number => {
      const store = makeStore();
      const announce = new Announce();
      const before = process.cpuUsage();
      for (let at = 0; at < all.length; at += 5) {
        announce.infoHash.set(all.subarray(at, at + 5));
        store.announce(announce);
      }
      const { user, system } = process.cpuUsage(before);
      const counts: SwarmCounts = { seederCount: 0, leecherCount: 0, completedCount: 0 };
      store.scrape(all.subarray(0, 5), counts);
      expect([store.swarmCount, counts.leecherCount]).toEqual([COLLIDING_COUNT, 1]);
      return user + system;
    };
    cpuOf(scattered);
    const rounds = [1, 2].map(() => ({ scattered: cpuOf(scattered), alike: cpuOf(alike) }));
    const best = (name: 'scattered' | 'alike'): number => Math.min(...rounds.map((r) => r[name]));
    expect(best('alike')).toBeLessThan(2 * best('scattered'));
  },
  LIMIT_MS,
);
