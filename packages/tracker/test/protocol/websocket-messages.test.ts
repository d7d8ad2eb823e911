import { anyText } from '@shoal/testkit/any-text';
import { idToHex, toInfoHash, toPeerId } from '@shoal/units';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  decodeWebSocketRequest,
  encodeWebSocketAnnounceResponse,
  encodeWebSocketFailure,
  encodeWebSocketRelay,
  encodeWebSocketScrapeResponse,
  MAX_OFFER_COUNT,
  MAX_SDP_LENGTH,
  MAX_WEBSOCKET_SCRAPE_COUNT,
  TrackerError,
} from '../../src/protocol/index.ts';
import vectors from '../vectors/websocket.json' with { type: 'json' };

const infoHash = toInfoHash(new Uint8Array(20).fill(0xe1))!;
const peerId = toPeerId(new Uint8Array(20).fill(0xa1))!;
const infoHashText = 'á'.repeat(20);
const peerIdText = '¡'.repeat(20);

/** A request with its bytes as hex and without what is undefined. */
function plain(value: unknown): unknown {
  const text = JSON.stringify(value, (_key, member: unknown) =>
    member instanceof Uint8Array ? idToHex(member) : member,
  );
  return JSON.parse(text);
}

function announce(changes: object = {}): string {
  const base = { action: 'announce', info_hash: infoHashText, peer_id: peerIdText };
  return JSON.stringify({ ...base, ...changes });
}

function offersOf(text: string): readonly { offerId: string; sdp: string }[] {
  const request = decodeWebSocketRequest(text);
  return request.type === 'announce' ? request.offers : [];
}

describe('requests', () => {
  test.each(vectors.requests)('reads $name', ({ json, value }) => {
    expect(plain(decodeWebSocketRequest(json))).toEqual(value);
  });

  test.each(vectors.refused)('refuses %s', (json) => {
    expect(() => decodeWebSocketRequest(json)).toThrow(
      expect.objectContaining({ name: 'TrackerError', code: 'bad-query' }),
    );
  });

  test('takes as many offers as peers are wanted, 10 at most, and none that is not one', () => {
    const offers = Array.from({ length: 30 }, (_, index) => ({
      offer_id: `${index}`,
      offer: { type: 'offer', sdp: 's' },
    }));
    expect(offersOf(announce({ offers }))).toHaveLength(MAX_OFFER_COUNT);
    expect(offersOf(announce({ offers, numwant: 3 }))).toHaveLength(3);
    expect(offersOf(announce({ offers, numwant: 0 }))).toHaveLength(0);
    expect(offersOf(announce({ offers: 'none' }))).toEqual([]);
    const broken = [
      null,
      1,
      {},
      { offer_id: 'x' },
      { offer: { sdp: 's' } },
      { offer_id: '', offer: { sdp: 's' } },
    ];
    expect(offersOf(announce({ offers: [...broken, offers[0]] }))).toEqual([
      { offerId: '0', sdp: 's' },
    ]);
  });

  test('passes over descriptions over 16 K and names over 64 characters', () => {
    const offer = (sdpLength: number, idLength: number) => ({
      offer_id: 'i'.repeat(idLength),
      offer: { sdp: 's'.repeat(sdpLength) },
    });
    expect(offersOf(announce({ offers: [offer(MAX_SDP_LENGTH, 64)] }))).toHaveLength(1);
    expect(offersOf(announce({ offers: [offer(MAX_SDP_LENGTH + 1, 64)] }))).toHaveLength(0);
    expect(offersOf(announce({ offers: [offer(1, 65)] }))).toHaveLength(0);
  });

  test('refuses a scrape of more than 100 torrents', () => {
    const scrape = (length: number): string =>
      JSON.stringify({ action: 'scrape', info_hash: new Array(length).fill(infoHashText) });
    expect(decodeWebSocketRequest(scrape(MAX_WEBSOCKET_SCRAPE_COUNT))).toMatchObject({
      type: 'scrape',
    });
    expect(() => decodeWebSocketRequest(scrape(101))).toThrow('101 infohashes, limit 100');
  });

  test('counts that are none are left out, and large ones stay exact', () => {
    const read = (left: unknown) => decodeWebSocketRequest(announce({ left, uploaded: left }));
    for (const left of [-1, '0', null, true, [], {}])
      expect(read(left)).toMatchObject({ left: undefined, uploaded: 0 });
    expect(read(1e300)).toMatchObject({ left: Number.MAX_SAFE_INTEGER });
    expect(read(1.9)).toMatchObject({ left: 1 });
  });

  test('keys such as __proto__ are only keys', () => {
    decodeWebSocketRequest(announce().replace('{', '{"__proto__":{"polluted":1},'));
    expect({}).not.toHaveProperty('polluted');
  });

  test('any text is a request or refused', () => {
    const member = fc.constantFrom(
      'action',
      'info_hash',
      'peer_id',
      'to_peer_id',
      'offers',
      'offer',
      'answer',
      'numwant',
      'left',
      'event',
    );
    const value = fc.oneof(
      fc.constantFrom('announce', 'scrape', infoHashText, peerIdText, 'started'),
      fc.jsonValue({ maxDepth: 3 }),
    );
    const message = fc.oneof(
      anyText(),
      fc.dictionary(member, value).map((object) => JSON.stringify(object)),
      fc.dictionary(member, value).map((object) => announce(object)),
    );
    fc.assert(
      fc.property(message, (text) => {
        try {
          decodeWebSocketRequest(text);
        } catch (error) {
          expect(error).toBeInstanceOf(TrackerError);
        }
      }),
      { numRuns: 1_000 },
    );
  });
});

describe('responses', () => {
  test('to an announce: interval and counts', () => {
    expect(
      encodeWebSocketAnnounceResponse({
        infoHash,
        intervalS: 120,
        seederCount: 1,
        leecherCount: 2,
      }),
    ).toBe(
      `{"action":"announce","info_hash":"${infoHashText}","interval":120,"complete":1,"incomplete":2}`,
    );
  });

  test.each(['offer', 'answer'] as const)('pass on an %s under its own name', (type) => {
    expect(encodeWebSocketRelay({ type, infoHash, peerId, offerId: 'o', sdp: 's' })).toBe(
      `{"action":"announce","info_hash":"${infoHashText}","peer_id":"${peerIdText}","offer_id":"o",` +
        `"${type}":{"type":"${type}","sdp":"s"}}`,
    );
  });

  test('to a scrape: counts by infohash', () => {
    const counts = { seederCount: 1, completedCount: 2, leecherCount: 3 };
    expect(encodeWebSocketScrapeResponse([infoHash], [counts], 60)).toBe(
      `{"action":"scrape","files":{"${infoHashText}":{"complete":1,"downloaded":2,"incomplete":3}},` +
        '"flags":{"min_request_interval":60}}',
    );
  });

  test('a failure has what is known of the request, and when to come again', () => {
    expect(encodeWebSocketFailure({ reason: 'no' })).toBe('{"failure reason":"no"}');
    expect(encodeWebSocketFailure({ reason: 'no', action: 'announce', infoHash })).toBe(
      `{"action":"announce","info_hash":"${infoHashText}","failure reason":"no"}`,
    );
    expect(encodeWebSocketFailure({ reason: 'no', retryInS: 61 })).toContain('"retry in":"2"');
    expect(encodeWebSocketFailure({ reason: 'no', retryInS: Number.POSITIVE_INFINITY })).toContain(
      '"retry in":"never"',
    );
  });
});
