/** Mutated requests to an HTTP tracker: most with a spoilt query, some with a spoilt head. */
import { connect, type Socket } from 'node:net';
import type { Random } from '@shoal/units';
import { type HostileLoad, inLanes, PATIENCE_MS, someInfoHash } from './hostile-load.ts';
import { mutate, pick } from './mutate.ts';

const LANE_COUNT = 16;
/** Requests that leave in one write. */
const BATCH = 25;
/** Batches on one connection; the last one has the spoilt heads. */
const BATCHES_A_CONNECTION = 4;

const VALUES = ['', '0', '1', '-1', '99999999999999999999', '1e9', 'NaN', '%', '%0', '%00', '%zz'];
const PARAMETERS = [
  ...['port', 'uploaded', 'downloaded', 'left', 'numwant', 'compact', 'no_peer_id', 'event', 'ip'],
  ...['ipv4', 'ipv6', 'key', 'trackerid', 'peer_id', 'info_hash', '__proto__', ''],
];
const EVENTS = ['started', 'completed', 'stopped', 'paused', ''];
const PATHS = ['/announce', '/scrape', '/passkey/announce', '/', '//', '/announce/..'];

/** Sends them, each answered or its connection ended by the tracker. */
export async function sendHostileHttp({ port, count, random }: HostileLoad): Promise<void> {
  const connectionCount = Math.ceil(count / (BATCH * BATCHES_A_CONNECTION));
  await inLanes(connectionCount, LANE_COUNT, () => useConnection(port, random));
}

/** Ends with a request that asks to close: whatever became of those before it, there is an end. */
function useConnection(port: number, random: Random): Promise<void> {
  const socket = connect(port, '127.0.0.1');
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  let batchCount = 1;
  let openCount = BATCH;
  let rest = '';
  socket.setTimeout(PATIENCE_MS, () => socket.destroy(new Error('neither answered nor closed')));
  socket.setEncoding('latin1');
  socket.on('error', (error: NodeJS.ErrnoException) => {
    // It may close while something is on its way to it.
    if (error.code !== 'ECONNRESET' && error.code !== 'EPIPE') reject(error);
  });
  socket.on('close', () => resolve());
  socket.on('data', (text: string) => {
    const heads = (rest + text).split('HTTP/1.1 ');
    rest = heads.at(-1)!.slice(-8);
    openCount -= heads.length - 1;
    if (openCount > 0 || batchCount === BATCHES_A_CONNECTION) return;
    batchCount++;
    openCount = BATCH;
    write(socket, random, batchCount === BATCHES_A_CONNECTION);
  });
  write(socket, random, false);
  return promise;
}

function write(socket: Socket, random: Random, isLast: boolean): void {
  const requests = Array.from({ length: BATCH }, () => hostileRequest(random));
  const good = 'GET /scrape HTTP/1.1\r\nConnection: close\r\n\r\n';
  const spoilt = (): Uint8Array => mutate(Buffer.from(hostileRequest(random), 'latin1'), random);
  const end = isLast ? [spoilt(), Buffer.from(`\r\n\r\n${good}`)] : [];
  socket.write(Buffer.concat([Buffer.from(requests.join(''), 'latin1'), ...end]));
}

/** One whole request, so that those behind it are read as they are. */
function hostileRequest(random: Random): string {
  const target = Buffer.from(`${pick(PATHS, random)}?${hostileQuery(random)}`, 'latin1');
  const spoilt = Buffer.from(random.below(2) === 0 ? target : mutate(target, random));
  const path = `/${spoilt.toString('latin1').replaceAll(/[\s\r\n]/g, '+')}`;
  return `GET ${path.replace(/^\/\//, '/')} HTTP/1.1\r\nX-Forwarded-For: 8.8.8.8\r\n\r\n`;
}

function hostileQuery(random: Random): string {
  const parts = [
    `info_hash=${percent(someInfoHash(random))}`,
    `peer_id=${percent(random.bytes(20))}`,
    `port=${random.below(70_000)}`,
    `left=${random.below(2)}`,
    `event=${pick(EVENTS, random)}`,
    `compact=${random.below(2)}`,
  ];
  for (let extra = random.below(4); extra > 0; extra--)
    parts.push(`${pick(PARAMETERS, random)}=${pick(VALUES, random)}`);
  return parts.join('&');
}

function percent(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex').replaceAll(/../g, '%$&');
}
