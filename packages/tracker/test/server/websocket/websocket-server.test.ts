import { once } from 'node:events';
import { connect } from 'node:net';
import { checkClosed, ManualClock, seededRandom } from '@shoal/testkit';
import { silentLog, toInfoHash, toPeerId } from '@shoal/units';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createTrackerTransport, type TrackerTransport } from '../../../src/client/index.ts';
import {
  createTrackerServer,
  infoHashTable,
  type ListenAddress,
  type TrackerServer,
  type TrackerServerOptions,
} from '../../../src/server/index.ts';
import { announce, id, offer, RawClient } from './raw-client.ts';

const here: ListenAddress = { host: '127.0.0.1', port: 0 };
const infoHash = toInfoHash(new Uint8Array(20).fill(0xe1))!;
const deny = infoHashTable([infoHash], seededRandom(3));
const signal = new AbortController().signal;

let clock: ManualClock;
let server: TrackerServer;
let transport: TrackerTransport;
let clients: RawClient[];
let checkAllClosed: () => Promise<void>;

async function start(options: Partial<TrackerServerOptions> = {}): Promise<void> {
  server = await createTrackerServer({
    http: here,
    udp: here,
    ws: here,
    intervalS: 600,
    minIntervalS: 600,
    clock,
    random: seededRandom(1),
    log: silentLog,
    ...options,
  });
}

async function open(options?: Parameters<typeof RawClient.open>[1]): Promise<RawClient> {
  const client = await RawClient.open(server.ws!, options);
  clients.push(client);
  return client;
}

/** The next message of those not looked at yet. */
async function told(client: RawClient, count = 1): Promise<RawClient['messages']> {
  await expect.poll(() => client.messages.length).toBeGreaterThanOrEqual(count);
  return client.messages.splice(0);
}

beforeEach(async () => {
  checkAllClosed = checkClosed();
  clock = new ManualClock();
  transport = createTrackerTransport({ userAgent: 'Shoal/test', clock, random: seededRandom(2) });
  clients = [];
  await start();
});

afterEach(async () => {
  for (const client of clients) await client.close();
  await transport.close();
  await server.close();
  expect(clock.pendingTimerCount).toBe(0);
  await checkAllClosed();
});

test('two browsers get each other: the offer goes over, and the answer comes back', async () => {
  const [a, b] = [await open(), await open()];
  a.send(announce({ peer_id: id(0xa1), left: 0, event: 'started' }));
  expect(await told(a)).toEqual([
    { action: 'announce', info_hash: id(0xe1), interval: 120, complete: 1, incomplete: 0 },
  ]);
  b.send(announce({ peer_id: id(0xb1), offers: [offer('first'), offer('second')] }));
  expect(await told(b)).toMatchObject([{ complete: 1, incomplete: 1 }]);
  expect(await told(a)).toEqual([
    {
      action: 'announce',
      info_hash: id(0xe1),
      peer_id: id(0xb1),
      offer_id: 'first',
      offer: { type: 'offer', sdp: 'sdp of first' },
    },
  ]);
  a.send({
    action: 'announce',
    info_hash: id(0xe1),
    peer_id: id(0xa1),
    to_peer_id: id(0xb1),
    offer_id: 'first',
    answer: { type: 'answer', sdp: 'yes' },
  });
  expect(await told(b)).toEqual([
    {
      action: 'announce',
      info_hash: id(0xe1),
      peer_id: id(0xa1),
      offer_id: 'first',
      answer: { type: 'answer', sdp: 'yes' },
    },
  ]);
  expect(server.stats().ws).toMatchObject({ announces: 2, relays: 2, connectionCount: 2 });
});

