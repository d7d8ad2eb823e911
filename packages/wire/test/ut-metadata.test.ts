import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  decodeMetadataMessage,
  encodeMetadataMessage,
  METADATA_PIECE_LENGTH,
  type MetadataMessage,
  WireError,
} from '../src/index.ts';
import { readVectors } from './vectors.ts';

const vectors =
  readVectors<Record<'request' | 'data_header_for_3425_bytes' | 'reject', string>>('ut_metadata');
const ascii = (text: string): Uint8Array => new TextEncoder().encode(text);
const failure = expect.objectContaining({ name: 'WireError', code: 'bad-extended' });

test.each([
  [vectors.request, { type: 'request', piece: 0 }],
  [vectors.reject, { type: 'reject', piece: 0 }],
  [
    vectors.data_header_for_3425_bytes + 'x'.repeat(3425),
    { type: 'data', piece: 0, totalLength: 3425, bytes: ascii('x'.repeat(3425)) },
  ],
] as const)('reads and writes %.60s', (text, message) => {
  expect(decodeMetadataMessage(ascii(text))).toEqual(message);
  expect(encodeMetadataMessage(message)).toEqual(ascii(text));
});

test('a kind of message that is not known is told as such (BEP 9: must be ignored)', () => {
  expect(decodeMetadataMessage(ascii('d8:msg_typei3ee'))).toEqual({ type: 'unknown', id: 3 });
});

test.each([
  ['a last piece that is cut', 1, 16_385, 0],
  ['a last piece that is too long', 1, 16_385, 2],
  ['a first piece that is cut', 0, 16_385, 16_383],
  ['a piece behind the end', 2, 16_385, 1],
  ['an empty piece behind the end', 1, 16_384, 0],
  ['a piece far behind the end', 2 ** 40, 16_384, 0],
])('refuses %s', (_, piece, totalLength, length) => {
  const bytes = new Uint8Array(length);
  const payload = encodeMetadataMessage({ type: 'data', piece, totalLength, bytes });
  expect(() => decodeMetadataMessage(payload)).toThrow(failure);
});

test.each([
  '',
  'de',
  'd8:msg_typei0ee',
  'd8:msg_typei0e5:piecei-1ee',
  'd8:msg_typei-1e5:piecei0ee',
])('refuses %j', (text) => {
  expect(() => decodeMetadataMessage(ascii(text))).toThrow(failure);
});

test('every message survives', () => {
  const piece = fc.integer({ min: 0, max: 2 ** 31 });
  const messages: Record<'request' | 'reject' | 'data', fc.Arbitrary<MetadataMessage>> = {
    request: fc.record({ type: fc.constant('request' as const), piece }),
    reject: fc.record({ type: fc.constant('reject' as const), piece }),
    data: fc
      .record({ piece: fc.integer({ min: 0, max: 100 }), bytes: fc.uint8Array({ minLength: 1 }) })
      .map(({ piece: last, bytes }) => ({
        type: 'data' as const,
        piece: last,
        totalLength: last * METADATA_PIECE_LENGTH + bytes.length,
        bytes,
      })),
  };
  fc.assert(
    fc.property(fc.oneof(...Object.values(messages)), (message) => {
      if (message.type === 'unknown') return;
      expect(decodeMetadataMessage(encodeMetadataMessage(message))).toEqual(message);
    }),
  );
});

test('random bytes give a message or a WireError', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 60 }), (tail) => {
      try {
        decodeMetadataMessage(Uint8Array.from([...ascii('d8:msg_typei'), ...tail]));
      } catch (error) {
        expect(error).toBeInstanceOf(WireError);
      }
    }),
  );
});
