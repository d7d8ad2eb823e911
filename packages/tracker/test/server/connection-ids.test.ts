import { seededRandom } from '@shoal/testkit';
import { parseIp } from '@shoal/units';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ConnectionIds } from '../../src/server/udp/connection-ids.ts';

const ids = new ConnectionIds({ secret: seededRandom(1).bytes(16), shiftMs: 0 });

function idOf(ip: string, nowMs: number, from = ids): Uint8Array {
  const id = new Uint8Array(8);
  from.write(parseIp(ip)!, ip.includes(':') ? 6 : 4, nowMs, id, 0);
  return id;
}

function isGood(id: Uint8Array, ip: string, nowMs: number): boolean {
  return ids.verify(parseIp(ip)!, ip.includes(':') ? 6 : 4, nowMs, id);
}

test.each(['192.0.2.1', '2001:db8::1'])('an id is good for 60 s at least: %s', (ip) => {
  fc.assert(
    fc.property(fc.nat(10_000_000), fc.nat(60_000), (givenAtMs, ageMs) => {
      expect(isGood(idOf(ip, givenAtMs), ip, givenAtMs + ageMs)).toBe(true);
    }),
  );
});

test.each(['192.0.2.1', '2001:db8::1'])('an id is bad after 120 s: %s', (ip) => {
  fc.assert(
    fc.property(fc.nat(10_000_000), fc.nat(1_000_000), (givenAtMs, moreMs) => {
      expect(isGood(idOf(ip, givenAtMs), ip, givenAtMs + 120_000 + moreMs)).toBe(false);
    }),
  );
});

test('an id of the future is bad', () => {
  expect(isGood(idOf('192.0.2.1', 600_000), '192.0.2.1', 0)).toBe(false);
});

test('an id is bad for every other address', () => {
  const id = idOf('192.0.2.1', 0);
  for (const other of ['192.0.2.2', '193.0.2.1', '2001:db8::1', '::c000:201'])
    expect(isGood(id, other, 0)).toBe(false);
});

test('an id of another tracker is bad', () => {
  const other = new ConnectionIds({ secret: seededRandom(2).bytes(16), shiftMs: 0 });
  expect(isGood(idOf('192.0.2.1', 0, other), '192.0.2.1', 0)).toBe(false);
});

test('an id with any bit changed is bad, and so are all ones and all zeros', () => {
  for (let bit = 0; bit < 64; bit++) {
    const id = idOf('192.0.2.1', 0);
    id[bit >> 3]! ^= 1 << (bit & 7);
    expect(isGood(id, '192.0.2.1', 0)).toBe(false);
  }
  for (const byte of [0, 255])
    expect(isGood(new Uint8Array(8).fill(byte), '192.0.2.1', 0)).toBe(false);
});

test('with another secret or another time, the ids of before are good for 120 s more at most', () => {
  const [secret, next] = [seededRandom(1).bytes(16), seededRandom(2).bytes(16)];
  for (const key of [
    { secret: next, shiftMs: 0 },
    { secret, shiftMs: 3_600_000 },
  ]) {
    const moved = new ConnectionIds({ secret, shiftMs: 0 });
    const before = idOf('192.0.2.1', 60_000, moved);
    moved.follow(key, 60_000);
    moved.follow(key, 90_000);
    const isStillGood = (nowMs: number): boolean =>
      moved.verify(parseIp('192.0.2.1')!, 4, nowMs, before);
    expect(isStillGood(120_000)).toBe(true);
    expect(isStillGood(180_000)).toBe(false);
    const after = idOf('192.0.2.1', 90_000, moved);
    expect(after).not.toEqual(idOf('192.0.2.1', 90_000));
    expect(moved.verify(parseIp('192.0.2.1')!, 4, 90_000, after)).toBe(true);
  }
});
