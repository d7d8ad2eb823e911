import { createHash } from 'node:crypto';
import { BencodeError, type BencodeValue, decode, encode } from '@shoal/bencode';
import { DEFAULT_LIMITS } from '@shoal/metainfo';
import { Bitfield, peerAddressFromBytes } from '@shoal/units';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  decodeResume,
  encodeResume,
  type ReadState,
  type ResumeState,
} from '../../src/state/resume.ts';
import { seal } from '../../src/state/sealed.ts';
import { type FilePriority, PEER_SOURCES } from '../../src/state/snapshot.ts';

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
  selectedFiles: fc.option(fc.array(count, { maxLength: 5 }), { nil: undefined }),
  downloaded: count,
  uploaded: count,
  wasted: count,
  addedAtMs: count,
  isPaused: fc.boolean(),
  sequential: fc.boolean(),
  downBytesPerS: fc.option(count, { nil: undefined }),
  upBytesPerS: fc.option(count, { nil: undefined }),
  trackers: fc.array(fc.array(text, { maxLength: 3 }), { maxLength: 3 }),
  addedTrackers: fc.array(text, { maxLength: 3 }),
  webSeeds: fc.array(text, { maxLength: 3 }),
  peers: fc.array(fc.record({ address, source: fc.constantFrom(...PEER_SOURCES) }), {
    maxLength: 5,
  }),
});

const example: ResumeState = fc.sample(state, { seed: 5, numRuns: 1 })[0]!;

/** Of the torrent it names, or of any when its metadata is not there. */
function read(bytes: Uint8Array, { infoBytes }: ResumeState = example): ReadState {
  const hex = createHash('sha1')
    .update(infoBytes ?? '')
    .digest('hex');
  return decodeResume(bytes, hex);
}

/** A state as it would be written with some members changed; undefined leaves them out. */
function rewritten(changes: Readonly<Record<string, unknown>>, state = example): Uint8Array {
  const sealed = decode(encodeResume(state)) as ReadonlyMap<string, Uint8Array>;
  const members = new Map(decode(sealed.get('state')!) as ReadonlyMap<string, BencodeValue>);
  for (const [key, value] of Object.entries(changes)) members.set(key, value as BencodeValue);
  return seal(Object.fromEntries(members));
}

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
        const { state: found, isIntact } = read(encodeResume(written), written);
        expect(isIntact).toBe(true);
        expect(comparable(found)).toEqual(comparable(written));
        for (const [at, { mtimeMs }] of written.marks.entries())
          expect(Math.abs(found.marks[at]!.mtimeMs - mtimeMs)).toBeLessThan(0.002);
      }),
    );
  });

  test.each<[string, number, number]>([
    ['a hundred thousand files', DEFAULT_LIMITS.maxFiles, DEFAULT_LIMITS.maxFiles],
    ['two million chunks', 1, DEFAULT_LIMITS.maxPieces],
  ])('is read as it was at the limits of a torrent: %s', (_name, fileCount, markCount) => {
    const mark = { length: DEFAULT_LIMITS.maxPieceLength, mtimeMs: 1_790_000_000_123.456 };
    const largest: ResumeState = {
      ...example,
      infoBytes: new Uint8Array(DEFAULT_LIMITS.maxLength),
      pieces: new Bitfield(DEFAULT_LIMITS.maxPieces),
      marks: new Array(markCount).fill(mark),
      priorities: new Array(fileCount).fill('normal'),
    };
    const { state, isIntact } = read(encodeResume(largest), largest);
    expect(isIntact).toBe(true);
    expect([state.marks.length, state.marks.at(-1)]).toEqual([markCount, mark]);
    expect([state.priorities.length, state.priorities.at(-1)]).toEqual([fileCount, 'normal']);
  });

  test('keeps the first two hundred peers', () => {
    const peers = Array.from({ length: 300 }, (_, n) => ({
      address: peerAddressFromBytes(Uint8Array.of(10, 0, n >> 8, n & 255), 1),
      source: PEER_SOURCES[n % PEER_SOURCES.length]!,
    }));
    expect(read(encodeResume({ ...example, peers })).state.peers).toEqual(peers.slice(0, 200));
  });

  test('keeps limits that are no whole numbers, rounded', () => {
    const written = { ...example, downBytesPerS: 1234.6, upBytesPerS: 0.2 };
    const { downBytesPerS, upBytesPerS } = read(encodeResume(written)).state;
    expect([downBytesPerS, upBytesPerS]).toEqual([1235, 0]);
  });

  test('takes no tracker for one that a person added when it does not say so', () => {
    expect(read(rewritten({ 'added trackers': undefined })).state.addedTrackers).toEqual([]);
  });

  test('leaves out peers that are no addresses', () => {
    const members = { peers: ['x', '', '1.2.3.4:5'], 'peer sources': ['pex', 'dht', 'tracker'] };
    const address = { host: '1.2.3.4', port: 5, family: 4 };
    expect(read(rewritten(members)).state.peers).toEqual([{ address, source: 'tracker' }]);
  });

  test.each([
    [['1.2.3.4:5', '1.2.3.4:6'], undefined],
    [['1.2.3.4:5', '1.2.3.4:6'], []],
    [
      ['1.2.3.4:5', '1.2.3.4:6'],
      ['pigeon', ''],
    ],
  ])('takes peers whose sources it does not say as those of the last run', (peers, sources) => {
    const { state } = read(rewritten({ peers, 'peer sources': sources }));
    expect(state.peers.map(({ source }) => source)).toEqual(['resume', 'resume']);
  });
});

