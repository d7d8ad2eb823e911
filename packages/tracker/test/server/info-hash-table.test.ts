import { seededRandom } from '@shoal/testkit';
import { type InfoHash, idToHex, toInfoHash } from '@shoal/units';
import { expect, test } from 'vitest';
import { InfoHashTableBuilder, infoHashTable, tableHas } from '../../src/server/info-hash-table.ts';
import { readInfoHashWords } from '../../src/server/swarm/swarm-store.ts';

const random = seededRandom(5);
const zeros = toInfoHash(new Uint8Array(20))!;

function wordsOf(infoHash: InfoHash): Int32Array {
  const words = new Int32Array(5);
  readInfoHashWords(words, infoHash, 0);
  return words;
}

/** Infohashes of few different bytes: many are twice there, many begin alike, some are zeros. */
function alikeInfoHashes(count: number): InfoHash[] {
  return Array.from({ length: count }, () => {
    const infoHash = toInfoHash(new Uint8Array(20))!;
    const [place, value] = [random.below(20), random.below(8)];
    infoHash[place] = value;
    infoHash[19] = random.below(4);
    return infoHash;
  });
}

function randomInfoHashes(count: number): InfoHash[] {
  return Array.from({ length: count }, () => toInfoHash(random.bytes(20))!);
}

test('has what a set of strings has, whatever the infohashes', () => {
  for (let round = 0; round < 200; round++) {
    const make = round % 2 === 0 ? alikeInfoHashes : randomInfoHashes;
    const listed = make(random.below(300));
    const others = make(300);
    const expected = new Set(listed.map(idToHex));
    const table = infoHashTable(listed, random);
    expect(table.count).toBe(expected.size);
    for (const infoHash of [...listed, ...others, zeros]) {
      const isThere = tableHas(table, wordsOf(infoHash));
      if (isThere !== expected.has(idToHex(infoHash))) expect.fail(idToHex(infoHash));
    }
  }
});

test('the infohash of zeros is there only when it was added', () => {
  expect(tableHas(infoHashTable([], random), wordsOf(zeros))).toBe(false);
  const table = infoHashTable([zeros, zeros], random);
  expect(table.count).toBe(1);
  expect(tableHas(table, wordsOf(zeros))).toBe(true);
});

test('takes as many different infohashes as it was made for, and no more', () => {
  const builder = new InfoHashTableBuilder(3, random);
  const [first, ...others] = randomInfoHashes(4) as [InfoHash, ...InfoHash[]];
  for (const infoHash of [zeros, first, others[0]!]) builder.add(infoHash);
  builder.add(first);
  expect(() => builder.add(others[1]!)).toThrow(RangeError);
  expect(builder.finish().count).toBe(3);
});

test('goes to another process as it is', () => {
  const infoHashes = randomInfoHashes(100);
  const table = structuredClone(infoHashTable(infoHashes, random));
  for (const infoHash of infoHashes) expect(tableHas(table, wordsOf(infoHash))).toBe(true);
});
