import { toInfoHash, toPeerId } from '@shoal/units';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { encodeHandshake, HANDSHAKE_LENGTH, HandshakeReader, WireError } from '../src/index.ts';
import { fromHex, toHex } from './vectors.ts';

const infoHash = toInfoHash(fromHex('000102030405060708090a0b0c0d0e0f10111213'))!;
const peerId = toPeerId(fromHex('2d534c303130302d6162636465666768696a6b6c'))!;

/** BEP 3, with the bits of BEP 10 (byte 5, 0x10), BEP 6 (byte 7, 0x04) and BEP 5 (byte 7, 0x01). */
const vector = fromHex(
  `13 426974546f7272656e742070726f746f636f6c 0000000000100005 ${toHex(infoHash)} ${toHex(peerId)}`,
);
const handshake = {
  infoHash,
  peerId,
  supportsFast: true,
  supportsExtended: true,
  supportsDht: true,
};

test('is written and read as BEP 3 has it', () => {
  expect(vector.length).toBe(HANDSHAKE_LENGTH);
  expect(encodeHandshake(handshake)).toEqual(vector);
  expect(new HandshakeReader().push(vector, vector.length)?.handshake).toEqual(handshake);
});

test('is read at every cut, with the bytes behind it given back', () => {
  const stream = Uint8Array.from([...vector, 0, 0, 0, 1, 2]);
  for (let cut = 0; cut <= stream.length; cut++) {
    const reader = new HandshakeReader();
    const first = reader.push(stream.subarray(0, cut), cut);
    const second = first ?? reader.push(stream.subarray(cut), stream.length - cut);
    expect(second?.handshake).toEqual(handshake);
    expect(second?.rest).toEqual(stream.slice(68, first === undefined ? undefined : cut));
  }
});

test('is read one byte at a time out of a shared buffer', () => {
  const reader = new HandshakeReader();
  const shared = new Uint8Array(10);
  const reads = [...vector].map((byte) => {
    shared.fill(0xee);
    shared[0] = byte;
    return reader.push(shared, 1);
  });
  expect(reads.slice(0, -1).every((read) => read === undefined)).toBe(true);
  expect(reads.at(-1)).toEqual({ handshake, rest: new Uint8Array(0) });
});

test('ends at the first byte that is not of the protocol', () => {
  for (let wrong = 0; wrong < 20; wrong++) {
    const bytes = vector.slice();
    bytes[wrong]! ^= 1;
    const reader = new HandshakeReader();
    expect(reader.push(bytes, wrong)).toBeUndefined();
    expect(() => reader.push(bytes.subarray(wrong), 1)).toThrow(
      expect.objectContaining({ name: 'WireError', code: 'bad-protocol' }),
    );
  }
});

test('every set of bits survives', () => {
  const bits = fc.record({
    infoHash: fc.uint8Array({ minLength: 20, maxLength: 20 }).map((bytes) => toInfoHash(bytes)!),
    peerId: fc.uint8Array({ minLength: 20, maxLength: 20 }).map((bytes) => toPeerId(bytes)!),
    supportsFast: fc.boolean(),
    supportsExtended: fc.boolean(),
    supportsDht: fc.boolean(),
  });
  fc.assert(
    fc.property(bits, (sent) => {
      const bytes = encodeHandshake(sent);
      expect(new HandshakeReader().push(bytes, bytes.length)?.handshake).toEqual(sent);
    }),
  );
});

test('random bytes are no handshake, and nothing but a WireError', () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 1, maxLength: 200 }), (bytes) => {
      fc.pre(bytes[0] !== 19);
      expect(() => new HandshakeReader().push(bytes, bytes.length)).toThrow(WireError);
    }),
  );
});
