/** What the gate and the proxies mean to clients over HTTP and UDP. */
import { connect } from 'node:net';
import { checkClosed, ManualClock, seededRandom } from '@shoal/testkit';
import { silentLog, toInfoHash, toPeerId } from '@shoal/units';
import { afterEach, beforeEach, expect, test } from 'vitest';
import {
  type AnnounceResponse,
  createTrackerTransport,
  type TrackerTransport,
} from '../../../src/client/index.ts';
import type { AnnounceRequest } from '../../../src/protocol/announce.ts';
import { decodeAnnounceResponse } from '../../../src/protocol/http-announce-response.ts';
import { buildAnnounceUrl } from '../../../src/protocol/http-query.ts';
import {
  createTrackerServer,
  type TrackerServer,
  type TrackerServerOptions,
} from '../../../src/server/index.ts';
import { RawClient } from '../websocket/raw-client.ts';

const here = { host: '127.0.0.1', port: 0 };
const signal = new AbortController().signal;

let clock: ManualClock;
let server: TrackerServer;
let transport: TrackerTransport;
let checkAllClosed: () => Promise<void>;

async function start(options: Partial<TrackerServerOptions>): Promise<void> {
  server = await createTrackerServer({
    http: here,
    udp: here,
    intervalS: 600,
    clock,
    random: seededRandom(1),
    log: silentLog,
    ...options,
  });
}

beforeEach(() => {
  checkAllClosed = checkClosed();
  clock = new ManualClock();
  transport = createTrackerTransport({ userAgent: 'test', clock, random: seededRandom(2) });
});

afterEach(async () => {
  await transport.close();
  await server.close();
  await checkAllClosed();
});

function request(client = '-TR4100-', port = 6_881): AnnounceRequest {
  return {
    infoHash: toInfoHash(new Uint8Array(20).fill(1))!,
    peerId: toPeerId(new Uint8Array(Buffer.from(client.padEnd(20, '0'))))!,
    port,
    uploaded: 0,
    downloaded: 0,
    left: 1,
    numWant: 50,
    key: 1,
  };
}

function announce(
  scheme: 'http' | 'udp',
  client?: string,
  changes: Partial<AnnounceRequest> = {},
): Promise<AnnounceResponse> {
  const url = `${scheme}://127.0.0.1:${server[scheme]!.port}/announce`;
  return transport.announce(url, { ...request(client), ...changes }, signal);
}

/** Announces over HTTP with more in the query and headers. */
async function announceWith(
  query: string,
  ...headers: readonly string[]
): Promise<AnnounceResponse> {
  const url = buildAnnounceUrl(`http://t/announce`, request('-TR4100-', 1_001)) + query;
  const lines = [`GET ${url.slice('http://t'.length)} HTTP/1.1`, ...headers, 'Connection: close'];
  const socket = connect(server.http!.port, '127.0.0.1');
  socket.write(`${lines.join('\r\n')}\r\n\r\n`);
  const answer = Buffer.concat((await socket.toArray()) as Buffer[]);
  return decodeAnnounceResponse(new Uint8Array(answer.subarray(answer.indexOf('\r\n\r\n') + 4)));
}

function hosts({ peers }: AnnounceResponse): string[] {
  return peers.map(({ host }) => host).sort();
}

test('an address that announces too often is told when to come again, by either way', async () => {
  await start({ rate: { perMinute: 1, burst: 2 } });
  await announce('udp');
  await announce('http');
  await expect(announce('http')).rejects.toMatchObject({
    code: 'failure',
    message: 'too many announces',
    retryInS: 60,
  });
  await expect(announce('udp')).rejects.toThrow('too many announces');
  expect(server.stats()).toMatchObject({ http: { refusals: 1 }, udp: { refusals: 1 } });
  await clock.advance(60_000);
  expect(await announce('udp')).toMatchObject({ leecherCount: 1 });
});

test('who is out of announces can still say that it leaves, as often', async () => {
  await start({ rate: { perMinute: 1, burst: 2 } });
  for (const scheme of ['http', 'udp'] as const) {
    await announce(scheme);
    expect(await announce(scheme, undefined, { event: 'stopped' })).toMatchObject({
      leecherCount: 0,
    });
  }
  await expect(announce('udp')).rejects.toThrow('too many announces');
  await expect(announce('http', undefined, { event: 'stopped' })).rejects.toThrow(
    'too many announces',
  );
});

