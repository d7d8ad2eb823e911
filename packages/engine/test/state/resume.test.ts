import { BencodeError, decode, encode } from '@shoal/bencode';
import { Bitfield, peerAddressFromBytes } from '@shoal/units';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decodeResume, encodeResume, type ResumeState } from '../../src/state/resume.ts';
import type { FilePriority } from '../../src/state/snapshot.ts';

const count = fc.nat({ max: Number.MAX_SAFE_INTEGER });
const text = fc.string({ unit: 'grapheme' });
const address = fc
  .tuple(
    fc.oneof(
      fc.uint8Array({ minLength: 4, maxLength: 4 }),
      fc.uint8Array({ minLength: 16, maxLength: 16 }),
    ),
    fc.integer({ min: 1, max: 65_535 }),
  )
  .map(([ip, port]) => peerAddressFromBytes(ip, port));
const pieces = fc.array(fc.boolean(), { maxLength: 40 }).map((bits) => {
  const field = new Bitfield(bits.length);
  for (const [index, bit] of bits.entries()) if (bit) field.add(index);
  return field;
});
/** Times as file systems give them: fractions of a millisecond, back to 1900 and on to 2200. */
const mark = fc.record({
  length: count,
  mtimeMs: fc
    .integer({ min: -2_208_988_800_000_000, max: 7_258_118_400_000_000 })
    .map((us) => us / 1_000),
});
const state: fc.Arbitrary<ResumeState> = fc.record({
  name: text,
  infoBytes: fc.option(fc.uint8Array(), { nil: undefined }),
  outputFolder: text,
  storeKind: fc.constantFrom('files', 'chunks'),
  pieces: fc.option(pieces, { nil: undefined }),
  marks: fc.array(mark, { maxLength: 5 }),
  priorities: fc.array(fc.constantFrom<FilePriority>('off', 'low', 'normal', 'high')),
  downloaded: count,
  uploaded: count,
  wasted: count,
  addedAtMs: count,
  isPaused: fc.boolean(),
  sequential: fc.boolean(),
  downBytesPerS: fc.option(count, { nil: undefined }),
  upBytesPerS: fc.option(count, { nil: undefined }),
  trackers: fc.array(fc.array(text, { maxLength: 3 }), { maxLength: 3 }),
  webSeeds: fc.array(text, { maxLength: 3 }),
  peers: fc.array(address, { maxLength: 5 }),
});

const example: ResumeState = fc.sample(state, { seed: 5, numRuns: 1 })[0]!;

/** Bitfields by their bytes; times apart, since a number of this size is exact to 2 microseconds. */
function comparable({ marks, pieces, ...rest }: ResumeState): unknown {
  return {
    ...rest,
    lengths: marks.map(({ length }) => length),
    pieces: pieces && [pieces.length, ...pieces.indexes()],
  };
}

describe('a state that was written', () => {
  test('is read as it was', () => {
    fc.assert(
      fc.property(state, (written) => {
        const read = decodeResume(encodeResume(written));
        expect(comparable(read)).toEqual(comparable(written));
        for (const [at, { mtimeMs }] of written.marks.entries())
          expect(Math.abs(read.marks[at]!.mtimeMs - mtimeMs)).toBeLessThan(0.002);
      }),
    );
  });

  test('keeps the first two hundred peers', () => {
    const peers = Array.from({ length: 300 }, (_, n) =>
      peerAddressFromBytes(Uint8Array.of(10, 0, n >> 8, n & 255), 1),
    );
    expect(decodeResume(encodeResume({ ...example, peers })).peers).toEqual(peers.slice(0, 200));
  });

  test('keeps limits that are no whole numbers, rounded', () => {
    const written = { ...example, downBytesPerS: 1234.6, upBytesPerS: 0.2 };
    const read = decodeResume(encodeResume(written));
    expect([read.downBytesPerS, read.upBytesPerS]).toEqual([1235, 0]);
  });

  test('leaves out peers that are no addresses', () => {
    const dict = new Map(decode(encodeResume(example)) as ReadonlyMap<string, never>);
    const bytes = encode(
      new Map<string, never>([...dict, ['peers', ['1.2.3.4:5', 'x', ''] as never]]),
    );
    expect(decodeResume(bytes).peers).toEqual([{ host: '1.2.3.4', port: 5, family: 4 }]);
  });
});

describe('a damaged state', () => {
  /** Reads, and lets pass a state or a BencodeError, nothing else. */
  function read(bytes: Uint8Array): void {
    try {
      decodeResume(bytes);
    } catch (error) {
      if (!(error instanceof BencodeError)) throw error;
    }
  }

  test('with any byte changed is read or refused as broken', () => {
    const bytes = encodeResume(example);
    fc.assert(
      fc.property(fc.nat(bytes.length - 1), fc.nat(255), (at, byte) => {
        const damaged = bytes.slice();
        damaged[at] = byte;
        read(damaged);
      }),
      { numRuns: 1_000 },
    );
  });

  test('cut at any place is refused as broken', () => {
    const bytes = encodeResume(example);
    for (let length = 0; length < bytes.length; length++)
      expect(() => decodeResume(bytes.subarray(0, length))).toThrow(BencodeError);
  });

  test('of random bytes is refused as broken', () => {
    fc.assert(
      fc.property(fc.uint8Array(), (bytes) => {
        expect(() => decodeResume(bytes)).toThrow(BencodeError);
      }),
    );
  });

  test('with any member of another kind, or missing, is read or refused as broken', () => {
    const whole = decode(encodeResume(example)) as ReadonlyMap<string, never>;
    const others = [
      0,
      -1,
      2 ** 52,
      'x',
      [],
      ['x'],
      [[]],
      [[-1]],
      [[1, 2, 3]],
      new Map(),
      undefined,
    ];
    for (const key of whole.keys())
      for (const other of others) {
        const damaged = new Map(whole);
        if (other === undefined) damaged.delete(key);
        else damaged.set(key, other as never);
        read(encode(damaged));
      }
  });

  test('with a bitfield of another length has no pieces, so that all is checked', () => {
    const pieces = new Bitfield(20);
    const dict = new Map(
      decode(encodeResume({ ...example, pieces })) as ReadonlyMap<string, never>,
    );
    dict.set('piece count', 900 as never);
    expect(decodeResume(encode(dict)).pieces).toBeUndefined();
  });

  test('of another format is refused', () => {
    const dict = new Map(decode(encodeResume(example)) as ReadonlyMap<string, never>);
    dict.set('format', 2 as never);
    expect(() => decodeResume(encode(dict))).toThrow(BencodeError);
  });
});
