import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { checkClosed, ManualClock, seededRandom } from '@shoal/testkit';
import { type InfoHash, type PeerAddress, silentLog, toInfoHash, toPeerId } from '@shoal/units';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createTrackerTransport, type TrackerTransport } from '../../src/client/index.ts';
import type { AnnounceRequest } from '../../src/protocol/announce.ts';
import { encodeUdpRequest } from '../../src/protocol/udp-request.ts';
import {
  createTrackerServer,
  type InfoHashTable,
  infoHashTable,
  type ListenAddress,
  type TrackerServer,
  type TrackerServerOptions,
} from '../../src/server/index.ts';

const infoHash = toInfoHash(new Uint8Array(20).fill(1))!;
const peerId = toPeerId(new Uint8Array(20).fill(9))!;
const here: ListenAddress = { host: '127.0.0.1', port: 0 };
const signal = new AbortController().signal;

const tableOf = (...infoHashes: InfoHash[]): InfoHashTable =>
  infoHashTable(infoHashes, seededRandom(3));

let clock: ManualClock;
let server: TrackerServer;
let transport: TrackerTransport;
let checkAllClosed: () => Promise<void>;

async function start(options: Partial<TrackerServerOptions> = {}): Promise<void> {
  server = await createTrackerServer({
    http: here,
    udp: here,
    intervalS: 100,
    minIntervalS: 100,
    clock,
    random: seededRandom(1),
    log: silentLog,
    ...options,
  });
}

beforeEach(async () => {
  checkAllClosed = checkClosed();
  clock = new ManualClock();
  transport = createTrackerTransport({ userAgent: 'Shoal/test', clock, random: seededRandom(2) });
  await start();
});

afterEach(async () => {
  await transport.close();
  await server.close();
  expect(clock.pendingTimerCount).toBe(0);
  await checkAllClosed();
});

function request(changes: Partial<AnnounceRequest> = {}): AnnounceRequest {
  return {
    infoHash,
    peerId,
    port: 6_881,
    uploaded: 0,
    downloaded: 0,
    left: 1,
    numWant: 50,
    key: 1,
    ...changes,
  };
}

function urlOf(scheme: 'http' | 'udp', address = server[scheme]!): string {
  const host = address.family === 6 ? `[${address.host}]` : address.host;
  return `${scheme}://${host}:${address.port}/announce`;
}

test('HTTP and UDP serve the same swarm, and our own client reads both', async () => {
  await transport.announce(urlOf('http'), request({ port: 1_001, left: 0 }), signal);
  await transport.announce(urlOf('udp'), request({ port: 1_002 }), signal);
  const expected = {
    intervalS: 100,
    seederCount: 1,
    leecherCount: 2,
    peers: expect.arrayContaining([
      { host: '127.0.0.1', port: 1_001, family: 4 },
      { host: '127.0.0.1', port: 1_002, family: 4 },
    ]),
  };
  for (const scheme of ['http', 'udp'] as const) {
    expect(await transport.announce(urlOf(scheme), request({ port: 1_003 }), signal)).toMatchObject(
      expected,
    );
    expect(await transport.scrape(urlOf(scheme), [infoHash, infoHash], signal)).toEqual([
      { seederCount: 1, leecherCount: 2, completedCount: 0 },
      { seederCount: 1, leecherCount: 2, completedCount: 0 },
    ]);
  }
  expect(server.stats()).toMatchObject({ swarmCount: 1, peerCount: 3 });
});

test('peers that are not heard of for two intervals are forgotten, by monotonic time', async () => {
  await transport.announce(urlOf('http'), request(), signal);
  await clock.advance(199_000);
  expect(server.stats().peerCount).toBe(1);
  await clock.advance(3_000);
  expect(server.stats()).toMatchObject({ swarmCount: 0, peerCount: 0 });
});

test('HEAD and GET take turns on one connection, and another method ends it', async () => {
  const { host, port } = server.http!;
  const socket = connect(port, host);
  let text = '';
  socket.on('data', (bytes: Buffer) => {
    text += bytes.toString('latin1');
  });
  socket.write('HEAD /announce HTTP/1.1\r\n\r\nGET / HTTP/1.1\r\n\r\nPOST / HTTP/1.1\r\n\r\n');
  await once(socket, 'close');
  const statuses = [...text.matchAll(/HTTP\/1\.1 (\d+)/g)].map(([, status]) => status);
  expect(statuses).toEqual(['200', '404', '405']);
  expect(text).toContain('Allow: GET, HEAD\r\n');
});

test('listens on both families when no host is named', async () => {
  await server.close();
  await start({ http: { port: 0 }, udp: { port: 0 } });
  const v6 = (address: PeerAddress): PeerAddress => ({ ...address, host: '::1', family: 6 });
  for (const scheme of ['http', 'udp'] as const) {
    const address = { ...server[scheme]!, host: '127.0.0.1', family: 4 as const };
    await transport.announce(urlOf(scheme, address), request({ port: 1_001 }), signal);
    const answer = transport.announce(urlOf(scheme, v6(address)), request({ port: 1 }), signal);
    expect(await answer).toMatchObject({ leecherCount: 2 });
  }
});

