import { gunzipSync } from 'node:zlib';
import { seededRandom } from '@shoal/testkit';
import { anyText } from '@shoal/testkit/any-text';
import { type PeerId, parseIp, toInfoHash, toPeerId } from '@shoal/units';
import fc from 'fast-check';
import { beforeEach, expect, test } from 'vitest';
import type { AnnounceRequest, AnnounceResponse } from '../../src/protocol/announce.ts';
import {
  decodeAnnounceResponse,
  encodeAnnounceResponse,
} from '../../src/protocol/http-announce-response.ts';
import { buildAnnounceUrl, buildScrapeUrl } from '../../src/protocol/http-query.ts';
import { decodeScrapeResponse } from '../../src/protocol/http-scrape-response.ts';
import { Access } from '../../src/server/access.ts';
import { AnnounceIntervals } from '../../src/server/announce-intervals.ts';
import { HttpResponder } from '../../src/server/http/http-responder.ts';
import { infoHashTable } from '../../src/server/info-hash-table.ts';
import { MemorySwarmStore } from '../../src/server/swarm/memory-swarm-store.ts';
import { Announce } from '../../src/server/swarm/swarm-store.ts';

const infoHash = toInfoHash(new Uint8Array(20).fill(0xe0))!;
const denied = toInfoHash(new Uint8Array(20).fill(2))!;

let store: MemorySwarmStore;
let responder: HttpResponder;

beforeEach(() => {
  const random = seededRandom(1);
  store = new MemorySwarmStore({ random, peerLifetimeS: 100, shardCount: 1, keepsPeerIds: true });
  responder = new HttpResponder({
    store,
    access: new Access({ deny: infoHashTable([denied], random) }),
    intervals: new AnnounceIntervals({ intervalS: 600, minIntervalS: 60, random }),
  });
});

function get(target: string, ip = '192.0.2.1'): { head: string; body: Uint8Array } {
  const { announce } = responder;
  announce.family = ip.includes(':') ? 6 : 4;
  announce.peer.set(parseIp(ip)!);
  const answer = responder.answer(target, undefined);
  const at = answer.indexOf('\r\n\r\n');
  const head = answer.toString('latin1', 0, at);
  const body = new Uint8Array(answer.subarray(at + 4));
  expect(head).toContain(`\r\nContent-Length: ${body.length}`);
  return { head, body };
}

