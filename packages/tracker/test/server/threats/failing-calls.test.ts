/** Threat 39: any one call of a socket fails, and the tracker answers all others. */
import { createSocket, Socket as DatagramSocket } from 'node:dgram';
import { once } from 'node:events';
import { connect, Socket } from 'node:net';
import { checkClosed, ManualClock, seededRandom } from '@shoal/testkit';
import { silentLog } from '@shoal/units';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { WebSocket } from 'ws';
import { createTrackerServer, type TrackerServer } from '../../../src/server/index.ts';
import { announce as announceMessage } from '../websocket/raw-client.ts';

const here = { host: '127.0.0.1', port: 0 };

let checkAllClosed: () => Promise<void>;
let server: TrackerServer;
/** Calls of the tracker's own sockets, and the one that fails. */
let callCount: number;
let failing: number;

beforeEach(async () => {
  checkAllClosed = checkClosed();
  callCount = 0;
  failing = 0;
  server = await createTrackerServer({
    ...{ http: here, udp: here, ws: here, intervalS: 100 },
    ...{ clock: new ManualClock(), random: seededRandom(1), log: silentLog },
  });
  for (const name of ['write', 'end', 'cork', 'resume'] as const) {
    const real = Socket.prototype[name] as (...args: unknown[]) => never;
    vi.spyOn(Socket.prototype, name).mockImplementation(function (
      this: Socket,
      ...args: unknown[]
    ) {
      const isOurs = [server.http!.port, server.ws!.port].includes(this.localPort ?? 0);
      // Whatever a call comes to, the socket has an error and is closed.
      if (isOurs && ++callCount === failing) this.destroy(systemError('EPIPE'));
      return real.apply(this, args);
    } as never);
  }
  const send = DatagramSocket.prototype.send as (...args: unknown[]) => void;
  vi.spyOn(DatagramSocket.prototype, 'send').mockImplementation(function (
    this: DatagramSocket,
    ...args: unknown[]
  ) {
    if (portOf(this) !== server.udp!.port || ++callCount !== failing) return send.apply(this, args);
    setImmediate(() => this.emit('error', systemError('ENOBUFS')));
  } as never);
});

afterEach(async () => {
  await server.close();
  vi.restoreAllMocks();
  await checkAllClosed();
});

/** 0 for a socket that is not bound yet. */
function portOf(socket: DatagramSocket): number {
  try {
    return socket.address().port;
  } catch {
    return 0;
  }
}

function systemError(code: string): Error {
  return Object.assign(new Error(`${code}: made to fail`), { code });
}

/** @returns whether it was answered */
async function askHttp(): Promise<boolean> {
  const socket = connect(server.http!.port, '127.0.0.1');
  const query = `info_hash=${'%e1'.repeat(20)}&peer_id=${'p'.repeat(20)}&port=1&left=1`;
  let answer = '';
  socket.on('error', () => {});
  socket.on('data', (bytes) => {
    answer += bytes.toString('latin1');
  });
  socket.write(
    `GET /announce?${query} HTTP/1.1\r\n\r\nGET /scrape HTTP/1.1\r\nConnection: close\r\n\r\n`,
  );
  await once(socket, 'close');
  return answer.startsWith('HTTP/1.1 200 ');
}

async function askUdp(): Promise<boolean> {
  const socket = createSocket('udp4');
  const isAnswered = await new Promise<boolean>((resolve) => {
    socket.once('message', () => resolve(true));
    const packet = Buffer.from('0000041727101980000000000badcafe', 'hex');
    socket.send(packet, server.udp!.port, '127.0.0.1');
    // What fails is lost, and a second request of the same client is answered.
    socket.send(packet, server.udp!.port, '127.0.0.1');
  });
  socket.close();
  await once(socket, 'close');
  return isAnswered;
}

async function askWebSocket(): Promise<boolean> {
  const socket = new WebSocket(`ws://127.0.0.1:${server.ws!.port}/`);
  const isAnswered = new Promise<boolean>((resolve) => {
    socket.once('message', () => resolve(true));
    socket.once('close', () => resolve(false));
  });
  socket.on('error', () => {});
  socket.once('open', () => socket.send(JSON.stringify(announceMessage())));
  const was = await isAnswered;
  socket.terminate();
  return was;
}

async function askAll(): Promise<boolean[]> {
  return [await askHttp(), await askUdp(), await askWebSocket()];
}

test('each call in its turn: at most one client goes without, and the next is answered', async () => {
  expect(await askAll()).toEqual([true, true, true]);
  const total = callCount;
  expect(total).toBeGreaterThan(5);
  for (let n = 1; n <= total; n++) {
    [callCount, failing] = [0, n];
    const answered = await askAll();
    expect(answered.filter((was) => !was).length, `call ${n}`).toBeLessThanOrEqual(1);
    failing = 0;
    expect(await askAll(), `behind call ${n}`).toEqual([true, true, true]);
  }
});