test('says which address is taken, and leaves nothing open', async () => {
  const taken = createServer().listen(0, '127.0.0.1');
  await once(taken, 'listening');
  const { port } = taken.address() as { port: number };
  const failed = createTrackerServer({
    udp: here,
    http: { host: '127.0.0.1', port },
    intervalS: 1,
    clock,
    random: seededRandom(1),
    log: silentLog,
  });
  await expect(failed).rejects.toMatchObject({
    code: 'port-taken',
    message: `the HTTP address 127.0.0.1:${port} is taken`,
  });
  await new Promise((resolve) => taken.close(resolve));
  const socket = createSocket('udp4').bind(0, '127.0.0.1');
  await once(socket, 'listening');
  const udp = { host: '127.0.0.1', port: socket.address().port };
  await expect(
    createTrackerServer({
      http: here,
      udp,
      intervalS: 1,
      clock,
      random: seededRandom(1),
      log: silentLog,
    }),
  ).rejects.toMatchObject({ code: 'port-taken' });
  await new Promise<void>((resolve) => socket.close(() => resolve()));
});

test('`::` takes IPv4 over UDP too, unless IPv4 has that port for itself', async () => {
  const v4 = (port: number): PeerAddress => ({ host: '127.0.0.1', port, family: 4 });
  await server.close();
  await start({ udp: { host: '::', port: 0 } });
  const { host, port } = server.udp!;
  expect(host).toBe('::');
  await transport.announce(urlOf('udp', v4(port)), request(), signal);
  await transport.announce(
    urlOf('udp', { host: '::1', port, family: 6 }),
    request({ port: 2 }),
    signal,
  );
  expect(server.stats()).toMatchObject({ peerCount: 2 });
  await server.close();
  const beside = [
    { host: '::', port },
    { host: '127.0.0.1', port },
  ];
  await start({ udp: beside });
  expect(server.listening.filter(({ transport: name }) => name === 'udp')).toHaveLength(2);
  await transport.announce(urlOf('udp', v4(port)), request(), signal);
});

test('tracks only what the allow list names', async () => {
  await server.close();
  await start({ allow: tableOf(toInfoHash(new Uint8Array(20).fill(7))!) });
  for (const scheme of ['http', 'udp'] as const)
    await expect(transport.announce(urlOf(scheme), request(), signal)).rejects.toMatchObject({
      code: 'failure',
      message: 'this torrent is not tracked here',
    });
});

test('a torrent that comes to be excluded is said no more, and leaves with its peers', async () => {
  const kept = toInfoHash(new Uint8Array(20).fill(2))!;
  await server.close();
  await start({ ws: here });
  for (const port of [1, 2, 3])
    for (const hash of [infoHash, kept])
      await transport.announce(urlOf('http'), request({ port, infoHash: hash }), signal);
  server.setLists({ deny: tableOf(infoHash) });
  const unknown = { seederCount: 0, leecherCount: 0, completedCount: 0 };
  for (const scheme of ['http', 'udp'] as const)
    expect(await transport.scrape(urlOf(scheme), [infoHash, kept], signal)).toEqual([
      unknown,
      { ...unknown, leecherCount: 3 },
    ]);
  expect(server.find(infoHash)).toBeUndefined();
  await clock.advance(17_000);
  expect(server.stats()).toMatchObject({ swarmCount: 1, peerCount: 3 });
  server.setLists({ allow: tableOf() });
  await clock.advance(17_000);
  expect(server.stats()).toMatchObject({ swarmCount: 0, peerCount: 0 });
});

test('peers in an answer, intervals and connections are held as the options say', async () => {
  await server.close();
  await start({ maxNumWant: 2, minIntervalS: 7, maxConnectionCount: 3 });
  for (const scheme of ['http', 'udp'] as const) {
    for (let port = 1; port <= 5; port++)
      await transport.announce(urlOf(scheme), request({ port }), signal);
    const answer = await transport.announce(urlOf(scheme), request({ port: 9 }), signal);
    expect(answer.peers).toHaveLength(2);
    if (scheme === 'http') expect(answer.minIntervalS).toBe(7);
  }
  const sockets = Array.from({ length: 5 }, () => connect(server.http!.port, '127.0.0.1'));
  for (const socket of sockets) socket.on('error', () => {});
  await expect.poll(() => sockets.filter(({ closed }) => closed).length).toBeGreaterThan(1);
  expect(server.stats().http.connectionCount).toBeLessThanOrEqual(3);
  for (const socket of sockets) socket.destroy();
});

