import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  decodeCompactPeers,
  encodeCompactPeer,
  formatPeerAddress,
  hexToInfoHash,
  idToHex,
  parseIp,
  parsePeerAddress,
  peerAddressFromBytes,
} from '../src/index.ts';

test('every address survives text and compact form', () => {
  const ip = fc.oneof(
    fc.uint8Array({ minLength: 4, maxLength: 4 }),
    fc.uint8Array({ minLength: 16, maxLength: 16 }),
    // Many zero groups, for the `::` of RFC 5952.
    fc
      .array(fc.constantFrom(0, 0, 0, 1, 0xab), { minLength: 16, maxLength: 16 })
      .map((bytes) => Uint8Array.from(bytes)),
  );
  fc.assert(
    fc.property(ip, fc.integer({ min: 1, max: 65_535 }), (bytes, port) => {
      const address = peerAddressFromBytes(bytes, port);
      expect(parsePeerAddress(formatPeerAddress(address))).toEqual(address);
      expect(decodeCompactPeers(encodeCompactPeer(address), address.family)).toEqual([address]);
    }),
  );
});

test.each([
  ['2001:db8:0:0:0:0:0:1', '2001:db8::1'],
  ['::', '::'],
  ['::1', '::1'],
  ['1:0:0:2:0:0:0:3', '1:0:0:2::3'],
  ['::ffff:10.0.0.1', '10.0.0.1'],
  ['fe80::1:0:0', 'fe80::1:0:0'],
])('writes %s as %s', (text, canonical) => {
  expect(peerAddressFromBytes(parseIp(text)!, 1).host).toBe(canonical);
});

test.each([
  '',
  '1.2.3',
  '1.2.3.256',
  '1.2.3.4.5',
  ':::',
  '1::2::3',
  'g::',
  'tracker.example',
  '::1.2.3.4.5',
])('takes %j for no IP address', (text) => {
  expect(parseIp(text)).toBeUndefined();
});

test.each(['1.2.3.4', '1.2.3.4:0', '1.2.3.4:65536', '[::1]', '::1:80:', 'host:80', '1.2.3.4:x'])(
  'takes %j for no address with a port',
  (text) => {
    expect(parsePeerAddress(text)).toBeUndefined();
  },
);

test('an address of a link keeps its zone in text, and has none as bytes', () => {
  const address = parsePeerAddress('fe80:0::1%eth0.7', 6881)!;
  expect(address).toEqual({ host: 'fe80::1%eth0.7', port: 6881, family: 6 });
  expect(formatPeerAddress(address)).toBe('[fe80::1%eth0.7]:6881');
  expect(parsePeerAddress(formatPeerAddress(address))).toEqual(address);
  expect(parseIp(address.host)).toEqual(parseIp('fe80::1'));
  expect(encodeCompactPeer(address)).toEqual(
    encodeCompactPeer(parsePeerAddress('[fe80::1]:6881')!),
  );
});

test('a zone behind any other address is left out', () => {
  expect(parsePeerAddress('2001:db8::1%eth0', 6881)?.host).toBe('2001:db8::1');
  expect(parsePeerAddress('::ffff:10.0.0.1%eth0', 6881)?.host).toBe('10.0.0.1');
});

test.each([
  'fe80::1%',
  'fe80::1%a%b',
  'fe80::1%\u001b[2J',
  `fe80::1%${'a'.repeat(33)}`,
  '1.2.3.4%eth0',
])('takes %j for no IP address, as its zone is none', (text) => {
  expect(parseIp(text)).toBeUndefined();
  expect(parsePeerAddress(text, 6881)).toBeUndefined();
});

test('a port may be left out when there is a default', () => {
  expect(parsePeerAddress('::1', 6881)).toEqual({ host: '::1', port: 6881, family: 6 });
  expect(parsePeerAddress('1.2.3.4', 6881)?.port).toBe(6881);
});

test('ragged compact peers are refused and port 0 is left out', () => {
  expect(decodeCompactPeers(new Uint8Array(7), 4)).toBeUndefined();
  expect(decodeCompactPeers(Uint8Array.of(1, 2, 3, 4, 0, 0, 1, 2, 3, 4, 0, 80), 4)).toEqual([
    { host: '1.2.3.4', port: 80, family: 4 },
  ]);
});

test('infohashes are read from 40 hex digits of either case', () => {
  const hex = 'AABBCCDDEEFF00112233445566778899aabbccdd';
  expect(idToHex(hexToInfoHash(hex)!)).toBe(hex.toLowerCase());
  expect(hexToInfoHash('aa')).toBeUndefined();
  expect(hexToInfoHash(`${hex.slice(1)}g`)).toBeUndefined();
});
