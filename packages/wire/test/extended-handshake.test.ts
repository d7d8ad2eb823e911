import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  decodeExtendedHandshake,
  type ExtendedHandshake,
  encodeExtendedHandshake,
  WireError,
} from '../src/index.ts';
import { toHex } from './vectors.ts';

const bytesOf = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, 'latin1'));
const read = (text: string): ExtendedHandshake => decodeExtendedHandshake(bytesOf(text));

test('reads and writes the example of BEP 10', () => {
  const payload = bytesOf('d1:md11:LT_metadatai1e6:ut_pexi2ee1:pi6881e1:v13:\xc2\xb5Torrent 1.2e');
  const handshake = {
    extensions: new Map([
      ['LT_metadata', 1],
      ['ut_pex', 2],
    ]),
    port: 6881,
    client: 'µTorrent 1.2',
  };
  expect(decodeExtendedHandshake(payload)).toEqual(handshake);
  expect(toHex(encodeExtendedHandshake(handshake))).toBe(toHex(payload));
});

test('reads the examples of BEP 9 and BEP 21', () => {
  expect(read('d1:md11:ut_metadatai3ee13:metadata_sizei31235e11:upload_onlyi1ee')).toEqual({
    extensions: new Map([['ut_metadata', 3]]),
    metadataLength: 31_235,
    uploadOnly: true,
  });
});

test('an extension that is switched off is told as 0', () => {
  expect(read('d1:md11:LT_metadatai0eee').extensions.get('LT_metadata')).toBe(0);
});

test('an empty dict is a handshake, and so is one with unsorted keys', () => {
  expect(read('de')).toEqual({ extensions: new Map() });
  expect(read('d1:pi1e1:mdee')).toEqual({ extensions: new Map(), port: 1 });
});

test.each([
  ['a port out of range', 'd1:pi65536ee'],
  ['a port that is text', 'd1:p4:6881e'],
  ['a negative reqq', 'd4:reqqi-1ee'],
  ['a yourip of 5 bytes', 'd6:yourip5:abcdee'],
  ['an ipv6 of 4 bytes', 'd4:ipv64:abcde'],
  ['a metadata size of 0', 'd13:metadata_sizei0ee'],
  ['a metadata size past 2^53', 'd13:metadata_sizei9007199254740993ee'],
  ['an m that is a list', 'd1:mlee'],
  ['an id of 256', 'd1:md1:ai256eee'],
  ['an id that is text', 'd1:md1:a1:1ee'],
])('%s is passed over', (_, text) => {
  expect(read(text)).toEqual({ extensions: new Map() });
});

test('keys such as __proto__ are keys like any other', () => {
  const { extensions } = read('d1:md9:__proto__i1eee');
  expect([...extensions]).toEqual([['__proto__', 1]]);
  expect(({} as { client?: string }).client).toBeUndefined();
});

test('a client name is cut at 128 characters', () => {
  expect(read(`d1:v1000:${'x'.repeat(1000)}e`).client).toBe('x'.repeat(128));
});

describe('is no handshake:', () => {
  test.each([
    ['nothing', ''],
    ['a list', 'le'],
    ['half a dict', 'd1:pi68'],
    ['bytes behind the dict', 'dex'],
    ['a deep nest', `d1:x${'l'.repeat(50)}${'e'.repeat(50)}e`],
    ['5,000 values', `d1:xl${'i1e'.repeat(5000)}ee`],
    ['a length of 4 GB', 'd1:v4294967296:e'],
  ])('%s', (_, text) => {
    expect(() => read(text)).toThrow(
      expect.objectContaining({ name: 'WireError', code: 'bad-extended' }),
    );
  });
});

test('every handshake survives', () => {
  const ip = (length: number) => fc.uint8Array({ minLength: length, maxLength: length });
  const handshakes: fc.Arbitrary<ExtendedHandshake> = fc.record(
    {
      extensions: fc
        .dictionary(
          fc.string({ minLength: 1, unit: 'grapheme-ascii' }),
          fc.integer({ min: 0, max: 255 }),
        )
        .map((ids) => new Map(Object.entries(ids))),
      client: fc.string({ maxLength: 60, unit: 'grapheme' }).filter((text) => text.length <= 128),
      port: fc.integer({ min: 1, max: 65_535 }),
      requestQueueLength: fc.integer({ min: 1 }),
      yourIp: fc.oneof(ip(4), ip(16)),
      ipv4: ip(4),
      ipv6: ip(16),
      metadataLength: fc.integer({ min: 1 }),
      uploadOnly: fc.boolean(),
      prefersEncryption: fc.boolean(),
    },
    { requiredKeys: ['extensions'] },
  );
  fc.assert(
    fc.property(handshakes, (handshake) => {
      expect(decodeExtendedHandshake(encodeExtendedHandshake(handshake))).toEqual(handshake);
    }),
  );
});

test('random bytes give a handshake or a WireError', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 60 }), (payload) => {
      try {
        decodeExtendedHandshake(payload);
      } catch (error) {
        expect(error).toBeInstanceOf(WireError);
      }
    }),
  );
});
