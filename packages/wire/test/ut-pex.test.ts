import { peerAddressFromBytes } from '@shoal/units';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  decodePexMessage,
  encodePexMessage,
  MAX_PEX_PEERS,
  PEX_FLAG,
  WireError,
} from '../src/index.ts';

const bytesOf = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, 'latin1'));
const v4 = (host: string, port: number) => ({ host, port, family: 4 }) as const;
const failure = expect.objectContaining({ name: 'WireError', code: 'bad-extended' });

test('reads and writes both families with their flags as BEP 11 has them', () => {
  const message = {
    added: [
      { address: v4('1.2.3.4', 6881), flags: PEX_FLAG.seeder | PEX_FLAG.reachable },
      { address: v4('5.6.7.8', 80), flags: 0 },
      { address: { host: '2001:db8::1', port: 6882, family: 6 } as const, flags: 1 },
    ],
    dropped: [v4('9.9.9.9', 1)],
  };
  const text = [
    'd5:added12:\x01\x02\x03\x04\x1a\xe1\x05\x06\x07\x08\x00\x50',
    '7:added.f2:\x12\x00',
    '6:added618:\x20\x01\x0d\xb8\0\0\0\0\0\0\0\0\0\0\0\x01\x1a\xe2',
    '8:added6.f1:\x01',
    '7:dropped6:\x09\x09\x09\x09\x00\x01',
    '8:dropped60:e',
  ].join('');
  expect(encodePexMessage(message)).toEqual(bytesOf(text));
  expect(decodePexMessage(bytesOf(text))).toEqual(message);
});

test('lists may be missing, and so may flags', () => {
  expect(decodePexMessage(bytesOf('de'))).toEqual({ added: [], dropped: [] });
  expect(decodePexMessage(bytesOf('d5:added6:\x01\x02\x03\x04\x1a\xe1e'))).toEqual({
    added: [{ address: v4('1.2.3.4', 6881), flags: 0 }],
    dropped: [],
  });
});

test('a peer with port 0 is left out and takes its flags with it', () => {
  const text =
    'd5:added12:\x01\x01\x01\x01\x00\x00\x02\x02\x02\x02\x00\x05' + '7:added.f2:\x01\x02e';
  expect(decodePexMessage(bytesOf(text)).added).toEqual([{ address: v4('2.2.2.2', 5), flags: 2 }]);
});

test('of a flood no more than 50 peers are taken', () => {
  const flood = Array.from({ length: 1000 }, (_, at) => v4(`10.0.${at >> 8}.${at & 255}`, 1000));
  const payload = encodePexMessage({
    added: flood.map((address) => ({ address, flags: 0 })),
    dropped: flood,
  });
  const { added, dropped } = decodePexMessage(payload);
  expect([added.length, dropped.length]).toEqual([MAX_PEX_PEERS, MAX_PEX_PEERS]);
  expect(added[49]?.address.host).toBe('10.0.0.49');
});

test.each([
  '',
  'le',
  'd5:added5:12345e',
  'd6:added66:123456e',
  'd5:addedi1ee',
  'd5:addedle',
  'dex',
])('refuses %j', (text) => {
  expect(() => decodePexMessage(bytesOf(text))).toThrow(failure);
});

test('every message survives, IPv4 first', () => {
  const port = fc.integer({ min: 1, max: 65_535 });
  const address = (length: 4 | 16) =>
    fc
      .tuple(fc.uint8Array({ minLength: length, maxLength: length }), port)
      .map(([ip, at]) => peerAddressFromBytes(ip, at))
      .filter(({ family }) => (family === 4) === (length === 4));
  const peer = (length: 4 | 16) =>
    fc.record({ address: address(length), flags: fc.integer({ min: 0, max: 255 }) });
  const list = <T>(item: (length: 4 | 16) => fc.Arbitrary<T>) =>
    fc
      .tuple(fc.array(item(4), { maxLength: 25 }), fc.array(item(16), { maxLength: 25 }))
      .map((lists) => lists.flat());
  fc.assert(
    fc.property(fc.record({ added: list(peer), dropped: list(address) }), (message) => {
      expect(decodePexMessage(encodePexMessage(message))).toEqual(message);
    }),
  );
});

test('random bytes give a message or a WireError', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 60 }), (tail) => {
      try {
        decodePexMessage(Uint8Array.from([...bytesOf('d5:added'), ...tail]));
      } catch (error) {
        expect(error).toBeInstanceOf(WireError);
      }
    }),
  );
});