test('all transports count one swarm, and WebSocket peers are given to nobody else', async () => {
  const a = await open();
  a.send(announce({ left: 0 }));
  await told(a);
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
  const counts = { seederCount: 1, leecherCount: 1, peers: [] };
  for (const scheme of ['http', 'udp'] as const) {
    const url = `${scheme}://127.0.0.1:${server[scheme]!.port}/announce`;
    expect(await transport.announce(url, request, signal)).toMatchObject(counts);
    expect(await transport.scrape(url, [infoHash], signal)).toMatchObject([
      { seederCount: 1, leecherCount: 1 },
    ]);
  }
  a.send(announce({ left: 0, offers: [offer('for nobody')] }));
  expect(await told(a)).toMatchObject([{ complete: 1, incomplete: 1 }]);
  a.send({ action: 'scrape', info_hash: [id(0xe1), id(0xe2)] });
  expect(await told(a)).toEqual([
    {
      action: 'scrape',
      files: {
        [id(0xe1)]: { complete: 1, incomplete: 1, downloaded: 0 },
        [id(0xe2)]: { complete: 0, incomplete: 0, downloaded: 0 },
      },
      flags: { min_request_interval: 120 },
    },
  ]);
  expect(server.stats()).toMatchObject({ swarmCount: 1, peerCount: 2 });
});

test('a peer leaves with event stopped, and all its torrents with the connection', async () => {
  const [a, b] = [await open(), await open()];
  a.send(announce());
  a.send(announce({ info_hash: id(0xe2) }));
  await told(a, 2);
  a.send(announce({ event: 'stopped', offers: [offer('late')] }));
  expect(await told(a)).toMatchObject([{ complete: 0, incomplete: 0 }]);
  b.send(announce({ info_hash: id(0xe2), peer_id: id(0xb1) }));
  expect(await told(b)).toMatchObject([{ incomplete: 2 }]);
  await a.close();
  await expect.poll(() => server.stats().peerCount).toBe(1);
  expect(server.stats()).toMatchObject({ swarmCount: 1 });
});

test('what is no message gets a failure, and the fifth ends the connection', async () => {
  const a = await open();
  for (const junk of ['', '{', '[]', 'null']) a.send(junk);
  expect(await told(a, 4)).toMatchObject([
    { 'failure reason': 'the message is no JSON' },
    { 'failure reason': 'the message is no JSON' },
    { 'failure reason': 'the message is no JSON object' },
    { 'failure reason': 'the message is no JSON object' },
  ]);
  a.send({ action: 'dance' });
  await expect.poll(() => a.closeCode).toBe(1_008);
  expect(server.stats().ws.badRequests).toBe(5);
});

test('a message over 128 KiB ends the connection', async () => {
  const a = await open();
  a.send(`"${'x'.repeat(128 * 1_024)}"`);
  await expect.poll(() => a.closeCode).toBe(1_009);
});

test('over 1,000 messages at once are refused, and 5 of them end the connection', async () => {
  const a = await open();
  const scrape = { action: 'scrape', info_hash: id(0xe1) };
  for (let count = 0; count < 1_005; count++) a.send(scrape);
  await expect.poll(() => a.closeCode).toBe(1_008);
  expect(server.stats().ws.scrapes).toBe(1_000);
});

test('who does not answer a ping by the next is gone, with its peers', async () => {
  const a = await open();
  a.send(announce());
  await told(a);
  await clock.advance(30_000);
  a.socket.pause();
  await clock.advance(60_000);
  await expect.poll(() => server.stats().ws.connectionCount).toBe(0);
  expect(server.stats().peerCount).toBe(0);
});

test('a connection without a torrent ends after a minute', async () => {
  const a = await open();
  await clock.advance(30_000);
  await expect.poll(() => a.closeCode ?? a.socket.readyState).toBe(1);
  await clock.advance(30_000);
  await expect.poll(() => a.closeCode).toBe(1_006);
});

