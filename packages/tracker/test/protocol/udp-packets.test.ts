import { readFileSync } from 'node:fs';
import { peerAddressFromBytes, toInfoHash, toPeerId } from '@shoal/units';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { AnnounceRequest } from '../../src/protocol/announce.ts';
import { TrackerError } from '../../src/protocol/tracker-error.ts';
import {
  decodeUdpRequest,
  encodeUdpRequest,
  type UdpRequest,
} from '../../src/protocol/udp-request.ts';
import {
  decodeUdpResponse,
  encodeUdpResponse,
  type UdpResponse,
} from '../../src/protocol/udp-response.ts';

/** Written from BEP 15, by hand. */
const vectors = JSON.parse(
  readFileSync(new URL('../vectors/bep15.json', import.meta.url), 'utf8'),
) as Record<string, string>;

const transactionId = 0x01020304;
const connectionId = 0x1122334455667788n;
const firstHash = toInfoHash(Uint8Array.from({ length: 20 }, (_, byte) => byte))!;
const secondHash = toInfoHash(Uint8Array.from({ length: 20 }, (_, byte) => 20 + byte))!;

const requests: Record<string, UdpRequest> = {
  connect_request: { type: 'connect', transactionId },
  announce_request: {
    type: 'announce',
    connectionId,
    transactionId,
    announce: {
      infoHash: firstHash,
      peerId: toPeerId(new TextEncoder().encode('-XX0000-000000000000'))!,
      downloaded: 1,
      left: 2,
      uploaded: 3,
      event: 'started',
      key: 0xdeadbeef,
      numWant: -1,
      port: 6_881,
    },
  },
  scrape_request: {
    type: 'scrape',
    connectionId,
    transactionId,
    infoHashes: [firstHash, secondHash],
  },
};

const responses: Record<string, UdpResponse> = {
  connect_response: { type: 'connect', transactionId, connectionId },
  announce_response_v4: {
    type: 'announce',
    transactionId,
    intervalS: 1_800,
    leecherCount: 5,
    seederCount: 7,
    peers: [
      { host: '127.0.0.1', port: 6_881, family: 4 },
      { host: '10.0.0.2', port: 51_413, family: 4 },
    ],
  },
  announce_response_v6: {
    type: 'announce',
    transactionId,
    intervalS: 1_800,
    leecherCount: 5,
    seederCount: 7,
    peers: [{ host: '2001:db8::1', port: 6_881, family: 6 }],
  },
  scrape_response: {
    type: 'scrape',
    transactionId,
    counts: [
      { seederCount: 7, completedCount: 100, leecherCount: 5 },
      { seederCount: 0, completedCount: 0, leecherCount: 0 },
    ],
  },
  error_response: { type: 'error', transactionId, message: 'bad info hash' },
};

describe('vectors of BEP 15', () => {
  test.each(Object.entries(requests))('%s both ways', (name, request) => {
    expect(hex(encodeUdpRequest(request))).toBe(vectors[name]);
    expect(decodeUdpRequest(bytes(vectors[name]!))).toEqual(request);
  });

  test.each(Object.entries(responses))('%s both ways', (name, response) => {
    const family = name.endsWith('v6') ? 6 : 4;
    expect(hex(encodeUdpResponse(response))).toBe(vectors[name]);
    expect(decodeUdpResponse(bytes(vectors[name]!), family)).toEqual(response);
  });

  test('a connect request with another protocol id is refused', () => {
    const packet = bytes(vectors.connect_request!);
    packet[7]!++;
    expect(codeOf(() => decodeUdpRequest(packet))).toBe('bad-packet');
  });

  test('every cut of a request is refused, or a shorter scrape', () => {
    for (const name of Object.keys(requests)) {
      const packet = bytes(vectors[name]!);
      for (let length = 0; length < packet.length; length++) {
        if (name === 'scrape_request' && length === 36) continue;
        expect(codeOf(() => decodeUdpRequest(packet.subarray(0, length)))).toMatch(
          /short-packet|bad-packet/,
        );
      }
    }
  });

  test('peers that are no multiple of their width are refused', () => {
    const packet = bytes(vectors.announce_response_v4!);
    expect(codeOf(() => decodeUdpResponse(packet.subarray(0, 31), 4))).toBe('ragged-peers');
    expect(codeOf(() => decodeUdpResponse(packet, 6))).toBe('ragged-peers');
  });
});

