import { seededRandom } from '@shoal/testkit';
import { type InfoHash, toInfoHash } from '@shoal/units';
import { expect, test } from 'vitest';
import { Access } from '../../src/server/access.ts';
import { infoHashTable } from '../../src/server/info-hash-table.ts';
import { readInfoHashWords } from '../../src/server/swarm/swarm-store.ts';

const random = seededRandom(3);
const infoHashes = Array.from({ length: 1_000 }, () => toInfoHash(random.bytes(20))!);
const [first, second] = infoHashes as [InfoHash, InfoHash];

const tableOf = (list: readonly InfoHash[]) => infoHashTable(list, random);

function allows(access: Access, infoHash: InfoHash): boolean {
  const words = new Int32Array(5);
  readInfoHashWords(words, infoHash, 0);
  return access.allows(words);
}

test('allows everything without lists', () => {
  expect(allows(new Access({}), first)).toBe(true);
});

test('allows what is on the allow list and nothing else', () => {
  const access = new Access({ allow: tableOf(infoHashes.slice(0, 500)) });
  for (const [index, infoHash] of infoHashes.entries())
    expect(allows(access, infoHash)).toBe(index < 500);
});

test('an empty allow list allows nothing', () => {
  expect(allows(new Access({ allow: tableOf([]) }), first)).toBe(false);
});

test('the deny list wins over the allow list', () => {
  const access = new Access({ allow: tableOf(infoHashes), deny: tableOf([second]) });
  expect(allows(access, first)).toBe(true);
  expect(allows(access, second)).toBe(false);
});