test('an address that scrapes too often is told so by every way, and may still announce', async () => {
  await start({ rate: { perMinute: 1, burst: 2 }, ws: here });
  const scrape = (scheme: 'http' | 'udp') => {
    const url = `${scheme}://127.0.0.1:${server[scheme]!.port}/announce`;
    return transport.scrape(url, [request().infoHash], signal);
  };
  await scrape('http');
  await scrape('udp');
  await expect(scrape('http')).rejects.toMatchObject({ message: 'too many scrapes', retryInS: 60 });
  await expect(scrape('udp')).rejects.toThrow('too many scrapes');
  const browser = await RawClient.open(server.ws!);
  browser.send({ action: 'scrape', info_hash: 'x'.repeat(20) });
  await expect
    .poll(() => browser.messages)
    .toMatchObject([{ action: 'scrape', 'failure reason': 'too many scrapes', 'retry in': '1' }]);
  await browser.close();
  expect(await announce('udp')).toMatchObject({ leecherCount: 1 });
});

test('clients that the rules name are not served', async () => {
  await start({ allowClients: ['-TR'], denyClients: ['-TR3'] });
  for (const scheme of ['http', 'udp'] as const) {
    await announce(scheme);
    for (const client of ['-TR3000-', '-UT1234-'])
      await expect(announce(scheme, client)).rejects.toMatchObject({
        code: 'failure',
        message: 'this client is not allowed here',
      });
  }
  await expect(announce('http', '-UT1234-')).rejects.toMatchObject({
    retryInS: Number.POSITIVE_INFINITY,
  });
});

test('neither X-Forwarded-For nor ip= is believed from a stranger', async () => {
  await start({});
  await announceWith('&ip=198.51.100.1', 'X-Forwarded-For: 198.51.100.2');
  expect(await announceWith('&ip=198.51.100.3')).toMatchObject({
    externalIp: Uint8Array.of(127, 0, 0, 1),
    leecherCount: 1,
  });
});

test('a trusted proxy names its clients, who cannot name another', async () => {
  await start({ trustedProxies: ['127.0.0.1'] });
  const answer = await announceWith(
    '&ip=8.8.8.8',
    'X-Forwarded-For: 9.9.9.9',
    'x-forwarded-for: 198.51.100.2',
  );
  expect(answer.externalIp).toEqual(Uint8Array.of(198, 51, 100, 2));
  await announceWith('', 'X-Forwarded-For: 2001:db8::7');
  expect(hosts(await announce('http'))).toEqual(['198.51.100.2', '2001:db8::7']);
});

test('who sends junk through a trusted proxy does not become the proxy', async () => {
  await start({ ws: here, trustedProxies: ['127.0.0.1'] });
  const long = '8.8.8.8, '.repeat(300);
  const answer = await announceWith('', `X-Forwarded-For: ${long}198.51.100.2`);
  expect(answer.externalIp).toEqual(Uint8Array.of(198, 51, 100, 2));
  for (const value of ['unknown', '9.9.9.9, junk', ' '.repeat(3_000)]) {
    await expect(announceWith('', `X-Forwarded-For: ${value}`)).rejects.toThrow(
      'the proxy does not say who asks',
    );
    const headers = { 'X-Forwarded-For': value };
    if (value.trim() !== '')
      await expect(RawClient.open(server.ws!, { headers })).rejects.toThrow('400');
  }
  expect(server.stats()).toMatchObject({ peerCount: 1, http: { announces: 1, refusals: 3 } });
});

test('a trusted host may name an address for itself', async () => {
  await start({ trustedProxies: ['127.0.0.0/8'] });
  expect(await announceWith('&ip=203.0.113.7')).toMatchObject({
    externalIp: Uint8Array.of(203, 0, 113, 7),
  });
  await announceWith('&ip=2001%3Adb8%3A%3A6');
  await announceWith('&ip=2001:db8::7');
  expect(await announceWith('&ip=')).toMatchObject({ externalIp: Uint8Array.of(127, 0, 0, 1) });
  for (const text of ['not.an.address', '127.0.0.1%3A80', '1.2.3.4%', '%ff'])
    await expect(announceWith(`&ip=${text}`)).rejects.toThrow('ip is no IP address');
  expect(hosts(await announce('http'))).toEqual([
    ...['127.0.0.1', '2001:db8::6', '2001:db8::7', '203.0.113.7'],
  ]);
});

test('the rate is counted for the client behind a trusted proxy', async () => {
  await start({ trustedProxies: ['127.0.0.1'], rate: { perMinute: 1 } });
  await announceWith('', 'X-Forwarded-For: 198.51.100.1');
  await announceWith('', 'X-Forwarded-For: 198.51.100.2');
  await expect(announceWith('', 'X-Forwarded-For: 198.51.100.1')).rejects.toThrow(
    'too many announces',
  );
});