describe('BEP 41', () => {
  const withUrl = (urlData: string): UdpRequest =>
    ({ ...requests.announce_request, urlData }) as UdpRequest;

  test('the path and query follow the announce as the BEP shows them', () => {
    const packet = encodeUdpRequest(withUrl('/dir?a=b&c=d'));
    expect(hex(packet.subarray(98))).toBe(`020c${hex(ascii('/dir?a=b&c=d'))}`);
  });

  test('a long path and query is cut into options of 255 bytes and put together again', () => {
    const urlData = `/${'x'.repeat(600)}`;
    expect(decodeUdpRequest(encodeUdpRequest(withUrl(urlData)))).toMatchObject({ urlData });
  });

  test('padding, unknown options and the end of options are read as the BEP says', () => {
    const announce = bytes(vectors.announce_request!);
    const options = [1, 1, 9, 2, 7, 7, 2, 2, 0x2f, 0x61, 0, 2, 1, 0x62];
    expect(decodeUdpRequest(Uint8Array.of(...announce, ...options))).toMatchObject({
      urlData: '/a',
    });
  });

  test('an option that ends past the packet is refused', () => {
    const announce = bytes(vectors.announce_request!);
    for (const options of [[2], [2, 5, 1], [9, 1]])
      expect(codeOf(() => decodeUdpRequest(Uint8Array.of(...announce, ...options)))).toBe(
        'bad-packet',
      );
  });
});

const id20 = fc.uint8Array({ minLength: 20, maxLength: 20 });
const uint32 = fc.nat(2 ** 32 - 1);
const count = fc.nat(Number.MAX_SAFE_INTEGER);
const connection = fc.bigInt({ min: 0n, max: 2n ** 64n - 1n });
const announceRequest: fc.Arbitrary<AnnounceRequest> = fc.record(
  {
    infoHash: id20.map((id) => toInfoHash(id)!),
    peerId: id20.map((id) => toPeerId(id)!),
    port: fc.nat(65_535),
    uploaded: count,
    downloaded: count,
    left: count,
    event: fc.constantFrom('started' as const, 'completed' as const, 'stopped' as const),
    numWant: fc.integer(),
    key: uint32,
  },
  {
    requiredKeys: [
      'infoHash',
      'peerId',
      'port',
      'uploaded',
      'downloaded',
      'left',
      'numWant',
      'key',
    ],
  },
);

const anyRequest: { [Type in UdpRequest['type']]: fc.Arbitrary<UdpRequest & { type: Type }> } = {
  connect: fc.record({ type: fc.constant('connect'), transactionId: uint32 }),
  announce: fc.record({
    type: fc.constant('announce'),
    connectionId: connection,
    transactionId: uint32,
    announce: announceRequest,
  }),
  scrape: fc.record({
    type: fc.constant('scrape'),
    connectionId: connection,
    transactionId: uint32,
    infoHashes: fc.array(
      id20.map((id) => toInfoHash(id)!),
      { minLength: 1, maxLength: 74 },
    ),
  }),
};

const peersOf = (family: 4 | 6) =>
  fc.array(
    fc
      .tuple(
        fc.uint8Array({ minLength: family === 4 ? 4 : 16, maxLength: family === 4 ? 4 : 16 }),
        fc.integer({ min: 1, max: 65_535 }),
      )
      .map(([ip, port]) => peerAddressFromBytes(ip, port))
      .filter((peer) => peer.family === family),
  );

const anyResponse = (
  family: 4 | 6,
): { [Type in UdpResponse['type']]: fc.Arbitrary<UdpResponse & { type: Type }> } => ({
  connect: fc.record({
    type: fc.constant('connect'),
    transactionId: uint32,
    connectionId: connection,
  }),
  announce: fc.record({
    type: fc.constant('announce'),
    transactionId: uint32,
    intervalS: uint32,
    leecherCount: uint32,
    seederCount: uint32,
    peers: peersOf(family),
  }),
  scrape: fc.record({
    type: fc.constant('scrape'),
    transactionId: uint32,
    counts: fc.array(
      fc.record({ seederCount: uint32, completedCount: uint32, leecherCount: uint32 }),
    ),
  }),
  error: fc.record({
    type: fc.constant('error'),
    transactionId: uint32,
    message: fc.stringMatching(/^[a-zA-Z]+( [a-z]+)*$/).filter((text) => text.length < 200),
  }),
});

test('every request comes back from its bytes', () => {
  fc.assert(
    fc.property(fc.oneof(...Object.values<fc.Arbitrary<UdpRequest>>(anyRequest)), (request) => {
      expect(decodeUdpRequest(encodeUdpRequest(request))).toEqual(request);
    }),
  );
});

test.each([4, 6] as const)('every response comes back from its bytes over IPv%i', (family) => {
  fc.assert(
    fc.property(
      fc.oneof(...Object.values<fc.Arbitrary<UdpResponse>>(anyResponse(family))),
      (response) => {
        expect(decodeUdpResponse(encodeUdpResponse(response), family)).toEqual(response);
      },
    ),
  );
});

test('any bytes are a packet or a TrackerError', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), fc.nat(4), (packet, action) => {
      if (packet.length > 11) packet.set([0, 0, 0, action], 8);
      expect(codeOf(() => decodeUdpRequest(packet))).not.toBe('bug');
      if (packet.length > 3) packet.set([0, 0, 0, action]);
      expect(codeOf(() => decodeUdpResponse(packet, 4))).not.toBe('bug');
    }),
    { numRuns: 1_000 },
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

function bytes(text: string): Uint8Array {
  return new Uint8Array(Buffer.from(text, 'hex'));
}

function hex(packet: Uint8Array): string {
  return Buffer.from(packet).toString('hex');
}

function ascii(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}
