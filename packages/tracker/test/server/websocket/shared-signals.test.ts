import { ManualClock, seededRandom } from '@shoal/testkit';
import { silentLog, toInfoHash, toPeerId } from '@shoal/units';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createTrackerTransport, type TrackerTransport } from '../../../src/client/index.ts';
import {
  createTrackerServer,
  SignalHub,
  type TrackerServer,
  type TrackerServerOptions,
} from '../../../src/server/index.ts';
import { encodeSignal } from '../../../src/server/signals/encode-signal.ts';
import type { SignalCarrier } from '../../../src/server/signals/signal-carrier.ts';
import { announce, id, offer, RawClient } from './raw-client.ts';

const here = { host: '127.0.0.1', port: 0 };
const infoHash = toInfoHash(new Uint8Array(20).fill(0xe1))!;
const PERIOD_MS = 200;

let clock: ManualClock;
let hub: SignalHub;
let carriers: SignalCarrier[];
let servers: TrackerServer[];
let clients: RawClient[];
let transport: TrackerTransport;

async function start(
  options: Partial<TrackerServerOptions> = { ws: here },
): Promise<TrackerServer> {
  const random = seededRandom(1 + servers.length);
  const carrier = hub.carrier(random);
  carriers.push(carrier);
  const common = { intervalS: 600, clock, random, log: silentLog, signals: carrier };
  const server = await createTrackerServer({ http: here, ...common, ...options });
  servers.push(server);
  return server;
}

async function open(server: TrackerServer): Promise<RawClient> {
  const client = await RawClient.open(server.ws!);
  clients.push(client);
  return client;
}

/** What a client was told, when it is so much. */
async function told(client: RawClient, count = 1): Promise<RawClient['messages']> {
  await expect.poll(() => client.messages.length).toBeGreaterThanOrEqual(count);
  return client.messages.splice(0);
}

/** Announces and waits until the others know. */
async function come(server: TrackerServer, changes: Parameters<typeof announce>[0]) {
  const client = await open(server);
  client.send(announce(changes));
  const [answer] = await told(client);
  await clock.advance(PERIOD_MS);
  return { client, answer };
}

function answerTo(from: number, to: number, offerId: string) {
  const ids = { info_hash: id(0xe1), peer_id: id(from), to_peer_id: id(to), offer_id: offerId };
  return { action: 'announce', ...ids, answer: { type: 'answer', sdp: `from ${from}` } };
}

beforeEach(() => {
  clock = new ManualClock();
  hub = new SignalHub();
  [carriers, servers, clients] = [[], [], []];
  transport = createTrackerTransport({ userAgent: 'test', clock, random: seededRandom(9) });
});

afterEach(async () => {
  for (const client of clients) await client.close();
  await transport.close();
  for (const server of servers) await server.close();
  expect(clock.pendingTimerCount).toBe(0);
});

test('browsers of different processes get each other: offers go over, answers come back', async () => {
  const [a, b] = [await start(), await start()];
  const seeder = await come(a, { peer_id: id(0xa1), left: 0 });
  const offers = [offer('first'), offer('second')];
  const leecher = await come(b, { peer_id: id(0xb1), offers });
  expect(leecher.answer).toMatchObject({ complete: 1, incomplete: 1 });
  const [first, ...others] = await told(seeder.client);
  expect(others).toEqual([]);
  expect(first).toMatchObject({ peer_id: id(0xb1), info_hash: id(0xe1) });
  const offerId = String(first!.offer_id);
  expect(first!.offer).toEqual({ type: 'offer', sdp: `sdp of ${offerId}` });
  seeder.client.send(answerTo(0xa1, 0xb1, offerId));
  expect(await told(leecher.client)).toEqual([
    {
      action: 'announce',
      info_hash: id(0xe1),
      peer_id: id(0xa1),
      offer_id: offerId,
      answer: { type: 'answer', sdp: `from ${0xa1}` },
    },
  ]);
  expect([a, b].map((server) => server.stats().ws.relays)).toEqual([1, 1]);
});

