/** Threat 38: what was in memory before, of other programs or of peers that are gone, is in no answer. */
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { connect } from 'node:net';
import { checkClosed, ManualClock, seededRandom } from '@shoal/testkit';
import { silentLog } from '@shoal/units';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createTrackerServer, type TrackerServer } from '../../../src/server/index.ts';

const CANARY = Buffer.from('memory-of-someone-else');
/** Ports of peers that are gone when the others come. */
const FORMER_PORT = 50_000;
const PEER_COUNT = 300;
const here = { host: '127.0.0.1', port: 0 };

let checkAllClosed: () => Promise<void>;
let clock: ManualClock;
let server: TrackerServer;

beforeEach(async () => {
  checkAllClosed = checkClosed();
  for (const name of ['allocUnsafe', 'allocUnsafeSlow'] as const) {
    const allocate = Buffer[name].bind(Buffer);
    vi.spyOn(Buffer, name).mockImplementation((length) => allocate(length).fill(CANARY));
  }
  // The pool that small buffers are cut from.
  for (let n = 0; n < 64; n++) Buffer.from(CANARY.toString().repeat(20));
  clock = new ManualClock();
  server = await createTrackerServer({
    ...{ http: here, udp: here, intervalS: 100 },
    ...{ clock, random: seededRandom(1), log: silentLog },
  });
});

afterEach(async () => {
  await server.close();
  vi.restoreAllMocks();
  await checkAllClosed();
});

/** Sends requests on one connection. @returns all that came back */
async function ask(targets: readonly string[]): Promise<Buffer> {
  const socket = connect(server.http!.port, '127.0.0.1');
  const parts: Buffer[] = [];
  socket.on('data', (bytes: Buffer) => parts.push(bytes));
  for (const [at, target] of targets.entries()) {
    const last = at === targets.length - 1 ? 'Connection: close\r\n' : '';
    socket.write(`GET ${target} HTTP/1.1\r\nHost: t\r\n${last}\r\n`);
  }
  await once(socket, 'close');
  return Buffer.concat(parts);
}

function announce(swarm: string, port: number, rest = ''): string {
  const query = `info_hash=${swarm.repeat(20)}&peer_id=${'p'.repeat(20)}&port=${port}`;
  return `/announce?${query}&uploaded=0&downloaded=0&left=1&compact=1&numwant=200${rest}`;
}

/** Ports of the compact peers in answers over HTTP. */
function portsIn(answers: Buffer): number[] {
  const ports: number[] = [];
  for (const match of answers.toString('latin1').matchAll(/5:peers(\d+):/g)) {
    const start = match.index + match[0].length;
    for (let at = start; at < start + Number(match[1]); at += 6)
      ports.push(answers.readUInt16BE(at + 4));
  }
  return ports;
}

test('peers that are gone are in no answer of the swarms that have their memory', async () => {
  const former = Array.from({ length: PEER_COUNT }, (_, n) => FORMER_PORT + n);
  await ask(former.map((port) => announce('a', port)));
  expect(server.stats().peerCount).toBe(PEER_COUNT);
  await clock.advance(300_000);
  expect(server.stats().peerCount).toBe(0);
  const swarms = ['b', 'c', 'd', 'e'];
  const targets = Array.from({ length: 40 }, (_, n) => announce(swarms[n % 4]!, 1_000 + n));
  const answers = await ask([
    ...targets,
    ...targets.slice(0, 4).map((target) => target.replace('compact=1', 'compact=0')),
    ...swarms.map((swarm) => `/scrape?info_hash=${swarm.repeat(20)}`),
    ...['/scrape', '/nowhere', '/announce?info_hash=short', announce('b', 0)],
    announce('b', 1_000, '&event=stopped'),
  ]);
  const ports = portsIn(answers);
  expect(ports.length).toBeGreaterThan(40);
  expect(ports.filter((port) => port < 1_000 || port >= 1_040)).toEqual([]);
  expect(answers.includes(CANARY)).toBe(false);
});

test('a packet over UDP is as long as what was written into it', async () => {
  await ask(Array.from({ length: 60 }, (_, n) => announce('b', 1_000 + n)));
  const socket = createSocket('udp4');
  const exchange = async (packet: Buffer): Promise<Buffer> => {
    socket.send(packet, server.udp!.port, '127.0.0.1');
    const [answer] = (await once(socket, 'message')) as [Buffer];
    return answer;
  };
  const connectRequest = Buffer.from('0000041727101980000000000badcafe', 'hex');
  const connected = await exchange(connectRequest);
  const [id, transaction] = [connected.subarray(8), connected.subarray(4, 8)];
  const request = Buffer.alloc(98);
  request.set([...id, 0, 0, 0, 1, ...transaction, ...Buffer.from('b'.repeat(20))]);
  request.writeUInt32BE(50, 92);
  request.writeUInt16BE(7_000, 96);
  const announced = await exchange(request);
  const scrape = Buffer.concat([id, Buffer.of(0, 0, 0, 2), transaction, Buffer.alloc(40, 'b')]);
  const scraped = await exchange(scrape);
  const refused = await exchange(Buffer.concat([scrape.subarray(0, 16), Buffer.alloc(20, 'z')]));
  socket.close();
  await once(socket, 'close');
  expect([connected.length, scraped.length, refused.length]).toEqual([16, 32, 20]);
  expect((announced.length - 20) % 6).toBe(0);
  for (let at = 20; at < announced.length; at += 6) {
    expect(announced.subarray(at, at + 4)).toEqual(Buffer.of(127, 0, 0, 1));
    expect(announced.readUInt16BE(at + 4)).toBeLessThan(1_060);
  }
  expect(Buffer.concat([connected, announced, scraped, refused]).includes(CANARY)).toBe(false);
});
