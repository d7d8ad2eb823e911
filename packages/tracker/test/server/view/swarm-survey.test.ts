import { seededRandom } from '@shoal/testkit';
import { idToHex } from '@shoal/units';
import { expect, test } from 'vitest';
import { MemorySwarmStore } from '../../../src/server/swarm/memory-swarm-store.ts';
import { Announce } from '../../../src/server/swarm/swarm-store.ts';
import { SwarmSurvey } from '../../../src/server/view/swarm-survey.ts';

function storeOf(sizes: readonly (readonly [seeders: number, leechers: number])[]) {
  const store = new MemorySwarmStore({ random: seededRandom(1), peerLifetimeS: 100 });
  const announce = new Announce();
  for (const [swarm, [seeders, leechers]] of sizes.entries())
    for (let peer = 0; peer < seeders + leechers; peer++) {
      announce.readInfoHash(infoHashOf(swarm), 0);
      announce.family = peer % 2 === 0 ? 4 : 6;
      announce.peer.fill(peer + 1);
      announce.isSeeder = peer < seeders;
      store.announce(announce);
    }
  return store;
}

function infoHashOf(swarm: number): Uint8Array {
  const bytes = new Uint8Array(20).fill(0xfe);
  new DataView(bytes.buffer).setUint32(8, swarm);
  return bytes;
}

test('adds up all swarms and names the largest, the largest first', () => {
  const store = storeOf([
    [1, 1],
    [0, 7],
    [5, 0],
    [0, 1],
    [3, 3],
  ]);
  const survey = new SwarmSurvey(store, 3);
  expect(survey.totals).toEqual({ seederCount: 0, leecherCount: 0, largest: [] });
  expect(survey.step()).toBe(true);
  expect(survey.totals).toMatchObject({ seederCount: 9, leecherCount: 12 });
  expect(survey.totals.largest.map(({ infoHash }) => idToHex(infoHash))).toEqual(
    [1, 4, 2].map((swarm) => idToHex(infoHashOf(swarm))),
  );
  expect(survey.totals.largest[1]).toMatchObject({ seederCount: 3, leecherCount: 3 });
});

test('begins anew each round', () => {
  const store = storeOf([[2, 0]]);
  const survey = new SwarmSurvey(store, 3);
  survey.step();
  const words = new Int32Array(5);
  store.visitSlice(sliceOfOnly(store), (table, at) => words.set(table.subarray(at, at + 5)));
  expect(store.delete(words)).toBe(true);
  survey.step();
  expect(survey.totals).toEqual({ seederCount: 0, leecherCount: 0, largest: [] });
});

test('takes many swarms in several steps', () => {
  const store = storeOf(Array.from({ length: 40_000 }, () => [0, 1] as const));
  const survey = new SwarmSurvey(store, 3);
  let steps = 1;
  while (!survey.step()) steps++;
  expect(steps).toBe(3);
  expect(survey.totals).toMatchObject({ leecherCount: 40_000 });
  expect(survey.totals.largest).toHaveLength(3);
});

function sliceOfOnly(store: MemorySwarmStore): number {
  for (let slice = 0; slice < store.sliceCount; slice++) {
    let count = 0;
    store.visitSlice(slice, () => count++);
    if (count > 0) return slice;
  }
  throw new Error('no swarm');
}
