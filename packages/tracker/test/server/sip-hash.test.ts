import { expect, test } from 'vitest';
import { halfSipHash } from '../../src/server/swarm/half-sip-hash.ts';
import { sipHash } from '../../src/server/udp/sip-hash.ts';

/** The bytes 0, 1, 2 … as little-endian words: keys and messages of the published vectors. */
const COUNTING = new Int32Array(Uint8Array.from({ length: 64 }, (_, byte) => byte).buffer);

test.each([
  // Reference implementation of SipHash-2-4, 64-bit tag: messages of 0, 8, 16 and 24 bytes.
  [0, 0x726fdb47, 0xdd0e0e31],
  [1, 0x93f5f579, 0x9a932462],
  [2, 0x3f2acc7f, 0x57c29bdb],
  [3, 0xb8ad50c6, 0xf649af94],
])('SipHash-2-4 of %i blocks is as published', (blockCount, high, low) => {
  const mac = new Int32Array(2);
  sipHash(COUNTING, COUNTING, blockCount, mac);
  expect([mac[1]! >>> 0, mac[0]! >>> 0]).toEqual([high, low]);
});

test.each([
  // Linux, lib/tests/siphash_kunit.c, HalfSipHash-1-3: messages of 0, 4 … 20 bytes.
  [0, 0x5814c896],
  [1, 0x7e059ea6],
  [2, 0x577999b1],
  [3, 0x6b28096c],
  [4, 0x8b31d501],
  [5, 0x911bb605],
])('HalfSipHash-1-3 of %i words is as published', (count, hash) => {
  expect(halfSipHash(COUNTING, COUNTING, count) >>> 0).toBe(hash);
});

test('infohashes that share 18 bytes spread over a table like random ones', () => {
  const key = Int32Array.of(0x1234_5678, 0x0abc_def0);
  const infoHash = new Int32Array(5).fill(0x5555_5555);
  const buckets = new Uint8Array(65_536);
  for (let tail = 0; tail < 65_536; tail++) {
    infoHash[4] = 0x1111_0000 | tail;
    buckets[halfSipHash(key, infoHash, 5) & 0xffff]!++;
  }
  // Balls in bins: of 65,536 in as many, 9 or more in one bin happen once in 10 tables or so.
  expect(Math.max(...buckets)).toBeLessThan(12);
  expect(buckets.filter((count) => count === 0).length / 65_536).toBeCloseTo(Math.exp(-1), 2);
});