function announceTarget(changes: Partial<AnnounceRequest> = {}): string {
  const request: AnnounceRequest = {
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
  return buildAnnounceUrl('http://t/announce', request).slice('http://t'.length);
}

test('tells a newcomer that lacks nothing of seeders, and one that goes on of none', () => {
  get(announceTarget({ left: 0 }), '192.0.2.2');
  const ask = (changes: Partial<AnnounceRequest>) =>
    Buffer.from(get(announceTarget({ left: 0, ...changes })).body).toString('latin1');
  expect(ask({ event: 'started' })).toContain('5:peers6:');
  expect(ask({})).toContain('5:peers0:');
});

test.each(['compact=1', 'compact=0'])('answers %s byte for byte what the codec writes', (form) => {
  get(announceTarget({ left: 0 }), '192.0.2.2');
  get(announceTarget(), '2001:db8::2');
  const { head, body } = get(announceTarget().replace('compact=1', form));
  expect(head).toMatch(/^HTTP\/1\.1 200 OK\r\n/);
  const { intervalS } = decodeAnnounceResponse(body);
  const answer: AnnounceResponse = {
    intervalS,
    minIntervalS: 60,
    seederCount: 1,
    leecherCount: 2,
    completedCount: 0,
    externalIp: Uint8Array.of(192, 0, 2, 1),
    peers: [
      { host: '192.0.2.2', port: 6_881, family: 4 },
      { host: '2001:db8::2', port: 6_881, family: 6 },
    ],
  };
  const expected = encodeAnnounceResponse(answer, form === 'compact=1');
  expect(Buffer.from(body).toString('latin1')).toBe(Buffer.from(expected).toString('latin1'));
});

test('tells an IPv6 client its address in 16 bytes and both families of peers', () => {
  get(announceTarget(), '192.0.2.1');
  const answer = decodeAnnounceResponse(get(announceTarget(), '2001:db8::1').body);
  expect(answer.externalIp).toEqual(parseIp('2001:db8::1'));
  expect(answer.peers).toEqual([{ host: '192.0.2.1', port: 6_881, family: 4 }]);
});

test('gives a list of dicts to who does not take compact peers', () => {
  get(announceTarget(), '192.0.2.2');
  const { body } = get(announceTarget().replace('compact=1', 'compact=0'));
  const text = Buffer.from(body).toString('latin1');
  expect(text).toContain('5:peersld2:ip9:192.0.2.24:porti6881eee');
  expect(text).toContain('10:downloadedi0e');
});

test('the list has the ids of peers, however they announced, unless nobody knows or wants them', () => {
  get(announceTarget({ peerId: peerIdOf('HTTP') }), '2001:db8::2');
  const udp = new Announce();
  udp.peer.set([192, 0, 2, 3]);
  udp.setPort(2);
  udp.readInfoHash(infoHash, 0);
  udp.readClient(Buffer.from(`..${peerIdText('UDP')}`), 2, 7);
  store.announce(udp);
  udp.setPort(3);
  udp.forgetClient();
  store.announce(udp);
  const list = announceTarget().replace('compact=1', 'compact=0');
  const ask = (target: string): string => Buffer.from(get(target).body).toString('latin1');
  const text = ask(list.replace('&no_peer_id=1', ''));
  expect(text).toContain(`d2:ip9:192.0.2.37:peer id20:${peerIdText('UDP')}4:porti2ee`);
  expect(text).toContain(`d2:ip11:2001:db8::27:peer id20:${peerIdText('HTTP')}4:porti6881ee`);
  expect(text).toContain('d2:ip9:192.0.2.34:porti3ee');
  expect(ask(list)).not.toContain('peer id');
  const own = ask(`${list.replace('&no_peer_id=1', '')}&numwant=2`);
  expect(own.match(/peer id/g)?.length).toBeLessThanOrEqual(2);
});

function peerIdText(name: string): string {
  return `-${name}-`.padEnd(20, '0');
}

function peerIdOf(name: string): PeerId {
  return toPeerId(new Uint8Array(Buffer.from(peerIdText(name))))!;
}

test('sends long text as gzip to who takes it, and says that it varies', () => {
  for (let peer = 0; peer < 250; peer++) get(announceTarget(), `10.0.0.${peer}`);
  const list = announceTarget().replace('compact=1', 'compact=0');
  const asked = Array.from({ length: 50 }, (_, i) => toInfoHash(new Uint8Array(20).fill(i))!);
  const scrape = buildScrapeUrl('http://t/announce', asked)!.slice('http://t'.length);
  for (const [target, least] of [
    [list, 1_500],
    [scrape, 2_000],
  ] as const) {
    responder.acceptsGzip = false;
    const plain = get(target);
    expect(plain.head).toMatch(/\r\nVary: Accept-Encoding$/);
    expect(plain.body.length).toBeGreaterThan(least);
    responder.acceptsGzip = true;
    const packed = get(target);
    expect(packed.head).toMatch(/\r\nContent-Encoding: gzip\r\nVary: Accept-Encoding$/);
    expect(packed.body.length).toBeLessThan(plain.body.length / 2);
    const entries = (body: Uint8Array) => Buffer.from(body).toString('latin1').split('ee').length;
    expect(entries(gunzipSync(packed.body))).toBe(entries(plain.body));
  }
});

test('sends compact peers and short text as they are', () => {
  for (let peer = 0; peer < 250; peer++) get(announceTarget(), `10.0.0.${peer}`);
  responder.acceptsGzip = true;
  for (const target of [announceTarget({ numWant: 200 }), '/scrape'])
    expect(get(target).head).not.toMatch(/Encoding/);
});

test('gives 50 peers by default, 200 at most, and none with event stopped', () => {
  for (let peer = 0; peer < 250; peer++) get(announceTarget(), `10.0.0.${peer}`);
  const count = (changes: Partial<AnnounceRequest>): number =>
    decodeAnnounceResponse(get(announceTarget(changes)).body).peers.length;
  expect(count({})).toBe(50);
  expect(count({ numWant: 1_000_000_000 })).toBe(200);
  expect(count({ numWant: 3 })).toBe(3);
  expect(count({ numWant: 0 })).toBe(0);
  expect(count({ event: 'stopped' })).toBe(0);
});

test('a list of dicts has 50 peers at most', () => {
  for (let peer = 0; peer < 250; peer++) get(announceTarget(), `10.0.0.${peer}`);
  const count = (numWant: number): number => {
    const list = announceTarget({ numWant }).replace('compact=1', 'compact=0');
    return decodeAnnounceResponse(get(list).body).peers.length;
  };
  expect([-1, 200, 51, 49].map(count)).toEqual([50, 50, 50, 49]);
});

test('does not believe the ip that a query names', () => {
  get(`${announceTarget()}&ip=8.8.8.8&ipv6=2001:db8::8`);
  const answer = decodeAnnounceResponse(get(announceTarget(), '192.0.2.9').body);
  expect(answer.peers).toEqual([{ host: '192.0.2.1', port: 6_881, family: 4 }]);
});

test('refuses in bencode with status 200', () => {
  for (const target of ['/announce', '/announce?info_hash=x', '/scrape', '/scrape?info_hash=x']) {
    const { head, body } = get(target);
    expect(head).toMatch(/^HTTP\/1\.1 200 OK/);
    expect(() => decodeAnnounceResponse(body)).toThrow(
      expect.objectContaining({ code: 'failure' }),
    );
  }
  expect(() => decodeAnnounceResponse(get(announceTarget({ infoHash: denied })).body)).toThrow(
    'this torrent is not tracked here',
  );
});

test('scrapes the torrents that are named', () => {
  get(announceTarget({ left: 0 }));
  const asked = [denied, infoHash];
  const url = buildScrapeUrl('http://t/announce', asked)!;
  expect(decodeScrapeResponse(get(url.slice('http://t'.length)).body, asked)).toEqual([
    { seederCount: 0, completedCount: 0, leecherCount: 0 },
    { seederCount: 1, completedCount: 0, leecherCount: 0 },
  ]);
});

test('a scrape of 100 torrents fits', () => {
  const asked = Array.from({ length: 100 }, (_, i) => toInfoHash(new Uint8Array(20).fill(i))!);
  const url = buildScrapeUrl('http://t/announce', asked)!;
  expect(decodeScrapeResponse(get(url.slice('http://t'.length)).body, asked)).toHaveLength(100);
});

test('knows no other path', () => {
  for (const target of ['/', '/announce/', '/stats', '/announce%00?', '//announce?x'])
    expect(get(target).head).toMatch(/^HTTP\/1\.1 404 /);
});

test('answers HEAD with a head alone, and announces nothing by it', () => {
  const head = (target: string): string =>
    responder.answerHead(target, undefined).toString('latin1');
  for (const target of [announceTarget(), '/announce', '/scrape'])
    expect(head(target)).toBe('HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n\r\n');
  expect(head('/')).toMatch(/^HTTP\/1\.1 404 Not Found\r\n/);
  expect(responder.counts).toMatchObject({ announces: 0, scrapes: 0, badRequests: 1 });
  expect(decodeAnnounceResponse(get(announceTarget()).body)).toMatchObject({ leecherCount: 1 });
});

test('says which methods there are to who uses another', () => {
  const answer = responder.refuseRequest(405).toString('latin1');
  expect(answer).toMatch(/^HTTP\/1\.1 405 /);
  expect(answer).toContain('\r\nAllow: GET, HEAD\r\n');
  expect(responder.refuseRequest(400).toString('latin1')).not.toContain('Allow');
});

test('any target gets an answer', () => {
  const piece = fc.oneof(
    fc.constantFrom('/announce', '/scrape', '?', '&', '=', '%', 'info_hash', 'peer_id', 'port'),
    anyText({ maxLength: 10 }),
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 15 }), (pieces) => {
      expect(get(`/${pieces.join('')}`).head).toMatch(/^HTTP\/1\.1 (200|404) /);
      expect(get(`${announceTarget()}${pieces.join('')}`).head).toMatch(/^HTTP\/1\.1 200 /);
    }),
    { numRuns: 1_000 },
  );
});
