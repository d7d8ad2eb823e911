/** Threat 30: mutated requests over sockets. `npm run interop -- mutated` sends a million of each. */
import { checkClosed, realClock, seededRandom } from '@shoal/testkit';
import {
  type HostileLoad,
  sendHostileHttp,
  sendHostileUdp,
  sendHostileWebSocket,
} from '@shoal/testkit/hostile';
import { silentLog, toInfoHash, toPeerId } from '@shoal/units';
import { expect, test } from 'vitest';
import { createTrackerTransport } from '../../src/client/index.ts';
import { createTrackerServer, type TrackerStats } from '../../src/server/index.ts';
import { announce, id, RawClient } from './websocket/raw-client.ts';

const COUNT = 12_000;
const here = { host: '127.0.0.1', port: 0 };
const infoHash = toInfoHash(new Uint8Array(20).fill(0xe1))!;

const SENDERS: readonly [
  name: 'http' | 'udp' | 'ws',
  send: (load: HostileLoad) => Promise<void>,
  readCount: (stats: TrackerStats) => number,
][] = [
  ['http', sendHostileHttp, ({ http }) => sum(http) - http.connectionCount],
  ['udp', sendHostileUdp, ({ udp }) => sum(udp)],
  ['ws', sendHostileWebSocket, ({ ws }) => sum(ws) - ws.connectionCount],
];

function sum(counts: object): number {
  return Object.values(counts).reduce((total: number, count: number) => total + count, 0);
}

test.each(SENDERS)(
  'survives thousands of mutated requests over %s, and answers right behind them',
  async (_name, send, readCount) => {
    const checkAllClosed = checkClosed();
    const clock = realClock;
    const random = seededRandom(7);
    const server = await createTrackerServer({
      ...{ http: here, udp: here, ws: here, intervalS: 600, clock, random, log: silentLog },
    });
    const port = { http: server.http!.port, udp: server.udp!.port, ws: server.ws!.port }[_name];
    await send({ port, count: COUNT, random: seededRandom(30) });
    expect(readCount(server.stats())).toBeGreaterThan(COUNT / 4);

    const transport = createTrackerTransport({ userAgent: 'Shoal/test', clock, random });
    const request = {
      ...{ infoHash, peerId: toPeerId(new Uint8Array(20).fill(9))!, uploaded: 0, downloaded: 0 },
      ...{ left: 1, numWant: 200, key: 1, event: 'started' as const },
    };
    const { signal } = new AbortController();
    const urls = [
      `http://127.0.0.1:${server.http!.port}/announce`,
      `udp://127.0.0.1:${server.udp!.port}`,
    ];
    for (const [index, url] of urls.entries()) {
      const { peers, leecherCount } = await transport.announce(
        url,
        { ...request, port: 6_881 + index },
        signal,
      );
      expect(leecherCount).toBeGreaterThan(index);
      if (index === 1) expect(peers).toContainEqual({ host: '127.0.0.1', port: 6_881, family: 4 });
    }
    const browser = await RawClient.open(server.ws!);
    browser.send(announce({ info_hash: id(0xe1) }));
    await expect.poll(() => browser.messages.length).toBeGreaterThan(0);
    expect(browser.messages[0]).toMatchObject({ action: 'announce', info_hash: id(0xe1) });
    await browser.close();
    await transport.close();
    await server.close();
    await checkAllClosed();
  },
);
