import lax from 'bencode';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { BencodeError, decode, type EncodableValue, encode } from '../src/index.ts';
import { arbitraryValue } from './arbitrary-value.ts';
import { toBytes, toText } from './latin1.ts';
import vectors from './vectors/decode.json' with { type: 'json' };

const small = vectors.valid.filter(
  ({ value }) => typeof value !== 'object' || value === null || !('bigint' in value),
);

test.each(small)('writes $name as it was read', ({ text }) => {
  expect(toText(encode(decode(toBytes(text))))).toBe(text);
});

test('every value survives', () => {
  fc.assert(
    fc.property(arbitraryValue, (value) => {
      expect(decode(encode(value))).toEqual(value);
    }),
  );
});

test('every value has the same bytes however its keys are ordered', () => {
  fc.assert(
    fc.property(fc.uniqueArray(fc.string({ unit: 'binary-ascii' })), (keys) => {
      const forth = encode(new Map(keys.map((key) => [key, key])));
      const back = encode(new Map(keys.toReversed().map((key) => [key, key])));
      expect(toText(forth)).toBe(toText(back));
    }),
  );
});

test('npm bencode writes the same bytes where it is right: objects with ASCII keys and safe integers', () => {
  const { value } = fc.letrec<{ value: EncodableValue }>((tie) => ({
    value: fc.oneof(
      { maxDepth: 3 },
      fc.maxSafeInteger(),
      fc.string(),
      fc.uint8Array(),
      fc.array(tie('value'), { maxLength: 4 }),
      fc.dictionary(fc.string({ unit: 'grapheme-ascii' }), tie('value'), { maxKeys: 4 }),
    ),
  }));
  fc.assert(
    fc.property(value, (tree) => {
      expect(toText(encode(tree))).toBe(toText(lax.encode(tree)));
    }),
  );
});

describe('keys', () => {
  test('of an object are UTF-8, sorted as bytes and not as UTF-16', () => {
    expect(toText(encode({ '\u{1f600}': 1, '\uff01': 2, é: 3 }))).toBe(
      toText(new Uint8Array(Buffer.from('d2:éi3e3:\uff01i2e4:\u{1f600}i1ee'))),
    );
  });

  test('of a Map are bytes', () => {
    expect(
      toText(
        encode(
          new Map([
            ['\xff', 1],
            ['a', 2],
          ]),
        ),
      ),
    ).toBe('d1:ai2e1:\xffi1ee');
    expect(() => encode(new Map([['\u0100', 1]]))).toThrow(BencodeError);
  });

  test('whose value is undefined are left out of an object', () => {
    expect(toText(encode({ a: undefined, b: 1 }))).toBe('d1:bi1ee');
  });
});

test('text is UTF-8', () => {
  expect(toText(encode('é'))).toBe('2:\xc3\xa9');
});

test.each([
  1.5,
  Number.NaN,
  2 ** 53,
  2n ** 53n,
  -(2n ** 64n),
  Number.POSITIVE_INFINITY,
  null,
  undefined,
  true,
  new Date(0),
])('refuses %s', (value) => {
  expect(() => encode([value as never])).toThrow(BencodeError);
});
