/** Mutated messages and frames to a WebSocket tracker. RFC 6455; messages as WebTorrent's. */
import { connect } from 'node:net';
import type { Random } from '@shoal/units';
import { type HostileLoad, inLanes, PATIENCE_MS } from './hostile-load.ts';
import { mutate, pick } from './mutate.ts';

const LANE_COUNT = 32;
const MESSAGES_A_CONNECTION = 40;
/** One message in so many: after a few that it cannot read the tracker hangs up. */
const SPOILT_ONE_IN = 32;
const STRANGE_ONE_IN = 8;

const UPGRADE =
  'GET /announce HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n' +
  'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n';

const STRANGE: readonly unknown[] = [
  ...[null, true, -1, 0, 1.5, 1e308, '', 'x', '__proto__', 'é'.repeat(20), 'a'.repeat(5_000)],
  ...[[], {}, [[[[]]]], [null], { toString: 1 }],
];
const FIELDS = [
  ...['action', 'info_hash', 'peer_id', 'offers', 'numwant', 'left', 'event', 'to_peer_id'],
  ...['offer_id', 'answer', 'uploaded', 'downloaded', '__proto__', 'trackerid'],
];
const ACTIONS = ['announce', 'announce', 'announce', 'scrape', 'stop'];

/** Sends them on connections that end with a spoilt frame, each of which the tracker closes. */
export async function sendHostileWebSocket({ port, count, random }: HostileLoad): Promise<void> {
  const connectionCount = Math.ceil(count / MESSAGES_A_CONNECTION);
  await inLanes(connectionCount, LANE_COUNT, () => useConnection(port, random));
}

function useConnection(port: number, random: Random): Promise<void> {
  const socket = connect(port, '127.0.0.1');
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  socket.setTimeout(PATIENCE_MS, () => socket.destroy(new Error('the tracker does not close')));
  socket.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'ECONNRESET' && error.code !== 'EPIPE') reject(error);
  });
  socket.on('close', () => resolve());
  socket.write(UPGRADE);
  // What comes with the request to upgrade is read too, but here the frames follow its answer.
  socket.once('data', () => {
    socket.resume();
    const frames = Array.from({ length: MESSAGES_A_CONNECTION }, () =>
      frameOf(hostileMessage(random), random),
    );
    socket.end(Buffer.concat([...frames, mutate(frameOf(Buffer.from('{}'), random), random)]));
  });
  return promise;
}

function hostileMessage(random: Random): Uint8Array {
  const infoHash = String.fromCharCode(random.below(256)).repeat(20);
  const message: Record<string, unknown> = {
    action: pick(ACTIONS, random),
    info_hash: infoHash,
    peer_id: someId(random),
    left: random.below(2),
    numwant: random.below(12),
    event: pick(['started', 'completed', 'stopped', undefined], random),
    offers: Array.from({ length: random.below(3) }, () => ({
      offer_id: someId(random),
      offer: { type: 'offer', sdp: 'sdp' },
    })),
  };
  if (random.below(STRANGE_ONE_IN) === 0) message[pick(FIELDS, random)] = pick(STRANGE, random);
  const bytes = Buffer.from(JSON.stringify(message));
  return random.below(SPOILT_ONE_IN) === 0 ? mutate(bytes, random) : bytes;
}

/** 20 characters. */
function someId(random: Random): string {
  return String(random.below(2 ** 32)).padStart(20, '-');
}

/** A masked text frame of up to 64 KiB. Most masks are zeros, which are as good and cost nothing. */
function frameOf(payload: Uint8Array, random: Random): Uint8Array {
  const isPlain = random.below(8) > 0;
  const mask = isPlain ? new Uint8Array(4) : random.bytes(4);
  const masked = isPlain ? payload : payload.map((byte, at) => byte ^ mask[at & 3]!);
  const length =
    payload.length < 126
      ? [0x80 | payload.length]
      : [0x80 | 126, payload.length >> 8, payload.length & 255];
  return Buffer.concat([Uint8Array.from([0x81, ...length]), mask, masked]);
}
