/** Threat 29: a thousand connections that send a byte at a time, and good announces beside them. */
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { checkClosed, ManualClock, seededRandom } from '@shoal/testkit';
import { silentLog } from '@shoal/units';
import { expect, test } from 'vitest';
import { createTrackerServer } from '../../../src/server/index.ts';

const SLOW_COUNT = 1_000;
const GOOD_COUNT = 200;
const MAX_P99_MS = 250;

const good =
  `GET /announce?info_hash=${'%01'.repeat(20)}&peer_id=${'a'.repeat(20)}&port=6881&uploaded=0` +
  '&downloaded=0&left=1 HTTP/1.1\r\nConnection: close\r\n\r\n';

async function open(port: number): Promise<Socket> {
  const socket = connect(port, '127.0.0.1');
  socket.on('error', () => {});
  await once(socket, 'connect');
  return socket;
}

/** @returns milliseconds until the answer was there */
async function announce(port: number): Promise<number> {
  const startedAtMs = performance.now();
  const socket = await open(port);
  socket.write(good);
  const [bytes] = (await once(socket, 'data')) as [Buffer];
  expect(bytes.toString('latin1')).toMatch(/^HTTP\/1\.1 200 /);
  socket.destroy();
  return performance.now() - startedAtMs;
}

test('good announces are answered at once among them, and all of them are cut off', async () => {
  const checkAllClosed = checkClosed();
  const clock = new ManualClock();
  const server = await createTrackerServer({
    ...{ http: { host: '127.0.0.1', port: 0 }, intervalS: 600 },
    ...{ clock, random: seededRandom(1), log: silentLog },
  });
  const { port } = server.http!;
  const slow = await Promise.all(Array.from({ length: SLOW_COUNT }, () => open(port)));
  const allClosed = Promise.all(slow.map((socket) => once(socket, 'close')));
  const drip = (): void => {
    for (const socket of slow) if (!socket.destroyed) socket.write('G');
  };
  drip();
  await expect.poll(() => server.stats().http.connectionCount).toBe(SLOW_COUNT);
  const waitsMs: number[] = [];
  for (let n = 0; n < GOOD_COUNT; n++) {
    if (n % 50 === 0) drip();
    waitsMs.push(await announce(port));
  }
  const p99Ms = waitsMs.toSorted((a, b) => a - b)[Math.floor(0.99 * GOOD_COUNT)]!;
  expect(p99Ms).toBeLessThan(MAX_P99_MS);
  for (let second = 0; second < 7; second++) {
    drip();
    await clock.advance(1_000);
  }
  await allClosed;
  await expect.poll(() => server.stats().http.connectionCount).toBe(0);
  await server.close();
  await checkAllClosed();
});
