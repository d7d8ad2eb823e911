import { encode } from '@shoal/bencode';
import { toInfoHash } from '@shoal/units';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { AnnounceResponse } from '../../src/protocol/announce.ts';
import {
  decodeAnnounceResponse,
  encodeAnnounceResponse,
  MAX_RESPONSE_PEER_COUNT,
} from '../../src/protocol/http-announce-response.ts';
import { encodeFailure } from '../../src/protocol/http-answer.ts';
import {
  decodeScrapeResponse,
  encodeScrapeResponse,
} from '../../src/protocol/http-scrape-response.ts';
import { TrackerError } from '../../src/protocol/tracker-error.ts';

const full: AnnounceResponse = {
  intervalS: 1_800,
  minIntervalS: 60,
  peers: [
    { host: '192.0.2.1', port: 6_881, family: 4 },
    { host: '2001:db8::1', port: 51_413, family: 6 },
  ],
  seederCount: 3,
  leecherCount: 4,
  completedCount: 5,
  trackerId: 'id\u00ff',
  warning: 'soon down',
  externalIp: Uint8Array.of(198, 51, 100, 1),
};

describe('announce', () => {
  test.each([true, false])('an answer comes back from its bytes, compact: %s', (compact) => {
    expect(decodeAnnounceResponse(encodeAnnounceResponse(full, compact))).toEqual(full);
    const bare = { intervalS: 1, peers: [] };
    expect(decodeAnnounceResponse(encodeAnnounceResponse(bare, compact))).toEqual(bare);
  });

  test('compact peers are written as BEP 7 shows them', () => {
    const text = Buffer.from(
      encodeAnnounceResponse({ intervalS: 1_800, peers: full.peers }),
    ).toString('latin1');
    expect(text).toMatch(/^d8:intervali1800e5:peers6:.{6}6:peers618:.{18}e$/s);
  });

  test('reads a list with peer ids, IPv6 text and keys in any order', () => {
    const text =
      'd5:peersld2:ip9:192.0.2.17:peer id20:-XX0000-0000000000004:porti1eed2:ip11:2001:db8::14:porti2eee8:intervali9ee';
    expect(decodeAnnounceResponse(ascii(text))).toEqual({
      intervalS: 9,
      peers: [
        { host: '192.0.2.1', port: 1, family: 4 },
        { host: '2001:db8::1', port: 2, family: 6 },
      ],
    });
  });

  test('leaves out peers that cannot be: host names, port 0, ports past 65535', () => {
    const peers = [
      { ip: 'localhost', port: 1 },
      { ip: '192.0.2.1', port: 0 },
      { ip: '192.0.2.1', port: 65_536 },
      { ip: '192.0.2.1' },
      { port: 1 },
      { ip: 1, port: 1 },
      { ip: '192.0.2.1', port: '1' },
      { ip: ['192.0.2.1'], port: [1] },
      7,
      'x',
      { ip: '192.0.2.9', port: 9 },
    ];
    expect(decodeAnnounceResponse(encode({ interval: 1, peers })).peers).toEqual([
      { host: '192.0.2.9', port: 9, family: 4 },
    ]);
    expect(decodeAnnounceResponse(encode({ interval: 1, peers: new Uint8Array(6) })).peers).toEqual(
      [],
    );
  });

  test('is refused when it is made of more than 50,000 values', () => {
    const text = (count: number): string => `d8:intervali9e5:peers0:1:zl${'de'.repeat(count)}ee`;
    expect(decodeAnnounceResponse(ascii(text(49_000))).intervalS).toBe(9);
    expect(() => decodeAnnounceResponse(ascii(text(50_000)))).toThrow(
      expect.objectContaining({ code: 'bad-response' }),
    );
  });

  test('takes the first 2,000 peers of a longer list', () => {
    const peers = new Uint8Array(6 * 100_000).fill(7);
    expect(decodeAnnounceResponse(encode({ interval: 1, peers })).peers).toHaveLength(
      MAX_RESPONSE_PEER_COUNT,
    );
  });

  test('an answer without an interval has the customary half hour', () => {
    expect(decodeAnnounceResponse(ascii('d5:peers0:e')).intervalS).toBe(1_800);
  });

  test('refuses peers that are no multiple of 6 bytes', () => {
    expect(errorOf(ascii('d8:intervali1e5:peers5:12345e'))).toMatchObject({ code: 'ragged-peers' });
  });

  test.each(['6:123456', '19:1234567890123456789', 'i5e', 'd1:a1:be', 'li1ee'])(
    'goes on with the IPv4 peers when peers6 is %s',
    (peers6) => {
      const bytes = ascii(`d8:intervali1e5:peers6:12345a6:peers6${peers6}e`);
      expect(decodeAnnounceResponse(bytes).peers).toHaveLength(1);
    },
  );

  test('passes over white space behind an answer, and nothing else', () => {
    const good = 'd8:intervali9e5:peers0:e';
    expect(decodeAnnounceResponse(ascii(`${good}\r\n \t\n`)).intervalS).toBe(9);
    for (const end of ['x', '\nx', '\0', 'e'])
      expect(errorOf(ascii(good + end))).toMatchObject({ code: 'bad-response' });
    expect(errorOf(ascii(`\n${good}`))).toMatchObject({ code: 'bad-response' });
    expect(errorOf(ascii('d14:failure reason2:noe\n'))).toMatchObject({ message: 'no' });
  });

  test.each(['', ' \n', 'i1e', 'd8:interval2:12e', 'd5:peersi1ee', '<html>', 'd8:intervali1e'])(
    'refuses %j as no answer',
    (text) => {
      expect(errorOf(ascii(text))).toMatchObject({ code: 'bad-response' });
    },
  );

  test('any bytes are an answer or a TrackerError', () => {
    const answer = encodeAnnounceResponse(full);
    fc.assert(
      fc.property(
        fc.nat(answer.length - 1),
        fc.nat(255),
        fc.nat(answer.length),
        (at, byte, end) => {
          const bytes = answer.slice();
          bytes[at] = byte;
          expect(errorOf(bytes)).not.toBe('bug');
          expect(errorOf(bytes.subarray(0, end))).not.toBe('bug');
        },
      ),
      { numRuns: 1_000 },
    );
  });
});