describe('a damaged state', () => {
  const claims: ResumeState = {
    ...example,
    infoBytes: Uint8Array.from({ length: 400 }, (_, at) => at),
    pieces: new Bitfield(1_000),
    marks: [{ length: 5, mtimeMs: 5 }],
  };

  /** Lets pass what claims nothing, and a BencodeError. */
  function readDamaged(bytes: Uint8Array, written: ResumeState): void {
    try {
      const { state: found, isIntact } = read(bytes, written);
      expect(isIntact).toBe(false);
      expect([found.pieces, found.marks]).toEqual([undefined, []]);
      expect([undefined, written.infoBytes]).toContainEqual(found.infoBytes);
    } catch (error) {
      if (!(error instanceof BencodeError)) throw error;
    }
  }

  test('with any byte changed claims no piece, or is refused as broken', () => {
    const bytes = encodeResume(claims);
    fc.assert(
      fc.property(fc.nat(bytes.length - 1), fc.integer({ min: 1, max: 255 }), (at, bits) => {
        const damaged = bytes.slice();
        damaged[at]! ^= bits;
        readDamaged(damaged, claims);
      }),
      { numRuns: 2_000 },
    );
  });

  test('whose pieces are all set claims none of them, but keeps the rest', () => {
    const bytes = encodeResume(claims);
    const at = Buffer.from(bytes).indexOf('6:pieces125:') + '6:pieces125:'.length;
    const { state: found, isIntact } = read(bytes.slice().fill(255, at, at + 125), claims);
    expect(isIntact).toBe(false);
    expect(found).toMatchObject({
      pieces: undefined,
      marks: [],
      name: claims.name,
      infoBytes: claims.infoBytes,
    });
  });

  test('of another torrent keeps neither its metadata nor its pieces', () => {
    const { state: found, isIntact } = decodeResume(encodeResume(claims), '0'.repeat(40));
    expect(isIntact).toBe(false);
    expect([found.infoBytes, found.pieces]).toEqual([undefined, undefined]);
  });

  test('cut at any place is refused as broken', () => {
    const bytes = encodeResume(example);
    for (let length = 0; length < bytes.length; length++)
      expect(() => read(bytes.subarray(0, length))).toThrow(BencodeError);
  });

  test('of random bytes is refused as broken', () => {
    fc.assert(
      fc.property(fc.uint8Array(), (bytes) => {
        expect(() => read(bytes)).toThrow(BencodeError);
      }),
    );
  });

  test('with any member of another kind, or missing, is read or refused as broken', () => {
    const sealed = decode(encodeResume(claims)) as ReadonlyMap<string, Uint8Array>;
    const whole = decode(sealed.get('state')!) as ReadonlyMap<string, BencodeValue>;
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
        try {
          read(rewritten({ [key]: other }, claims), claims);
        } catch (error) {
          if (!(error instanceof BencodeError)) throw error;
        }
      }
  });

  test('with a bitfield of another length has no pieces, so that all is checked', () => {
    const bytes = rewritten({ 'piece count': 900 }, { ...example, pieces: new Bitfield(20) });
    expect(read(bytes).state.pieces).toBeUndefined();
  });

  test('of another format is refused', () => {
    expect(() => read(rewritten({ format: 2 }))).toThrow(BencodeError);
    expect(() => read(encode({ format: 1, name: 'unsealed' }))).toThrow(BencodeError);
  });
});
