import { once } from 'node:events';
import { connect } from 'node:net';
import { type TLSSocket, connect as tlsConnect } from 'node:tls';
import {
  checkClosed,
  firstCertificate,
  ManualClock,
  secondCertificate,
  seededRandom,
} from '@shoal/testkit';
import { type PeerAddress, silentLog } from '@shoal/units';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import {
  createTrackerServer,
  type ListenAddress,
  type TrackerServer,
} from '../../src/server/index.ts';
import { announce as announceMessage } from './websocket/raw-client.ts';

const here: ListenAddress = { host: '127.0.0.1', port: 0 };
const ca = [firstCertificate.cert, secondCertificate.cert];

let clock: ManualClock;
let server: TrackerServer;
let checkAllClosed: () => Promise<void>;
let sockets: TLSSocket[];

beforeEach(async () => {
  checkAllClosed = checkClosed();
  clock = new ManualClock();
  sockets = [];
  server = await createTrackerServer({
    https: here,
    wss: here,
    identity: firstCertificate,
    ...{ intervalS: 100, clock, random: seededRandom(1), log: silentLog },
  });
});

afterEach(async () => {
  for (const socket of sockets) socket.destroy();
  await server.close();
  await checkAllClosed();
});

interface Client {
  /** Announces on the same connection again and again. @returns the whole answer */
  announce(port: number): Promise<string>;
  /** Whose certificate the server showed. */
  readonly peerName: string | undefined;
}

async function open(address: PeerAddress): Promise<Client> {
  const socket = tlsConnect({ host: address.host, port: address.port, ca, checkServerIdentity });
  sockets.push(socket);
  let text = '';
  socket.on('data', (bytes: Buffer) => {
    text += bytes.toString('latin1');
  });
  await once(socket, 'secureConnect');
  return {
    async announce(port) {
      text = '';
      const query = `info_hash=${'%e1'.repeat(20)}&peer_id=${'p'.repeat(20)}&port=${port}&left=1`;
      socket.write(`GET /announce?${query} HTTP/1.1\r\n\r\n`);
      await expect.poll(() => text).toMatch(/\r\n\r\nd.*e$/s);
      return text;
    },
    peerName: `${socket.getPeerCertificate().subject.CN}`,
  };
}

/** The names in the certificate are not what these tests are about. */
function checkServerIdentity(): undefined {}

test('HTTPS and WSS serve the same swarm', async () => {
  const client = await open(server.https!);
  expect(await client.announce(1_001)).toContain('10:incompletei1e');
  const webSocket = new WebSocket(`wss://127.0.0.1:${server.wss!.port}/`, { ca });
  await once(webSocket, 'open');
  webSocket.send(JSON.stringify(announceMessage()));
  const [answer] = (await once(webSocket, 'message')) as [Buffer];
  expect(JSON.parse(answer.toString())).toMatchObject({ incomplete: 2 });
  expect(server.stats()).toMatchObject({
    peerCount: 2,
    http: { connectionCount: 1 },
    ws: { connectionCount: 1 },
  });
  webSocket.terminate();
  await once(webSocket, 'close');
});

test('another certificate is for the connections to come; one that is open goes on', async () => {
  const before = await open(server.https!);
  await before.announce(1_001);
  server.setIdentity(secondCertificate);
  const after = await open(server.https!);
  const webSocket = await open(server.wss!);
  expect(await before.announce(1_001)).toContain('10:incompletei1e');
  expect(await after.announce(1_002)).toContain('10:incompletei2e');
  expect([before, after, webSocket].map(({ peerName }) => peerName)).toEqual([
    'first.example',
    'second.example',
    'second.example',
  ]);
});

test.each([
  ['a key of another certificate', { ...secondCertificate, cert: firstCertificate.cert }],
  ['no PEM', { cert: 'nonsense', key: 'nonsense' }],
])('%s is refused, and the certificate before stays', async (_, identity) => {
  const refused = expect.objectContaining({ code: 'bad-certificate' });
  expect(() => server.setIdentity(identity)).toThrow(refused);
  const client = await open(server.https!);
  expect(client.peerName).toBe('first.example');
  await expect(
    createTrackerServer({
      https: here,
      identity,
      ...{ intervalS: 100, clock, random: seededRandom(1), log: silentLog },
    }),
  ).rejects.toMatchObject({ code: 'bad-certificate' });
});

test('says when its certificate ends', () => {
  expect(server.stats().certificateExpiryMs).toBeGreaterThan(Date.UTC(2100, 0));
});

test('a handshake that does not end within 5 s is cut off', async () => {
  const slow = connect(server.https!.port, '127.0.0.1');
  slow.on('error', () => {});
  await once(slow, 'connect');
  // A record begins that never ends.
  slow.write(Uint8Array.of(22, 3, 1, 2, 0, 1));
  await open(server.https!);
  await clock.advance(4_000);
  expect(slow.closed).toBe(false);
  await clock.advance(2_000);
  await expect.poll(() => slow.closed).toBe(true);
});

test('plain HTTP to the TLS port is cut off, and others go on', async () => {
  const plain = connect(server.https!.port, '127.0.0.1');
  plain.on('error', () => {});
  plain.write('GET /scrape HTTP/1.1\r\n\r\n');
  await once(plain, 'close');
  const client = await open(server.https!);
  expect(await client.announce(1)).toContain('10:incompletei1e');
});

test('an answer that ends its connection says so in TLS too', async () => {
  const client = tlsConnect({ port: server.https!.port, ca, checkServerIdentity });
  sockets.push(client);
  client.write('GET /x HTTP/1.1\r\nConnection: close\r\n\r\n');
  client.resume();
  await once(client, 'end');
  expect(client.errored).toBeNull();
});
