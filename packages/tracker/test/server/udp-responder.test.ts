import { seededRandom } from '@shoal/testkit';
import { parseIp, toInfoHash, toPeerId } from '@shoal/units';
import fc from 'fast-check';
import { beforeEach, expect, test } from 'vitest';
import type { AnnounceRequest } from '../../src/protocol/announce.ts';
import { encodeUdpRequest, type UdpRequest } from '../../src/protocol/udp-request.ts';
import { decodeUdpResponse, type UdpResponse } from '../../src/protocol/udp-response.ts';
import { Access } from '../../src/server/access.ts';
import { Gate } from '../../src/server/admission/gate.ts';
import { AnnounceIntervals } from '../../src/server/announce-intervals.ts';
import { infoHashTable } from '../../src/server/info-hash-table.ts';
import { MemorySwarmStore } from '../../src/server/swarm/memory-swarm-store.ts';
import { ConnectionIds } from '../../src/server/udp/connection-ids.ts';
import {
  MAX_UDP_ANSWER_LENGTH,
  UdpResponder,
  type UdpResponderOptions,
} from '../../src/server/udp/udp-responder.ts';

const infoHash = toInfoHash(new Uint8Array(20).fill(1))!;
const denied = toInfoHash(new Uint8Array(20).fill(2))!;
const into = Buffer.alloc(MAX_UDP_ANSWER_LENGTH);

let responder: UdpResponder;
let nowMs: number;
let options: UdpResponderOptions;

beforeEach(() => {
  nowMs = 0;
  const random = seededRandom(1);
  options = {
    store: new MemorySwarmStore({ random, peerLifetimeS: 100, shardCount: 1 }),
    ids: new ConnectionIds({ secret: random.bytes(16), shiftMs: 0 }),
    access: new Access({ deny: infoHashTable([denied], random) }),
    intervals: new AnnounceIntervals({ intervalS: 600, minIntervalS: 600, random }),
  };
  responder = new UdpResponder(options);
});

/** What comes back for a packet from `ip`; undefined when nothing does. */
function send(packet: Uint8Array, ip = '192.0.2.1'): Uint8Array | undefined {
  const { announce } = responder;
  announce.family = ip.includes(':') ? 6 : 4;
  announce.peer.set(parseIp(ip)!);
  announce.nowMs = nowMs;
  const length = responder.answer(packet, into);
  return length === 0 ? undefined : new Uint8Array(into.subarray(0, length));
}

function connect(ip = '192.0.2.1'): bigint {
  const response = ask({ type: 'connect', transactionId: 7 }, ip);
  if (response?.type !== 'connect') throw new Error('no connection id');
  expect(response.transactionId).toBe(7);
  return response.connectionId;
}

function ask(request: UdpRequest, ip = '192.0.2.1'): UdpResponse | undefined {
  const answer = send(encodeUdpRequest(request), ip);
  return answer && decodeUdpResponse(answer, ip.includes(':') ? 6 : 4);
}

function announcing(changes: Partial<AnnounceRequest> = {}): AnnounceRequest {
  return {
    infoHash,
    peerId: toPeerId(new Uint8Array(20).fill(9))!,
    port: 6_881,
    uploaded: 0,
    downloaded: 0,
    left: 1,
    numWant: -1,
    key: 1,
    ...changes,
  };
}

function announceFrom(ip: string, changes: Partial<AnnounceRequest> = {}): UdpResponse | undefined {
  const announce = announcing(changes);
  return ask({ type: 'announce', connectionId: connect(ip), transactionId: 8, announce }, ip);
}

test('tells a peer of the others and the counts, and never of itself', () => {
  announceFrom('192.0.2.1', { left: 0 });
  announceFrom('192.0.2.2', { port: 7_000 });
  expect(announceFrom('192.0.2.3')).toEqual({
    type: 'announce',
    transactionId: 8,
    intervalS: 600,
    seederCount: 1,
    leecherCount: 2,
    peers: expect.arrayContaining([
      { host: '192.0.2.1', port: 6_881, family: 4 },
      { host: '192.0.2.2', port: 7_000, family: 4 },
    ]),
  });
});

test('tells a newcomer that lacks nothing of seeders, and one that goes on of none', () => {
  announceFrom('192.0.2.1', { left: 0 });
  const peers = [{ host: '192.0.2.1', port: 6_881, family: 4 }];
  expect(announceFrom('192.0.2.2', { left: 0, event: 'started' })).toMatchObject({ peers });
  expect(announceFrom('192.0.2.2', { left: 0 })).toMatchObject({ peers: [] });
});

test('answers IPv6 with IPv6 peers, and counts both families together', () => {
  announceFrom('192.0.2.1');
  announceFrom('2001:db8::1');
  expect(announceFrom('2001:db8::2')).toMatchObject({
    leecherCount: 3,
    peers: [{ host: '2001:db8::1', port: 6_881, family: 6 }],
  });
});

test('forgets a peer that stops, and gives it no peers', () => {
  announceFrom('192.0.2.1');
  announceFrom('192.0.2.2');
  expect(announceFrom('192.0.2.1', { event: 'stopped' })).toMatchObject({
    leecherCount: 1,
    peers: [],
  });
});

test('counts a download once, and only of who was seen to leech', () => {
  announceFrom('192.0.2.1', { event: 'completed', left: 0 });
  announceFrom('192.0.2.2', { event: 'started' });
  announceFrom('192.0.2.2', { event: 'completed', left: 0 });
  announceFrom('192.0.2.2', { event: 'completed', left: 0 });
  const connectionId = connect();
  expect(
    ask({ type: 'scrape', connectionId, transactionId: 3, infoHashes: [infoHash, denied] }),
  ).toEqual({
    type: 'scrape',
    transactionId: 3,
    counts: [
      { seederCount: 2, completedCount: 1, leecherCount: 0 },
      { seederCount: 0, completedCount: 0, leecherCount: 0 },
    ],
  });
});

