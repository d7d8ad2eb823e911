import net from 'node:net';
import { networkInterfaces } from 'node:os';
import { checkClosed } from '@shoal/testkit';
import { transportContract } from '@shoal/testkit/transport-contract';
import type { Listener, PeerAddress, Transport, TransportSink } from '@shoal/units';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { tcpNetwork } from '../../src/adapters/tcp.ts';

const TURN_LIMIT = 1_000_000;

async function until(predicate: () => boolean): Promise<void> {
  for (let turn = 0; !predicate(); turn++) {
    if (turn > TURN_LIMIT) throw new Error('it did not come to that');
    await new Promise(setImmediate);
  }
}

async function quiet(): Promise<void> {
  for (let turn = 0; turn < 100; turn++) await new Promise(setImmediate);
}

/** Of a link, with its zone; none where no interface has one. */
const linkHosts = Object.entries(networkInterfaces())
  .flatMap(([name, infos]) => (infos ?? []).map(({ address }) => `${address}%${name}`))
  .filter((host) => host.startsWith('fe80:'))
  .slice(0, 1);

for (const host of ['127.0.0.1', '::1', ...linkHosts]) {
  transportContract(`TCP on ${host}`, async () => ({
    dialler: tcpNetwork,
    listener: tcpNetwork,
    host,
    until,
    quiet,
    close: checkClosed(),
  }));
}

let check: () => Promise<void>;
const opened: { close(): void | Promise<void> }[] = [];

beforeEach(() => {
  check = checkClosed();
});

afterEach(async () => {
  for (const thing of opened.splice(0)) await thing.close();
  await check();
});

async function listen(host: string | undefined): Promise<[Listener, Transport[]]> {
  const accepted: Transport[] = [];
  const listener = await tcpNetwork.listen(0, host, (transport) => {
    accepted.push(transport);
    opened.push(transport);
  });
  opened.push(listener);
  return [listener, accepted];
}

async function dial(address: PeerAddress): Promise<Transport> {
  const transport = await tcpNetwork.dial(address, { timeoutMs: 5000 });
  opened.push(transport);
  return transport;
}

/** A plain socket on `port`, to do what transports do not do. */
async function plainSocket(port: number): Promise<net.Socket> {
  const socket = net.connect(port, '127.0.0.1');
  opened.push({ close: () => void socket.destroy() });
  await new Promise<void>((resolve) => socket.once('connect', resolve));
  return socket;
}

/** Starts a transport and notes its end. */
function closesOf(transport: Transport): (Error | undefined)[] {
  const closes: (Error | undefined)[] = [];
  const sink: TransportSink = {
    handleBytes() {},
    handleDrain() {},
    handleClose: (error) => closes.push(error),
  };
  transport.start(sink);
  return closes;
}

test('without a host it listens on IPv4 and IPv6, and IPv4 looks like IPv4', async () => {
  const [{ address }, accepted] = await listen(undefined);
  await dial({ host: '127.0.0.1', port: address.port, family: 4 });
  await until(() => accepted.length === 1);
  await dial({ host: '::1', port: address.port, family: 6 });
  await until(() => accepted.length === 2);
  expect(accepted.map(({ remote }) => [remote.host, remote.family])).toEqual([
    ['127.0.0.1', 4],
    ['::1', 6],
  ]);
});

test('ends of a connection on a link are known with its zone', async ({ skip }) => {
  const host = linkHosts[0];
  if (host === undefined) return skip('no interface has an address of its link');
  const [{ address }, accepted] = await listen(host);
  const dialled = await dial(address);
  await until(() => accepted.length === 1);
  const [{ remote, local }] = accepted as [Transport];
  expect([address, remote, local, dialled.local].map((end) => end.host)).toEqual(
    Array(4).fill(host),
  );
});

test('a dial that takes too long fails with ETIMEDOUT and leaves no socket', async () => {
  const [{ address }] = await listen('127.0.0.1');
  // From here the loop looks at its timers first. It is held up, so that the time is over before
  // the kernel's answer is looked at.
  await new Promise(setImmediate);
  const dialling = tcpNetwork.dial(address, { timeoutMs: 1 });
  dialling.catch(() => {});
  const startMs = performance.now();
  while (performance.now() - startMs < 5);
  await expect(dialling).rejects.toMatchObject({ code: 'ETIMEDOUT' });
});

test('a listener on an address that is not ours rejects', async () => {
  await expect(listen('192.0.2.1')).rejects.toMatchObject({ code: 'EADDRNOTAVAIL' });
});

test('a reset by the other side ends the transport once, with ECONNRESET', async () => {
  const [{ address }, accepted] = await listen('127.0.0.1');
  const socket = await plainSocket(address.port);
  await until(() => accepted.length === 1);
  const closes = closesOf(accepted[0]!);
  socket.resetAndDestroy();
  await until(() => closes.length > 0);
  await quiet();
  expect(closes).toMatchObject([{ code: 'ECONNRESET' }]);
});

test('a reset before the start is told after it', async () => {
  const [{ address }, accepted] = await listen('127.0.0.1');
  const socket = await plainSocket(address.port);
  await until(() => accepted.length === 1);
  socket.resetAndDestroy();
  await quiet();
  const closes = closesOf(accepted[0]!);
  await until(() => closes.length === 1);
});

test('a peer that only half closes is closed', async () => {
  const [{ address }, accepted] = await listen('127.0.0.1');
  const socket = await plainSocket(address.port);
  socket.on('error', () => socket.destroy());
  await until(() => accepted.length === 1);
  const transport = accepted[0]!;
  while (transport.write(new Uint8Array(262_144)));
  const closes = closesOf(transport);
  socket.end();
  await until(() => closes.length > 0);
  expect(closes).toEqual([undefined]);
  expect(transport.write(Uint8Array.of(1))).toBe(false);
});

test('many small writes are as full as a large one, and drain as it does', async () => {
  const [{ address }, accepted] = await listen('127.0.0.1');
  await plainSocket(address.port);
  await until(() => accepted.length === 1);
  const [transport] = accepted as [Transport];
  let drainCount = 0;
  transport.start({
    handleBytes() {},
    handleDrain: () => drainCount++,
    handleClose() {},
  });
  let count = 1;
  while (transport.write(new Uint8Array(17))) count++;
  expect(count).toBeGreaterThan(500);
  expect(count).toBeLessThan(2_000);
  await until(() => drainCount === 1);
  expect(transport.bufferedLength).toBe(0);
});
