import { anyText } from '@shoal/testkit/any-text';
import { hexToInfoHash, idToHex, parsePeerAddress } from '@shoal/units';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { formatMagnet, type Magnet, MetainfoError, parseMagnet } from '../src/index.ts';
import vectors from './vectors/magnet.json' with { type: 'json' };

function fault(text: string): MetainfoError {
  try {
    parseMagnet(text);
  } catch (error) {
    if (error instanceof MetainfoError) return error;
    throw error;
  }
  throw new Error('it was accepted');
}

test.each(vectors.valid)('reads $name', ({ text, magnet }) => {
  const { infoHash, ...rest } = parseMagnet(text);
  expect({ infoHash: idToHex(infoHash), ...rest }).toEqual({
    trackers: [],
    webSeeds: [],
    peers: [],
    ...magnet,
  });
});

test.each(vectors.invalid)('refuses $name', ({ text, code }) => {
  expect(fault(text).code).toBe(code);
});

test('says in a sentence why a v2-only link is no use', () => {
  expect(fault(`magnet:?xt=urn:btmh:1220${'a'.repeat(64)}`).message).toMatch(/v2-only torrent/);
});

describe('what is written', () => {
  const infoHash = hexToInfoHash('0123456789abcdef0123456789abcdef01234567')!;

  test('has the infohash in hex and the rest escaped', () => {
    const magnet: Magnet = {
      infoHash,
      name: 'a & b',
      trackers: ['udp://tracker.example:80/announce?x=1'],
      webSeeds: [],
      peers: [parsePeerAddress('[2001:db8::1]:6881')!],
      selectedFiles: [0, 2, 3, 4, 9],
    };
    expect(formatMagnet(magnet)).toBe(
      'magnet:?xt=urn:btih:0123456789abcdef0123456789abcdef01234567&dn=a%20%26%20b' +
        '&tr=udp%3A%2F%2Ftracker.example%3A80%2Fannounce%3Fx%3D1' +
        '&x.pe=[2001:db8::1]:6881&so=0,2-4,9',
    );
  });

  test('is read back', () => {
    const segment = fc.oneof(
      anyText({ maxLength: 10 }).map(encodeURIComponent),
      fc.string({ unit: fc.constantFrom(...";:@&=+$,-_.!~*'()"), maxLength: 10 }),
    );
    const url = fc
      .tuple(
        fc.constantFrom('http', 'https'),
        fc.domain(),
        fc.array(segment, { maxLength: 5 }),
        fc.option(segment, { nil: undefined }),
      )
      .map(([scheme, host, path, query]) => {
        const tail = query === undefined ? '' : `?${query}`;
        return `${scheme}://${host}/${path.join('/')}${tail}`;
      });
    const urls = fc.uniqueArray(url, { maxLength: 4 });
    const peers = fc.array(
      fc
        .tuple(fc.oneof(fc.ipV4(), fc.ipV6()), fc.integer({ min: 1, max: 65_535 }))
        .map(([ip, port]) =>
          parsePeerAddress(ip.includes(':') ? `[${ip}]:${port}` : `${ip}:${port}`),
        )
        .filter((peer) => peer !== undefined),
      { maxLength: 3 },
    );
    const magnets = fc.record(
      {
        infoHash: fc.constant(infoHash),
        name: fc.string({ minLength: 1, unit: 'grapheme' }),
        trackers: urls,
        webSeeds: urls,
        peers,
        selectedFiles: fc
          .uniqueArray(fc.nat({ max: 50 }), { minLength: 1 })
          .map((indexes) => indexes.toSorted((a, b) => a - b)),
        exactLength: fc.maxSafeNat(),
      },
      { requiredKeys: ['infoHash', 'trackers', 'webSeeds', 'peers'] },
    );
    fc.assert(
      fc.property(magnets, (magnet) => {
        expect(parseMagnet(formatMagnet(magnet))).toEqual(magnet);
      }),
      { numRuns: 40 },
    );
  });
});

test('any text gives a magnet or a MetainfoError', () => {
  const hex = 'a'.repeat(40);
  const parts = fc.constantFrom(
    'xt=',
    'urn:btih:',
    hex,
    '&',
    'tr=',
    '%',
    'udp://',
    'so=',
    '1-',
    'x.pe=',
    '=',
  );
  fc.assert(
    fc.property(fc.array(fc.oneof(parts, fc.string({ maxLength: 5 }))), (pieces) => {
      try {
        parseMagnet(`magnet:?${pieces.join('')}`);
      } catch (error) {
        expect(error).toBeInstanceOf(MetainfoError);
      }
    }),
    { numRuns: 500 },
  );
});