test('every transport of every process counts them, one without WebSocket too', async () => {
  const a = await start();
  await come(a, { left: 0 });
  const b = await start({ udp: here });
  await clock.advance(PERIOD_MS);
  const counts = { seederCount: 1, leecherCount: 0 };
  for (const scheme of ['http', 'udp'] as const) {
    const url = `${scheme}://127.0.0.1:${b[scheme]!.port}/announce`;
    const { signal } = new AbortController();
    expect(await transport.scrape(url, [infoHash], signal)).toMatchObject([counts]);
  }
  expect(b.find(infoHash)).toMatchObject(counts);
  expect(b.stats()).toMatchObject({ swarmCount: 1, peerCount: 1 });
  // The same swarm, with a peer that speaks HTTP.
  const peerId = toPeerId(new Uint8Array(20).fill(7))!;
  const peer = {
    infoHash,
    peerId,
    port: 1,
    uploaded: 0,
    downloaded: 0,
    left: 1,
    numWant: 5,
    key: 1,
  };
  const url = `http://127.0.0.1:${b.http!.port}/announce`;
  const answer = await transport.announce(url, peer, new AbortController().signal);
  expect(answer).toMatchObject({ seederCount: 1, leecherCount: 1, peers: [] });
  expect(b.stats()).toMatchObject({ swarmCount: 1, peerCount: 2 });
});

test('a browser that leaves is gone everywhere, and so are those of a process that ends', async () => {
  const [a, b] = [await start(), await start()];
  const one = await come(a, { peer_id: id(0xa1) });
  await come(a, { peer_id: id(0xa2), info_hash: id(0xe2) });
  expect(b.stats().peerCount).toBe(2);
  await one.client.close();
  await expect.poll(() => a.stats().peerCount).toBe(1);
  await clock.advance(PERIOD_MS);
  expect(b.stats().peerCount).toBe(1);
  await a.close();
  await clock.advance(PERIOD_MS);
  expect(b.stats()).toMatchObject({ swarmCount: 0, peerCount: 0 });
});

test('a newcomer learns what there is', async () => {
  const a = await start();
  await come(a, { left: 0 });
  const b = await start();
  await clock.advance(PERIOD_MS);
  expect(b.find(infoHash)).toMatchObject({ seederCount: 1 });
});

test('a process that is silent for 20 s is forgotten, and asked for everything when it speaks', async () => {
  const a = await start();
  const said: string[] = [];
  const ghost = hub.carrier(seededRandom(77));
  ghost.listen({
    handleSignal: (signal) => said.push(String(signal[1])),
    handleGap: () => {},
  });
  const swarms = [{ infoHash, seederCount: 3, leecherCount: 0, completedCount: 2 }];
  ghost.send(encodeSignal(ghost.origin, { type: 'counts', swarms }));
  expect(a.find(infoHash)).toMatchObject({ seederCount: 3, completedCount: 2 });
  await clock.advance(15_000);
  expect(a.stats().peerCount).toBe(3);
  await clock.advance(10_000);
  expect(a.stats().peerCount).toBe(0);
  said.length = 0;
  ghost.send(encodeSignal(ghost.origin, { type: 'alive' }));
  expect(said).toEqual(['1']);
});

test('an answer goes to the process of the offer, whoever else has that peer id', async () => {
  const [a, b, c] = [await start(), await start(), await start()];
  const target = await come(a, { peer_id: id(0xa1), left: 0 });
  const asker = await come(b, { peer_id: id(0xb1), offers: [offer('mine')] });
  await told(target.client);
  const thief = await come(c, { peer_id: id(0xb1) });
  target.client.send(answerTo(0xa1, 0xb1, 'mine'));
  await told(asker.client);
  expect(thief.client.messages).toEqual([]);
  // An offer is answered once.
  target.client.send(answerTo(0xa1, 0xb1, 'mine'));
  target.client.send({ action: 'scrape', info_hash: id(0xe1) });
  await told(target.client);
  expect(asker.client.messages).toEqual([]);
});

test('what cannot be read changes nothing and is said once', async () => {
  const warnings: string[] = [];
  const a = await start({ ws: here, log: { ...silentLog, warn: (text) => warnings.push(text) } });
  const stranger = hub.carrier(seededRandom(78));
  for (const junk of [[], [9], [1, 4, 1, 2], new Array(50).fill(1)])
    stranger.send(Uint8Array.from(junk));
  expect(warnings).toEqual(['what another process says cannot be read']);
  expect(a.stats()).toMatchObject({ swarmCount: 0, peerCount: 0 });
});