describe('failure', () => {
  test.each([
    [encodeFailure('overloaded', 300), 300],
    [encodeFailure('overloaded', 61), 120],
    [encodeFailure('not a tracker', Number.POSITIVE_INFINITY), Number.POSITIVE_INFINITY],
    [encodeFailure('no'), undefined],
    [encode({ 'failure reason': 'x', 'retry in': 5 }), 300],
    [encode({ 'failure reason': 'x', 'retry in': 'soon' }), undefined],
    [encode({ 'failure reason': 'x', 'retry in': -5 }), undefined],
    [encode({ 'failure reason': 'x', 'retry in': 0 }), undefined],
    [encode({ 'failure reason': 'x', 'retry in': '0.0001' }), undefined],
    [encode({ 'failure reason': 'x', 'retry in': '0x10' }), undefined],
    [encode({ 'failure reason': 'x', 'retry in': ['5'] }), undefined],
    [encode({ 'failure reason': 'x', 'retry in': '9'.repeat(400) }), undefined],
    [encode({ 'failure reason': 'x', 'retry in': '007' }), 420],
  ])('says when to come back, in minutes (BEP 31): %#', (bytes, retryInS) => {
    expect(errorOf(bytes)).toMatchObject({ code: 'failure', retryInS });
  });

  test('is written as in BEP 31', () => {
    expect(Buffer.from(encodeFailure('Not a tracker', Number.POSITIVE_INFINITY)).toString()).toBe(
      'd14:failure reason13:Not a tracker8:retry in5:nevere',
    );
  });

  test('comes without escapes, controls and marks that turn text around, and not too long', () => {
    const reason = `\u001b[2J\u001b]52;c;x\u0007 no\u202e way${'x'.repeat(1_000)}`;
    const { message } = errorOf(encodeFailure(reason)) as TrackerError;
    expect(message).toMatch(/^\[2J \]52;c;x no way/);
    expect(message).toHaveLength(240);
  });
});

describe('scrape', () => {
  const first = toInfoHash(new Uint8Array(20).fill(200))!;
  const second = toInfoHash(new Uint8Array(20).fill(100))!;

  test('counts come back in the order asked for, 0 for a torrent that is not named', () => {
    const counts = { seederCount: 11, completedCount: 13_772, leecherCount: 19 };
    const unknown = { seederCount: 0, completedCount: 0, leecherCount: 0 };
    const bytes = encodeScrapeResponse([first], [counts]);
    expect(decodeScrapeResponse(bytes, [second, first])).toEqual([unknown, counts]);
  });

  test('is written as in BEP 48', () => {
    const x = toInfoHash(ascii('x'.repeat(20)))!;
    const counts = { seederCount: 11, completedCount: 13_772, leecherCount: 19 };
    expect(Buffer.from(encodeScrapeResponse([x], [counts])).toString()).toBe(
      `d5:filesd20:${'x'.repeat(20)}d8:completei11e10:downloadedi13772e10:incompletei19eeee`,
    );
  });

  test('is what the encoder of bencode writes, in the order of keys, each once', () => {
    const any20 = fc.uint8Array({ minLength: 20, maxLength: 20 });
    fc.assert(
      fc.property(fc.array(any20, { maxLength: 20 }), fc.nat(), (hashes, count) => {
        const asked = [...hashes, ...hashes.slice(0, 2)].map((bytes) => toInfoHash(bytes)!);
        const counts = asked.map(() => ({
          seederCount: count,
          completedCount: 7,
          leecherCount: 0,
        }));
        const files = new Map(
          asked.map((infoHash) => [
            Buffer.from(infoHash).toString('latin1'),
            { complete: count, downloaded: 7, incomplete: 0 },
          ]),
        );
        const expected = Buffer.from(encode({ files }));
        expect(Buffer.from(encodeScrapeResponse(asked, counts)).equals(expected)).toBe(true);
      }),
    );
  });

  test('a failure and what is no answer are errors', () => {
    expect(() => decodeScrapeResponse(encodeFailure('no'), [first])).toThrow(TrackerError);
    expect(() => decodeScrapeResponse(ascii('d5:filesi1ee'), [first])).toThrow(TrackerError);
    expect(() => decodeScrapeResponse(ascii('de'), [first])).toThrow(TrackerError);
  });
});

function errorOf(bytes: Uint8Array): TrackerError | 'bug' | undefined {
  try {
    decodeAnnounceResponse(bytes);
    return undefined;
  } catch (error) {
    return error instanceof TrackerError ? error : 'bug';
  }
}

function ascii(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}