test('a peer that does not announce for two intervals is forgotten, by monotonic time', async () => {
  await server.close();
  await start({ intervalS: 50 });
  const a = await open();
  a.send(announce());
  await told(a);
  for (let round = 1; round <= 4; round++) {
    expect(server.stats().peerCount).toBe(1);
    await clock.advance(30_000);
    // A message shows that somebody is there, without being an announce.
    a.send({ action: 'scrape', info_hash: id(0xe1) });
    await told(a);
  }
  expect(server.stats()).toMatchObject({ swarmCount: 0, peerCount: 0 });
});

test('a request without an upgrade is told what this port is', async () => {
  const response = await fetch(`http://127.0.0.1:${server.ws!.port}/announce`);
  expect(response.status).toBe(426);
  await response.text();
});

test('an upgrade with a head over 8 KiB is refused', async () => {
  const socket = connect(server.ws!.port, '127.0.0.1');
  let text = '';
  socket.on('data', (bytes: Buffer) => {
    text += bytes.toString();
  });
  socket.on('error', () => {});
  socket.write(`GET / HTTP/1.1\r\nX: ${'x'.repeat(9_000)}\r\n\r\n`);
  await once(socket, 'close');
  expect(text).toMatch(/^HTTP\/1\.1 431 /);
});

test('from one address come 200 connections, and no more', async () => {
  const opened = await Promise.all(Array.from({ length: 200 }, () => open()));
  expect(opened).toHaveLength(200);
  await expect(RawClient.open(server.ws!)).rejects.toThrow('429');
});

test('an IPv6 customer, who has 2^64 addresses, gets 200 connections too', async () => {
  await server.close();
  await start({ trustedProxies: ['127.0.0.0/8'] });
  const openFrom = (host: string): Promise<RawClient> =>
    open({ headers: { 'X-Forwarded-For': host } });
  await Promise.all(Array.from({ length: 200 }, (_, at) => openFrom(`2001:db8:1:2:${at}::1`)));
  await expect(openFrom('2001:db8:1:2:ffff::1')).rejects.toThrow('429');
  await openFrom('2001:db8:1:3::1');
});

test('a trusted proxy speaks for its clients, others do not', async () => {
  const headers = { 'X-Forwarded-For': '203.0.113.9, 192.0.2.7' };
  // A stranger may not take over a peer id that is connected from another address.
  const attempt = async (): Promise<unknown> => {
    const [owner, thief] = [await open({ headers }), await open()];
    owner.send(announce());
    await told(owner);
    thief.send(announce());
    const [answer] = await told(thief);
    return answer!['failure reason'];
  };
  expect(await attempt()).toBeUndefined();
  await server.close();
  await start({ trustedProxies: ['127.0.0.0/8'] });
  expect(await attempt()).toBe('another peer has this peer_id');
});

test('tracks only what the lists name, for clients that the rules let in', async () => {
  await server.close();
  await start({ deny, denyClients: ['-XX'], rate: { perMinute: 1, burst: 2 } });
  const a = await open();
  a.send(announce());
  a.send(announce({ info_hash: id(0xe2), peer_id: `-XX${'0'.repeat(17)}` }));
  a.send(announce({ info_hash: id(0xe2) }));
  a.send(announce({ info_hash: id(0xe3) }));
  expect(await told(a, 4)).toMatchObject([
    {
      action: 'announce',
      info_hash: id(0xe1),
      'failure reason': 'this torrent is not tracked here',
    },
    { 'failure reason': 'this client is not allowed here', 'retry in': 'never' },
    { interval: 120 },
    { 'failure reason': 'too many announces', 'retry in': '1' },
  ]);
});

test('a torrent that comes to be excluded is said no more, and its peers go', async () => {
  const a = await open();
  a.send(announce());
  await told(a);
  server.setLists({ deny });
  a.send({ action: 'scrape', info_hash: id(0xe1) });
  expect(await told(a)).toMatchObject([{ files: { [id(0xe1)]: { incomplete: 0 } } }]);
  expect(server.stats().peerCount).toBe(1);
  await clock.advance(17_000);
  expect(server.stats().peerCount).toBe(0);
});
