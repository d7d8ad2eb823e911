import fc from 'fast-check';
import { expect, test } from 'vitest';
import { clientTag, isKeyed, maySpeakFor } from '../../src/server/swarm/client-tag.ts';

const peerId = fc.uint8Array({ minLength: 20, maxLength: 20 });
const key = fc.integer({ min: 0, max: 2 ** 32 - 1 });

test('a client is the same wherever its peer id stands, and keyed when it has a key', () => {
  fc.assert(
    fc.property(peerId, key, fc.nat(40), (id, itsKey, at) => {
      const tag = clientTag(id, 0, itsKey);
      const packet = new Uint8Array(at + 24).fill(7);
      packet.set(id, at);
      expect(clientTag(packet, at, itsKey)).toBe(tag);
      expect(tag).not.toBe(0);
      expect(isKeyed(tag)).toBe(itsKey !== 0);
    }),
  );
});

test('one more bit in peer id or key makes another client', () => {
  fc.assert(
    fc.property(peerId, key, fc.nat(159), fc.nat(31), (id, itsKey, idBit, keyBit) => {
      const other = id.slice();
      other[idBit >> 3]! ^= 1 << (idBit & 7);
      const tag = clientTag(id, 0, itsKey);
      // Of 400 tries none collides by chance but once in ten million runs.
      expect(clientTag(other, 0, itsKey)).not.toBe(tag);
      const otherKey = (itsKey ^ (1 << keyBit)) >>> 0;
      if (Math.abs(otherKey - itsKey) > 1) expect(clientTag(id, 0, otherKey)).not.toBe(tag);
    }),
    { seed: 7 },
  );
});

test('keys do not fall together', () => {
  const id = new Uint8Array(20).fill(1);
  const tags = new Set(Array.from({ length: 100_000 }, (_, n) => clientTag(id, 0, n + 1)));
  expect(tags.size).toBeGreaterThan(99_900);
});

test.each([
  [3, 3, true],
  [3, 5, false],
  [3, 4, false],
  [4, 5, true],
  [4, 6, true],
  [0, 5, true],
  [3, 0, true],
])('a peer of client %i may be taken away by %i: %s', (known, tag, may) => {
  expect(maySpeakFor(known, tag)).toBe(may);
});
