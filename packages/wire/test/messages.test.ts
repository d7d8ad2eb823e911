import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decodeMessage, encodeMessage, WireError } from '../src/index.ts';
import { anyMessage, messageArbitraries } from './message-arbitraries.ts';
import { fromHex, messageVectors } from './vectors.ts';

test.each(messageVectors)('writes and reads $message.type as in $source', ({ bytes, message }) => {
  expect(encodeMessage(message)).toEqual(bytes);
  expect(decodeMessage(bytes.subarray(4))).toEqual(message);
});

test('every kind of message has a vector', () => {
  const kinds = new Set(messageVectors.map(({ message }) => message.type));
  expect([...kinds].sort()).toEqual(Object.keys(messageArbitraries).sort());
});

test('every message survives encoding, and its prefix is the length of the rest', () => {
  fc.assert(
    fc.property(anyMessage, (message) => {
      const bytes = encodeMessage(message);
      expect(new DataView(bytes.buffer).getUint32(0)).toBe(bytes.length - 4);
      expect(decodeMessage(bytes.subarray(4))).toEqual(message);
    }),
    { numRuns: 500 },
  );
});

test('random frames give a message or a WireError', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 40 }), (frame) => {
      try {
        decodeMessage(frame);
      } catch (error) {
        expect(error).toBeInstanceOf(WireError);
      }
    }),
    { numRuns: 2000 },
  );
});

test.each([
  ['choke unchoke interested not-interested have-all have-none', [0, 1, 2, 3, 14, 15], [1]],
  ['have suggest allowed-fast', [4, 13, 17], [5]],
  ['request cancel reject', [6, 8, 16], [13]],
  ['port', [9], [3]],
  ['piece', [7], Array.from({ length: 256 - 9 }, (_, i) => i + 9)],
  ['extended', [20], Array.from({ length: 256 - 2 }, (_, i) => i + 2)],
  ['bitfield unknown', [5, 10, 21, 255], Array.from({ length: 255 }, (_, i) => i + 1)],
])('of frames of 1..255 bytes %s takes those of its length alone', (_, ids, lengths) => {
  for (const id of ids) {
    const taken: number[] = [];
    for (let length = 1; length < 256; length++) {
      const frame = new Uint8Array(length);
      frame[0] = id;
      try {
        decodeMessage(frame);
        taken.push(length);
      } catch (error) {
        expect(error).toMatchObject({ name: 'WireError', code: 'wrong-length', got: length });
      }
    }
    expect(taken).toEqual(lengths);
  }
});

test('the lengths are unsigned: 0xffffffff is not -1', () => {
  expect(decodeMessage(fromHex('04ffffffff'))).toEqual({ type: 'have', pieceIndex: 4_294_967_295 });
});

test.each([
  { type: 'have', pieceIndex: -1 } as const,
  { type: 'have', pieceIndex: 2 ** 32 } as const,
  { type: 'request', pieceIndex: 0, begin: 0.5, length: 1 } as const,
  { type: 'piece', pieceIndex: 0, begin: 2 ** 32, block: new Uint8Array(1) } as const,
  { type: 'port', port: 65_536 } as const,
  { type: 'extended', extendedId: 256, payload: new Uint8Array(0) } as const,
  { type: 'unknown', id: 20 } as const,
])('refuses to write %j', (message) => {
  expect(() => encodeMessage(message)).toThrow(RangeError);
});