test('sends nothing to who has no connection id', async () => {
  const socket = createSocket('udp4').bind(0, '127.0.0.1');
  await once(socket, 'listening');
  const packets: Buffer[] = [];
  socket.on('message', (packet) => packets.push(packet));
  const { port, host } = server.udp!;
  const forged = encodeUdpRequest({
    type: 'announce',
    connectionId: 1n,
    transactionId: 1,
    announce: request(),
  });
  socket.send(forged, port, host);
  socket.send(encodeUdpRequest({ type: 'connect', transactionId: 2 }), port, host);
  await once(socket, 'message');
  expect(packets.map((packet) => packet.readUInt32BE(4))).toEqual([2]);
  await new Promise<void>((resolve) => socket.close(() => resolve()));
});

describe('HTTP connections', () => {
  const good = 'GET /scrape HTTP/1.1\r\n\r\n';

  async function open(): Promise<{
    socket: Socket;
    received: () => string;
    closed: () => boolean;
  }> {
    const socket = connect(server.http!.port, '127.0.0.1');
    let text = '';
    let closed = false;
    socket.on('data', (bytes: Buffer) => {
      text += bytes.toString('latin1');
    });
    socket.on('close', () => {
      closed = true;
    });
    socket.on('error', () => {});
    await once(socket, 'connect');
    return { socket, received: () => text, closed: () => closed };
  }

  test('requests in one packet are answered in order on one connection', async () => {
    const { socket, received } = await open();
    socket.write(`${good}GET /x HTTP/1.1\r\n\r\n${good.slice(0, 7)}`);
    socket.write(good.slice(7));
    await expect
      .poll(() => received().match(/HTTP\/1\.1 \d+/g))
      .toEqual(['HTTP/1.1 200', 'HTTP/1.1 404', 'HTTP/1.1 200']);
    socket.destroy();
  });

  test('a request that says close is answered, and the connection ends', async () => {
    const { socket, received, closed } = await open();
    socket.write(`GET /scrape HTTP/1.1\r\nConnection: close\r\n\r\n${good}`);
    await expect.poll(closed).toBe(true);
    expect(received().match(/HTTP/g)).toHaveLength(1);
    expect(received()).toContain('\r\nConnection: close\r\n');
  });

  test('a client that takes gzip reads a long list of peers', async () => {
    for (let port = 1; port <= 60; port++)
      await transport.announce(urlOf('http'), request({ port }), signal);
    const query = `info_hash=${'%01'.repeat(20)}&peer_id=${'p'.repeat(20)}&port=1000&left=1`;
    const answer = await fetch(`${urlOf('http')}?${query}&compact=0`);
    expect(answer.headers.get('content-encoding')).toBe('gzip');
    expect((await answer.text()).match(/4:porti/g)).toHaveLength(50);
  });

  test('a scrape of 100 torrents is read in one request', async () => {
    const infoHashes = Array.from(
      { length: 100 },
      (_, n) => `info_hash=${'%ff'.repeat(19)}%${(100 + n).toString(16)}`,
    );
    const answer = await fetch(
      `${urlOf('http').replace('announce', 'scrape')}?${infoHashes.join('&')}`,
    );
    expect(answer.status).toBe(200);
    expect((await answer.text()).match(/8:complete/g)).toHaveLength(100);
  });

  test('no request: refused, and the connection ends', async () => {
    const { socket, received, closed } = await open();
    socket.write('\u0016\u0003\u0001 hello\r\n\r\n');
    await expect.poll(closed).toBe(true);
    expect(received()).toMatch(/^HTTP\/1\.1 400 /);
  });

  test('a request that does not end within 5 s is cut off, however its bytes drip in', async () => {
    const slow = await open();
    for (const byte of 'GET /a') {
      slow.socket.write(byte);
      await clock.advance(1_000);
    }
    await expect.poll(slow.closed).toBe(true);
    expect(slow.received()).toBe('');
  });

  test('a kept connection ends after 60 s without a request', async () => {
    const idle = await open();
    idle.socket.write(good);
    await expect.poll(() => idle.received() !== '').toBe(true);
    await clock.advance(59_000);
    expect(idle.closed()).toBe(false);
    await clock.advance(2_000);
    await expect.poll(idle.closed).toBe(true);
  });

  test('who never reads answers is not read from any more', async () => {
    const deaf = connect(server.http!.port, '127.0.0.1');
    deaf.pause();
    await once(deaf, 'connect');
    for (let i = 0; i < 200; i++) deaf.write(good.repeat(1_000));
    let answered = 0;
    // Answers stop once the buffers of both sides are full.
    await expect
      .poll(
        () => {
          const before = answered;
          answered = server.stats().http.refusals;
          return answered > 0 && answered === before;
        },
        { timeout: 10_000 },
      )
      .toBe(true);
    expect(answered).toBeLessThan(200_000);
    deaf.destroy();
    await expect.poll(() => server.stats().http.connectionCount).toBe(0);
  });
});
