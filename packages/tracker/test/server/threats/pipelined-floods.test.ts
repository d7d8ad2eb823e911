/** Threat: a connection that sends requests by the hundred, and others beside it. */
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { checkClosed, seededRandom } from '@shoal/testkit';
import { type Clock, silentLog } from '@shoal/units';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createTrackerServer, type TrackerServer } from '../../../src/server/index.ts';

const REQUEST_COUNT = 100;
/** What is answered at once, at most, when each answer takes a millisecond. */
const TURN_COUNT = 6;

/** Each look at it takes a millisecond, so that every answer does; timers fire when a test says so. */
class CostlyClock implements Clock {
  #nowMs = 0;
  #due: (() => void)[] = [];

  nowMs(): number {
    return ++this.#nowMs;
  }

  wallMs(): number {
    return this.#nowMs;
  }

  after(_delayMs: number, fire: () => void): { cancel: () => void } {
    this.#due.push(fire);
    return { cancel: () => this.#due.splice(0) };
  }

  every(): { cancel: () => void } {
    return { cancel: () => {} };
  }

  nextTurn(): void {
    for (const fire of this.#due.splice(0)) fire();
  }
}

let clock: CostlyClock;
let server: TrackerServer;
let checkAllClosed: () => Promise<void>;

beforeEach(async () => {
  checkAllClosed = checkClosed();
  clock = new CostlyClock();
  server = await createTrackerServer({
    ...{ http: { host: '127.0.0.1', port: 0 }, intervalS: 600 },
    ...{ clock, random: seededRandom(1), log: silentLog },
  });
});

afterEach(async () => {
  await server.close();
  await checkAllClosed();
});

interface Client {
  readonly socket: Socket;
  /** How many leechers each answer told of, in their order. */
  counts(): number[];
}

async function open(): Promise<Client> {
  const socket = connect(server.http!.port, '127.0.0.1');
  let text = '';
  socket.on('data', (bytes: Buffer) => {
    text += bytes.toString('latin1');
  });
  await once(socket, 'connect');
  return {
    socket,
    counts: () => [...text.matchAll(/10:incompletei(\d+)e/g)].map(([, count]) => Number(count)),
  };
}

function requestOf(torrent: number, port: number): string {
  const infoHash = `%0${torrent}`.repeat(20);
  return `GET /announce?info_hash=${infoHash}&peer_id=${'a'.repeat(20)}&port=${port}&left=1 HTTP/1.1\r\n\r\n`;
}

function floodOf(torrent: number): string {
  return Array.from({ length: REQUEST_COUNT }, (_, i) => requestOf(torrent, 1 + i)).join('');
}

async function turnUntil(isDone: () => boolean): Promise<void> {
  while (!isDone()) {
    clock.nextTurn();
    await new Promise(setImmediate);
  }
}

test('requests that came at once are answered some at a time, others between, none lost', async () => {
  const flood = await open();
  const other = await open();
  flood.socket.write(floodOf(1));
  await expect.poll(() => flood.counts().length).toBeGreaterThan(0);
  other.socket.write(requestOf(2, 1));
  await expect.poll(() => other.counts()).toEqual([1]);
  expect(flood.counts().length).toBeLessThanOrEqual(TURN_COUNT);
  await turnUntil(() => flood.counts().length >= REQUEST_COUNT);
  expect(flood.counts()).toEqual(Array.from({ length: REQUEST_COUNT }, (_, i) => 1 + i));
  for (const { socket } of [flood, other]) socket.destroy();
});

test('those that send much take turns, and the end of one is kept until it had its answers', async () => {
  const first = await open();
  const second = await open();
  first.socket.end(
    `${floodOf(1)}${requestOf(1, 9_999).replace('\r\n', '\r\nConnection: close\r\n')}`,
  );
  await expect.poll(() => first.counts().length).toBeGreaterThan(0);
  second.socket.write(floodOf(2));
  await expect.poll(() => second.counts().length).toBeGreaterThan(0);
  await turnUntil(() => first.counts().length > REQUEST_COUNT / 2);
  expect(second.counts().length).toBeGreaterThan(REQUEST_COUNT / 4);
  await turnUntil(() => first.socket.destroyed && second.counts().length >= REQUEST_COUNT);
  expect(first.counts()).toHaveLength(REQUEST_COUNT + 1);
  expect(second.counts()).toHaveLength(REQUEST_COUNT);
  second.socket.destroy();
});

test('a connection that breaks while it waits is answered no more', async () => {
  const flood = await open();
  flood.socket.write(floodOf(1));
  await expect.poll(() => flood.counts().length).toBeGreaterThan(0);
  flood.socket.resetAndDestroy();
  await expect.poll(() => server.stats().http.connectionCount).toBe(0);
  for (let turn = 0; turn < REQUEST_COUNT; turn++) clock.nextTurn();
  expect(server.stats().http.announces).toBeLessThanOrEqual(TURN_COUNT);
});
