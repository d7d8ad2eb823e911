import { createSocket, type RemoteInfo, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { checkClosed, ManualClock, seededRandom } from '@shoal/testkit';
import { toInfoHash, toPeerId } from '@shoal/units';
import { afterEach, beforeEach, expect, test } from 'vitest';
import {
  type AnnounceResponse,
  createTrackerTransport,
  type TrackerTransport,
} from '../../src/client/index.ts';
import { decodeUdpRequest, type UdpRequest } from '../../src/protocol/udp-request.ts';
import { encodeUdpResponse, type UdpResponse } from '../../src/protocol/udp-response.ts';

const infoHash = toInfoHash(new Uint8Array(20).fill(1))!;
const request = {
  infoHash,
  peerId: toPeerId(new Uint8Array(20).fill(9))!,
  port: 6_881,
  uploaded: 0,
  downloaded: 0,
  left: 1,
  numWant: 50,
  key: 1,
};
const never = new AbortController().signal;

let clock: ManualClock;
let transport: TrackerTransport;
let tracker: Socket;
let seen: UdpRequest[];
/** What the fake tracker answers; undefined for nothing. */
let handle: (request: UdpRequest, from: RemoteInfo) => UdpResponse | Uint8Array | undefined;
let checkAllClosed: () => Promise<void>;

beforeEach(async () => {
  checkAllClosed = checkClosed();
  clock = new ManualClock();
  transport = createTrackerTransport({ userAgent: 'x', clock, random: seededRandom(1) });
  seen = [];
  handle = answer;
  tracker = createSocket('udp4').bind(0, '127.0.0.1');
  await once(tracker, 'listening');
  tracker.on('message', (packet: Buffer, from: RemoteInfo) => {
    const asked = decodeUdpRequest(packet);
    seen.push(asked);
    const response = handle(asked, from);
    if (response === undefined) return;
    const bytes = response instanceof Uint8Array ? response : encodeUdpResponse(response);
    tracker.send(bytes, from.port, from.address);
  });
});

afterEach(async () => {
  await transport.close();
  await new Promise<void>((resolve) => tracker.close(() => resolve()));
  expect(clock.pendingTimerCount).toBe(0);
  await checkAllClosed();
});

function answer(asked: UdpRequest): UdpResponse {
  const { transactionId } = asked;
  if (asked.type === 'connect') return { type: 'connect', transactionId, connectionId: 77n };
  const counts = { seederCount: 1, completedCount: 2, leecherCount: 3 };
  if (asked.type === 'scrape')
    return { type: 'scrape', transactionId, counts: asked.infoHashes.map(() => counts) };
  const peers = [{ host: '192.0.2.1', port: 1, family: 4 as const }];
  return { type: 'announce', transactionId, intervalS: 9, leecherCount: 2, seederCount: 3, peers };
}

function announce(path = ''): Promise<AnnounceResponse> {
  return transport.announce(`udp://127.0.0.1:${tracker.address().port}${path}`, request, never);
}

function typesSeen(): string[] {
  return seen.map(({ type }) => type);
}

test('connects, announces, and uses the connection id for a minute', async () => {
  expect(await announce()).toEqual({
    intervalS: 9,
    leecherCount: 2,
    seederCount: 3,
    peers: [{ host: '192.0.2.1', port: 1, family: 4 }],
  });
  await announce();
  expect(typesSeen()).toEqual(['connect', 'announce', 'announce']);
  await clock.advance(60_000);
  await announce();
  expect(typesSeen().slice(3)).toEqual(['connect', 'announce']);
  expect(seen[1]).toMatchObject({ connectionId: 77n, announce: request });
});

test('says the path and query of the URL (BEP 41)', async () => {
  await announce('/announce?passkey=1');
  expect(seen[1]).toMatchObject({ urlData: '/announce?passkey=1' });
});

test('scrapes more torrents than fit in a packet in several', async () => {
  const infoHashes = Array.from({ length: 100 }, (_, i) => toInfoHash(new Uint8Array(20).fill(i))!);
  const url = `udp://127.0.0.1:${tracker.address().port}`;
  const counts = await transport.scrape(url, infoHashes, never);
  expect(counts).toHaveLength(100);
  expect(counts[99]).toEqual({ seederCount: 1, completedCount: 2, leecherCount: 3 });
  expect(typesSeen()).toEqual(['connect', 'scrape', 'scrape']);
});

test('asks again after 15 and 30 s more, and gives up after 60 s', async () => {
  handle = () => undefined;
  const failed = expect(announce()).rejects.toMatchObject({ code: 'timeout' });
  await expect.poll(() => seen.length).toBe(1);
  await clock.advance(14_999);
  expect(seen.length).toBe(1);
  await clock.advance(1);
  await expect.poll(() => seen.length).toBe(2);
  await clock.advance(30_000);
  await expect.poll(() => seen.length).toBe(3);
  await clock.advance(15_000);
  await failed;
  expect(typesSeen()).toEqual(['connect', 'connect', 'connect']);
});

test('connects anew when an announce gets no answer: the tracker may have forgotten us', async () => {
  await announce();
  handle = (asked) => (asked.type === 'announce' ? undefined : answer(asked));
  const again = announce();
  await expect.poll(() => seen.length).toBe(3);
  handle = answer;
  await clock.advance(15_000);
  expect(await again).toMatchObject({ intervalS: 9 });
  expect(typesSeen()).toEqual(['connect', 'announce', 'announce', 'connect', 'announce']);
});

test('an error packet is a refusal', async () => {
  handle = ({ transactionId }) => ({ type: 'error', transactionId, message: 'no \u001b[2Jway' });
  await expect(announce()).rejects.toMatchObject({ code: 'failure', message: 'no [2Jway' });
});

test('passes over answers with another transaction id, and from another port', async () => {
  const stranger = createSocket('udp4');
  handle = (asked, from) => {
    if (asked.type === 'connect') return answer(asked);
    stranger.send(encodeUdpResponse(answer(asked)), from.port, from.address);
    return { ...answer(asked), transactionId: asked.transactionId ^ 1 };
  };
  const result = announce();
  await expect.poll(() => seen.length).toBe(2);
  handle = answer;
  await clock.advance(15_000);
  expect(await result).toMatchObject({ intervalS: 9 });
  expect(seen).toHaveLength(4);
  await new Promise<void>((resolve) => stranger.close(() => resolve()));
});

test('an answer that is no answer is an error', async () => {
  handle = (asked) =>
    asked.type === 'connect' ? answer(asked) : encodeUdpResponse(answer(asked)).subarray(0, 21);
  await expect(announce()).rejects.toMatchObject({ code: 'ragged-peers' });
  handle = (asked) =>
    asked.type === 'connect'
      ? answer(asked)
      : { type: 'scrape', transactionId: asked.transactionId, counts: [] };
  await expect(announce()).rejects.toMatchObject({ code: 'bad-response' });
});

test('a cancelled announce rejects with the reason; closing says closed', async () => {
  handle = () => undefined;
  const cancel = new AbortController();
  const url = `udp://127.0.0.1:${tracker.address().port}`;
  const cancelled = expect(transport.announce(url, request, cancel.signal)).rejects.toThrow(
    'enough',
  );
  const closed = expect(announce()).rejects.toMatchObject({ code: 'closed' });
  await expect.poll(() => seen.length).toBe(2);
  cancel.abort(new Error('enough'));
  await cancelled;
  await transport.close();
  await closed;
});
