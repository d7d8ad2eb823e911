import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { BencodeError, type BencodeValue, decode, decodePrefix } from '../src/index.ts';
import { toBytes, toText } from './latin1.ts';
import vectors from './vectors/decode.json' with { type: 'json' };

/** A value as the vectors write it. */
function plain(value: BencodeValue): unknown {
  if (typeof value === 'bigint') return { bigint: String(value) };
  if (value instanceof Uint8Array) return toText(value);
  if (Array.isArray(value)) return value.map(plain);
  if (value instanceof Map) return { dict: [...value].map(([key, item]) => [key, plain(item)]) };
  return value;
}

function fault(read: () => unknown): BencodeError {
  try {
    read();
  } catch (error) {
    if (error instanceof BencodeError) return error;
    throw error;
  }
  throw new Error('it was accepted');
}

test.each(vectors.valid)('reads $name', ({ text, value }) => {
  expect(plain(decode(toBytes(text)))).toEqual(value);
});

test.each(vectors.valid)('reads $name before other bytes', ({ text, value }) => {
  const prefix = decodePrefix(toBytes(`${text}e\0 more`));
  expect(plain(prefix.value)).toEqual(value);
  expect(prefix.length).toBe(text.length);
});

test.each(vectors.valid)('refuses $name cut anywhere', ({ text }) => {
  for (let length = 0; length < text.length; length++)
    expect(fault(() => decode(toBytes(text.slice(0, length)))).code).toBe('truncated');
});

test.each(vectors.invalid)('refuses $name', ({ text, code, at }) => {
  const { code: found, at: place } = fault(() => decode(toBytes(text)));
  expect([found, place]).toEqual([code, at]);
});

describe('keys', () => {
  const loose = { allowUnsortedKeys: true };

  test('in any order are taken when that is asked for, and keep their order', () => {
    expect(plain(decode(toBytes('d1:bi1e1:ai2e1:ci3ee'), loose))).toEqual({
      dict: [
        ['b', 1],
        ['a', 2],
        ['c', 3],
      ],
    });
  });

  test.each(['d1:ai1e1:ai2ee', 'd1:bi1e1:ai2e1:bi3ee', 'd1:bi1e1:ai2e1:ci3e1:ai4ee'])(
    'twice are refused in any order: %s',
    (text) => {
      expect(fault(() => decode(toBytes(text), loose)).code).toBe('duplicate-key');
    },
  );

  test('that JavaScript objects know leave Object.prototype alone', () => {
    const dict = decode(toBytes('d9:__proto__d1:xi1ee11:constructor1:ye'), loose);
    expect((dict as ReadonlyMap<string, BencodeValue>).get('constructor')).toEqual(toBytes('y'));
    expect(({} as { x?: unknown }).x).toBeUndefined();
  });
});

describe('limits', () => {
  test('100 levels are read and 101 are refused', () => {
    expect(() => decode(toBytes('l'.repeat(100) + 'e'.repeat(100)))).not.toThrow();
    const error = fault(() => decode(toBytes('l'.repeat(101) + 'e'.repeat(101))));
    expect([error.code, error.at]).toEqual(['too-deep', 100]);
  });

  test('10 MB of `l` is refused at level 101', () => {
    const error = fault(() => decode(new Uint8Array(10_000_000).fill(0x6c)));
    expect(error.code).toBe('too-deep');
  });

  test('values and keys are counted', () => {
    const bytes = toBytes('d1:ali1ei2eee');
    expect(() => decode(bytes, { maxItems: 5 })).not.toThrow();
    expect(fault(() => decode(bytes, { maxItems: 4 })).message).toBe('more than 4 items at byte 8');
  });

  test('the input is measured before it is read', () => {
    const error = fault(() => decode(new Uint8Array(11), { maxLength: 10 }));
    expect([error.code, error.message]).toEqual(['too-large', '11 bytes, limit 10']);
  });

  test('an integer of 1,000 digits is exact and a longer one refused', () => {
    const digits = '7'.repeat(1_000);
    expect(decode(toBytes(`i${digits}e`))).toBe(BigInt(digits));
    expect(fault(() => decode(toBytes(`i${digits}7e`))).code).toBe('bad-integer');
  });
});

test('byte strings are views into the input, as plain Uint8Arrays even from a Buffer', () => {
  const input = Buffer.from('4:spam');
  const value = decode(input) as Uint8Array;
  expect(value.constructor).toBe(Uint8Array);
  input[2] = 0x53;
  expect(toText(value)).toBe('Spam');
});

test('any bytes give a value or a BencodeError', () => {
  const likely = fc
    .array(fc.constantFrom(...'ilde0123456789:-a'), { maxLength: 40 })
    .map((parts) => toBytes(parts.join('')));
  fc.assert(
    fc.property(
      fc.oneof(fc.uint8Array({ maxLength: 60 }), likely),
      fc.boolean(),
      (bytes, allowUnsortedKeys) => {
        try {
          decode(bytes, { allowUnsortedKeys });
        } catch (error) {
          expect(error).toBeInstanceOf(BencodeError);
        }
      },
    ),
    { numRuns: 2_000 },
  );
});