test('knows a peer by its address: the ip field of the packet is nothing', () => {
  const connectionId = connect();
  const packet = encodeUdpRequest({
    type: 'announce',
    connectionId,
    transactionId: 1,
    announce: announcing(),
  });
  packet.set([8, 8, 8, 8], 84);
  send(packet);
  expect(announceFrom('192.0.2.2')).toMatchObject({
    peers: [{ host: '192.0.2.1', port: 6_881 }],
  });
});

test('refuses a torrent on the deny list in words', () => {
  expect(announceFrom('192.0.2.1', { infoHash: denied })).toEqual({
    type: 'error',
    transactionId: 8,
    message: 'this torrent is not tracked here',
  });
});

test.each([
  ['192.0.2.99', 6],
  ['2001:db8::99', 18],
])('answers %s with at most twice the bytes it sent, however much is wanted', (ip, width) => {
  for (let peer = 1; peer <= 90; peer++) announceFrom(ip.replace('99', `${peer}`));
  const connectionId = connect(ip);
  const announce = announcing({ numWant: 1_000_000 });
  const packet = encodeUdpRequest({ type: 'announce', connectionId, transactionId: 1, announce });
  const answer = send(packet, ip)!;
  expect(answer.length).toBeLessThanOrEqual(2 * packet.length);
  expect(answer.length).toBeGreaterThan(2 * packet.length - width);
});

test('gives as many peers as are wanted', () => {
  for (let peer = 1; peer <= 20; peer++) announceFrom(`192.0.2.${peer}`);
  for (const numWant of [0, 1, 7])
    expect(announceFrom('192.0.2.1', { numWant })).toMatchObject({ peers: { length: numWant } });
});

test('drops announces and scrapes whose connection id is not of this address and time', () => {
  const connectionId = connect();
  const announce = announcing();
  const packet = encodeUdpRequest({ type: 'announce', connectionId, transactionId: 1, announce });
  const scrape = encodeUdpRequest({
    type: 'scrape',
    connectionId,
    transactionId: 1,
    infoHashes: [infoHash],
  });
  for (const good of [packet, scrape]) {
    expect(send(good)).toBeDefined();
    expect(send(good, '192.0.2.2')).toBeUndefined();
    nowMs = 121_000;
    expect(send(good)).toBeUndefined();
    nowMs = 0;
    const forged = good.slice();
    forged.fill(255, 0, 8);
    expect(send(forged)).toBeUndefined();
  }
});

test('drops what the protocol does not know', () => {
  const connectionId = connect();
  const announce = announcing();
  const good = encodeUdpRequest({ type: 'announce', connectionId, transactionId: 1, announce });
  const scrape = encodeUdpRequest({
    type: 'scrape',
    connectionId,
    transactionId: 1,
    infoHashes: Array.from({ length: 75 }, () => infoHash),
  });
  const wrongMagic = encodeUdpRequest({ type: 'connect', transactionId: 1 });
  wrongMagic[0] = 1;
  const unknownAction = good.slice();
  unknownAction[11] = 4;
  const portZero = good.slice();
  portZero.fill(0, 96, 98);
  for (const packet of [wrongMagic, unknownAction, portZero, scrape, scrape.subarray(0, 40)])
    expect(send(packet)).toBeUndefined();
  for (let length = 0; length < 98; length++)
    expect(send(good.subarray(0, length))).toBeUndefined();
  expect(responder.counts.drops).toBe(103);
});

test('takes a longer announce than it knows', () => {
  const connectionId = connect();
  const packet = encodeUdpRequest({
    type: 'announce',
    connectionId,
    transactionId: 1,
    announce: announcing(),
    urlData: '/announce?key=1',
  });
  expect(packet.length).toBeGreaterThan(98);
  expect(send(packet)).toBeDefined();
});

test('survives any bytes, and answers none without a connection id but a connect', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), (packet) => {
      expect(send(packet)).toBeUndefined();
    }),
    { numRuns: 2_000 },
  );
});

test('survives any change of a good announce, and never answers more than twice its length', () => {
  const connectionId = connect();
  const announce = announcing();
  const good = encodeUdpRequest({ type: 'announce', connectionId, transactionId: 1, announce });
  const change = fc.record({ at: fc.integer({ min: 8, max: 97 }), byte: fc.nat(255) });
  fc.assert(
    fc.property(fc.array(change, { maxLength: 8 }), fc.integer({ min: 16, max: 98 }), (list, n) => {
      const packet = good.slice(0, n);
      for (const { at, byte } of list) if (at < n) packet[at] = byte;
      expect(send(packet)?.length ?? 0).toBeLessThanOrEqual(2 * n);
    }),
    { numRuns: 2_000 },
  );
});

test('an address that wants connection ids without end gets none for a while, others do', () => {
  const gate = new Gate({ rate: { perMinute: 6_000 }, random: seededRandom(1) });
  responder = new UdpResponder({ ...options, gate });
  const packet = encodeUdpRequest({ type: 'connect', transactionId: 7 });
  for (let count = 0; count < 6_000; count++) expect(send(packet)).toBeDefined();
  expect(send(packet)).toBeUndefined();
  expect(responder.counts).toMatchObject({ connects: 6_000, drops: 1 });
  expect(send(packet, '192.0.2.2')).toBeDefined();
  nowMs += 10;
  expect(send(packet)).toBeDefined();
});
