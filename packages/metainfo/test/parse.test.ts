import { createHash } from 'node:crypto';
import { BencodeError, encode } from '@shoal/bencode';
import { idToHex } from '@shoal/units';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  encodeMetainfo,
  type Metainfo,
  MetainfoError,
  parseInfo,
  parseMetainfo,
} from '../src/index.ts';
import vectors from './vectors/torrents.json' with { type: 'json' };

function toBytes(text: string): Uint8Array {
  return new Uint8Array(Buffer.from(text, 'latin1'));
}

function fault(read: () => unknown): BencodeError | MetainfoError {
  try {
    read();
  } catch (error) {
    if (error instanceof BencodeError || error instanceof MetainfoError) return error;
    throw error;
  }
  throw new Error('it was accepted');
}

const multiFile = vectors.valid.find(({ name }) => name === 'several files')!;

describe.each(vectors.valid)('reads $name', ({ text, infoHash, info = {}, name: _, ...outer }) => {
  const metainfo = parseMetainfo(toBytes(text));

  test('what the info dict says', () => {
    expect(idToHex(metainfo.info.infoHash)).toBe(infoHash);
    expect(metainfo.info).toMatchObject(info);
  });

  test('what is around it', () => {
    for (const [key, value] of Object.entries(outer))
      expect(metainfo[key as keyof Metainfo]).toEqual(value ?? undefined);
  });

  test('the same from the info dict alone', () => {
    expect(parseInfo(metainfo.info.infoBytes)).toEqual(metainfo.info);
  });

  test('the same once it is written again', () => {
    const { info, trackers, webSeeds, ...rest } = metainfo;
    const said = Object.fromEntries(
      Object.entries(rest).filter(([, value]) => value !== undefined),
    );
    const bytes = encodeMetainfo({ infoBytes: info.infoBytes, trackers, webSeeds, ...said });
    expect(parseMetainfo(bytes)).toEqual(metainfo);
  });
});

test.each(vectors.invalid)('refuses $name', ({ text, code, path }) => {
  const error = fault(() => parseMetainfo(toBytes(text)));
  expect(error.code).toBe(code);
  if (path !== undefined) expect((error as BencodeError).path).toBe(path);
});

test('pieces are laid out and their hashes kept', () => {
  const { layout, pieceHashes } = parseMetainfo(toBytes(multiFile.text)).info;
  expect([layout.totalLength, layout.pieceLength, layout.pieceCount]).toEqual([20_003, 16_384, 2]);
  expect(Buffer.from(pieceHashes).toString()).toBe('h'.repeat(40));
});

test('a Buffer is as good as a Uint8Array, and gives plain Uint8Arrays', () => {
  const fromBuffer = parseMetainfo(Buffer.from(multiFile.text, 'latin1'));
  expect(fromBuffer).toEqual(parseMetainfo(toBytes(multiFile.text)));
  expect(fromBuffer.info.infoBytes.constructor).toBe(Uint8Array);
});

describe('limits', () => {
  const bytes = toBytes(multiFile.text);

  test.each([
    [{ maxLength: 100 }, 'too-large'],
    [{ maxDepth: 3 }, 'too-deep'],
    [{ maxItems: 20 }, 'too-large'],
    [{ maxPieces: 1 }, 'too-many-pieces'],
    [{ maxPieceLength: 16_383 }, 'bad-piece-length'],
    [{ maxFiles: 2 }, 'too-many-files'],
    [{ maxFolders: 0 }, 'too-many-files'],
    [{ maxPathDepth: 1 }, 'bad-path'],
    [{ maxPathLength: 8 }, 'bad-path'],
  ])('%j', (limits, code) => {
    expect(fault(() => parseMetainfo(bytes, limits)).code).toBe(code);
  });

  test('are those of libtorrent 2.1: 10,000,000 bytes', () => {
    expect(fault(() => parseMetainfo(new Uint8Array(10_000_001))).message).toBe(
      '10000001 bytes, limit 10000000',
    );
  });

  test('files are counted before any is built', () => {
    const files = new Array(131_073).fill(0);
    const info = encode({ files, name: 'n', 'piece length': 1, pieces: '' });
    expect(fault(() => parseInfo(info)).message).toBe('131073 files, limit 131072');
  });

  test('of a million trackers the first thousand are looked at', () => {
    const tiers = Array.from({ length: 2_000 }, (_, index) => [`udp://${index}.example:1`, 'none']);
    const torrent = encodeMetainfo({
      infoBytes: parseMetainfo(bytes).info.infoBytes,
      trackers: tiers,
    });
    expect(parseMetainfo(torrent).trackers).toEqual(
      tiers.slice(0, 500).map(([tracker]) => [tracker]),
    );
  });
});

test('every torrent that we write, we read', () => {
  const name = fc.string({ minLength: 1, maxLength: 8, unit: 'grapheme' });
  const file = fc.record({
    length: fc.integer({ min: 1, max: 100_000 }),
    path: fc.array(name, { minLength: 1, maxLength: 3 }),
  });
  fc.assert(
    fc.property(fc.array(file, { minLength: 1, maxLength: 6 }), name, (files, folder) => {
      const totalLength = files.reduce((sum, { length }) => sum + length, 0);
      const pieces = new Uint8Array(Math.ceil(totalLength / 16_384) * 20);
      const infoBytes = encode({ files, name: folder, 'piece length': 16_384, pieces });
      const { info } = parseMetainfo(encodeMetainfo({ infoBytes }));
      expect(idToHex(info.infoHash)).toBe(createHash('sha1').update(infoBytes).digest('hex'));
      expect(info.files.map(({ length }) => length)).toEqual(files.map(({ length }) => length));
      expect(info.files.map(({ rawPath }) => rawPath)).toEqual(
        files.map(({ path }) => path.join('/').toWellFormed()),
      );
      const paths = info.files.map(({ path }) => path.join('/').toLowerCase());
      expect(new Set(paths).size).toBe(paths.length);
    }),
  );
});

test('a torrent with bytes changed, cut or added is a torrent or an error of ours', () => {
  const torrents = vectors.valid.map(({ text }) => text);
  const change = fc.record({
    at: fc.double({ min: 0, max: 1, noNaN: true }),
    cut: fc.nat({ max: 3 }),
    put: fc.oneof(
      fc.string({ unit: 'binary-ascii', maxLength: 3 }),
      fc.constantFrom('i-1e', 'le', 'de', '0:', '9', 'e', 'i9007199254740993e', '4:path'),
    ),
  });
  fc.assert(
    fc.property(
      fc.constantFrom(...torrents),
      fc.array(change, { minLength: 1, maxLength: 3 }),
      (torrent, changes) => {
        let text = torrent;
        for (const { at, cut, put } of changes) {
          const place = Math.floor(at * text.length);
          text = text.slice(0, place) + put + text.slice(place + cut);
        }
        try {
          const { info } = parseMetainfo(toBytes(text));
          expect(info.pieceHashes.length).toBe(info.layout.pieceCount * 20);
        } catch (error) {
          if (!(error instanceof MetainfoError)) expect(error).toBeInstanceOf(BencodeError);
        }
      },
    ),
    { numRuns: 3_000 },
  );
});
