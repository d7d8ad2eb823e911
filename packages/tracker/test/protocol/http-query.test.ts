import { toInfoHash, toPeerId } from '@shoal/units';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { AnnounceRequest } from '../../src/protocol/announce.ts';
import {
  buildAnnounceUrl,
  buildScrapeUrl,
  parseAnnounceQuery,
  parseScrapeQuery,
} from '../../src/protocol/http-query.ts';
import { percentDecode, percentEncode } from '../../src/protocol/percent.ts';
import { TrackerError } from '../../src/protocol/tracker-error.ts';

const infoHash = toInfoHash(
  Uint8Array.from(Buffer.from('123456789abcdef123456789abcdef123456789a', 'hex')),
)!;
const peerId = toPeerId(new TextEncoder().encode('-SL0100-abcdefghijkl'))!;
const request: AnnounceRequest = {
  infoHash,
  peerId,
  port: 6_881,
  uploaded: 1,
  downloaded: 2,
  left: 3,
  numWant: 50,
  key: 0xab,
};
/** The infohash above, encoded as in the customary example. */
const HASH = '%124Vx%9A%BC%DE%F1%23Eg%89%AB%CD%EF%124Vx%9A';

describe('building', () => {
  test('escapes every byte that is not unreserved, and no other', () => {
    const url = buildAnnounceUrl('http://t.example/announce', request);
    expect(url).toBe(
      `http://t.example/announce?info_hash=${HASH}&peer_id=-SL0100-abcdefghijkl&port=6881` +
        '&uploaded=1&downloaded=2&left=3&key=000000AB&compact=1&no_peer_id=1&numwant=50',
    );
  });

  test('the system URL class leaves the query as it is', () => {
    const bytes = toInfoHash(Uint8Array.from({ length: 20 }, (_, byte) => byte * 13))!;
    const url = buildAnnounceUrl('http://t.example/a', { ...request, infoHash: bytes });
    expect(new URL(url).href).toBe(url);
  });

  test('keeps the query that a private tracker has, and drops a fragment', () => {
    expect(buildAnnounceUrl('http://t.example/announce?passkey=1#x', request)).toMatch(
      /^http:\/\/t\.example\/announce\?passkey=1&info_hash=[^#]*$/,
    );
  });

  test('says event and tracker id when there are any, and numwant unless it is the default', () => {
    const url = buildAnnounceUrl('http://t/announce', {
      ...request,
      event: 'completed',
      trackerId: 'a b\u00ff',
      numWant: -1,
    });
    expect(url).toContain('&event=completed&trackerid=a%20b%FF');
    expect(url).not.toContain('numwant');
  });

  test.each([
    ['http://t/announce', 'http://t/scrape'],
    ['http://t/x/announce', 'http://t/x/scrape'],
    ['http://t/x/announce.php', 'http://t/x/scrape.php'],
    ['http://t/announce?x=2%0644', 'http://t/scrape?x=2%0644'],
    ['http://t/a', undefined],
    ['http://t/announce?x=2/4', 'http://t/scrape?x=2/4'],
    ['http://t/x%064announce', undefined],
    ['http://t/announce/x', undefined],
  ])('the scrape URL of %s is %s', (url, scrape) => {
    const built = buildScrapeUrl(url, [infoHash]);
    const separator = scrape?.includes('?') ? '&' : '?';
    expect(built).toBe(scrape && `${scrape}${separator}info_hash=${HASH}`);
  });

  test('asks for each infohash once', () => {
    expect(buildScrapeUrl('http://t/announce', [infoHash, infoHash])).toBe(
      `http://t/scrape?info_hash=${HASH}`,
    );
  });
});

describe('parsing', () => {
  const good = `info_hash=${HASH}&peer_id=-SL0100-abcdefghijkl&port=6881&left=0`;

  test('reads what was built', () => {
    const event = fc.constantFrom('started', 'completed', 'stopped', undefined);
    const id20 = fc.uint8Array({ minLength: 20, maxLength: 20 });
    const count = fc.nat(Number.MAX_SAFE_INTEGER);
    const port = fc.integer({ min: 1, max: 65_535 });
    fc.assert(
      fc.property(id20, id20, count, count, port, event, (hash, id, up, left, toPort, what) => {
        const announce: AnnounceRequest = {
          ...request,
          infoHash: toInfoHash(hash)!,
          peerId: toPeerId(id)!,
          uploaded: up,
          left,
          port: toPort,
          ...(what === undefined ? {} : { event: what }),
        };
        const url = buildAnnounceUrl('http://t/announce', announce);
        expect(parseAnnounceQuery(url.slice(url.indexOf('?') + 1))).toEqual({
          infoHash: announce.infoHash,
          peerId: announce.peerId,
          port: toPort,
          uploaded: up,
          downloaded: 2,
          left,
          event: what,
          numWant: 50,
          compact: true,
          wantsPeerIds: false,
          key: 0xab,
          trackerId: undefined,
        });
      }),
    );
  });

  test('takes raw bytes, lower-case escapes and a plus for itself', () => {
    const bytes = Uint8Array.from({ length: 20 }, (_, byte) => (byte === 0 ? 0x2b : 0xf0 + byte));
    const text = String.fromCharCode(...bytes.subarray(0, 10));
    const escaped = percentEncode(bytes.subarray(10)).toLowerCase();
    const query = `info_hash=${text}${escaped}&peer_id=-SL0100-abcdefghijkl&port=1`;
    expect(parseAnnounceQuery(query).infoHash).toEqual(bytes);
  });

  test.each([
    ['numwant=-1', { numWant: undefined }],
    ['numwant=1000000000', { numWant: 1_000_000_000 }],
    ['numwant=99999999999999999999999', { numWant: Number.MAX_SAFE_INTEGER }],
    ['numwant=', { numWant: undefined }],
    ['event=paused', { event: undefined }],
    ['event=%00', { event: undefined }],
    ['compact=0', { compact: false, wantsPeerIds: true }],
    ['no_peer_id=1', { wantsPeerIds: false }],
    ['no_peer_id=0', { wantsPeerIds: true }],
    ['trackerid=a%20b%FF', { trackerId: 'a b\u00ff' }],
    ['trackerid=%', { trackerId: undefined }],
    ['key=', { key: 0 }],
    ['key=DEADBEEF', { key: 0xdead_beef }],
    ['key=deadbeef', { key: 0xdead_beef }],
    ['key=1a', { key: 0x1a }],
    ['key=00000000', { key: 0 }],
    // FNV-1a of the text, by the reference vectors of its authors.
    ['key=foobar', { key: 0xbf9c_f968 }],
    ['key=chongo was here!', { key: 0x448524fd }],
    ['uploaded=1e9', { uploaded: 0 }],
    ['ip=8.8.8.8&ipv4=8.8.8.8', {}],
    ['&&&=&==&', {}],
    ['port=7000', { port: 7_000 }],
    ['__proto__=1', {}],
  ])('with %s it is still an announce', (more, expected) => {
    expect(parseAnnounceQuery(`${good}&${more}`)).toMatchObject({ port: 6_881, ...expected });
  });

  test.each([
    '',
    'info_hash',
    'info_hash=%',
    good.replace('%12', '%1g'),
    good.replace('%12', '%'),
    good.replace('%12', ''),
    good.replace('%12', '%12%12'),
    good.replace('port=6881', 'port=0'),
    good.replace('port=6881', 'port=65536'),
    good.replace('port=6881', 'port=-1'),
    good.replace('port=6881', ''),
    good.replace('peer_id', 'peer'),
    `${good}&info_hash=${HASH}`,
    `${good}&peer_id=-SL0100-abcdefghijkl`,
    good.replace('%12', '\u0101'),
  ])('refuses %j as a bad query', (query) => {
    expect(codeOf(() => parseAnnounceQuery(query))).toBe('bad-query');
  });

  test('any text is a query or a TrackerError', () => {
    const piece = fc.oneof(
      fc.string({ maxLength: 30 }),
      fc.constantFrom(
        'info_hash=',
        HASH,
        '&',
        'peer_id=',
        '-SL0100-abcdefghijkl',
        'port=',
        '%',
        '=',
      ),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
        expect(codeOf(() => parseAnnounceQuery(pieces.join('')))).not.toBe('bug');
        expect(codeOf(() => parseScrapeQuery(pieces.join('')))).not.toBe('bug');
      }),
      { numRuns: 3_000 },
    );
  });

  test('a scrape names up to 100 torrents', () => {
    const members = (count: number): string => `x=1&${`info_hash=${HASH}&`.repeat(count)}`;
    expect(parseScrapeQuery('')).toEqual([]);
    expect(parseScrapeQuery(members(100))).toHaveLength(100);
    expect(parseScrapeQuery(members(1))).toEqual([infoHash]);
    expect(codeOf(() => parseScrapeQuery(members(101)))).toBe('bad-query');
    expect(codeOf(() => parseScrapeQuery('info_hash=abc'))).toBe('bad-query');
  });
});

test('percent encoding comes back from its text, whatever the bytes', () => {
  fc.assert(
    fc.property(fc.uint8Array(), (bytes) => {
      expect(percentDecode(percentEncode(bytes))).toEqual(bytes);
      expect(percentEncode(bytes)).toMatch(/^([A-Za-z0-9._~-]|%[0-9A-F]{2})*$/);
    }),
  );
});

function codeOf(run: () => unknown): string | undefined {
  try {
    run();
    return undefined;
  } catch (error) {
    return error instanceof TrackerError ? error.code : 'bug';
  }
}
