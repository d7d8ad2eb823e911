import { parseIp, peerAddressFromBytes } from '@shoal/units';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readIp } from '../../src/server/ip-text.ts';

const into = new Uint8Array(18);

function read(text: string): Uint8Array | undefined {
  into.fill(0xaa);
  const family = readIp(text, into);
  return family === 0 ? undefined : into.slice(0, family === 4 ? 4 : 16);
}

test('reads what the units package reads, in any form of the text', () => {
  const v4 = fc.ipV4();
  const v6 = fc.oneof(
    fc.ipV6(),
    fc.uint8Array({ minLength: 16, maxLength: 16 }).map((ip) => peerAddressFromBytes(ip, 1).host),
    v4.map((ip) => `::ffff:${ip}`),
  );
  fc.assert(
    fc.property(fc.oneof(v4, v6), (text) => {
      expect(read(text)).toEqual(parseIp(text));
    }),
    { numRuns: 1_000 },
  );
});

test('passes over a zone', () => {
  expect(read('fe80::1%eth0')).toEqual(parseIp('fe80::1'));
});

test('takes IPv4 inside IPv6 for IPv4', () => {
  expect(read('::ffff:192.0.2.1')).toEqual(Uint8Array.of(192, 0, 2, 1));
});

test.each(['', 'tracker', '1.2.3', '1.2.3.256', '1.2.3.4.5', '1:2', 'g::1', '1:2:3:4:5:6:7:8:9'])(
  'says that %j is no address',
  (text) => {
    expect(read(text)).toBeUndefined();
  },
);
