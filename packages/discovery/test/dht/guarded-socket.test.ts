import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { encode } from '@shoal/bencode';
import { checkClosed, ManualClock, realClock, seededRandom } from '@shoal/testkit';
import { silentLog } from '@shoal/units';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { GuardedSocket, QUERY_LIMITS } from '../../src/dht/guarded-socket.ts';
import { decodeKrpc } from '../../src/dht/krpc-message.ts';
import { DhtDiscovery } from '../../src/index.ts';
import { infoHash } from '../info-hash.ts';

const ID = 'abcdefghij0123456789';
const HASH = 'mnopqrstuvwxyz123456';
const GET_PEERS = `d1:ad2:id20:${ID}9:info_hash20:${HASH}e1:q9:get_peers1:t2:aa1:y1:qe`;
const PING = `d1:ad2:id20:${ID}e1:q4:ping1:t2:aa1:y1:qe`;

function announce(token: Buffer, port = 7000): string {
  const text = token.toString('latin1');
  return (
    `d1:ad2:id20:${ID}9:info_hash20:${HASH}4:porti${port}e5:token${token.length}:${text}e` +
    '1:q13:announce_peer1:t2:aa1:y1:qe'
  );
}

function tokenIn(answer: Buffer): Buffer {
  const body = decodeKrpc(answer).dict.get('r') as ReadonlyMap<string, Uint8Array>;
  return Buffer.from(body.get('token')!);
}

/** One with a socket of his own who sends what he likes, and keeps the responses. */
class Stranger {
  readonly #socket: Socket = createSocket('udp4');
  readonly #port: number;
  readonly answers: Buffer[] = [];
  sentLength = 0;

  constructor(port: number) {
    this.#port = port;
    this.#socket.on('message', (bytes) => {
      if (decodeKrpc(bytes).kind === 'response') this.answers.push(bytes);
    });
  }

  async send(message: string | Uint8Array): Promise<void> {
    const bytes = Buffer.from(message as string, 'latin1');
    this.sentLength += bytes.length;
    await new Promise<void>((resolve, reject) =>
      this.#socket.send(bytes, this.#port, '127.0.0.1', (error) =>
        error ? reject(error) : resolve(),
      ),
    );
  }

  get answeredLength(): number {
    return this.answers.reduce((sum, { length }) => sum + length, 0);
  }

  async close(): Promise<void> {
    this.#socket.close();
    await once(this.#socket, 'close');
  }
}

describe('a DHT node among strangers', () => {
  let clock: ManualClock;
  let node: DhtDiscovery;
  let stranger: Stranger;
  let demandClosed: () => Promise<void>;

  beforeEach(async () => {
    demandClosed = checkClosed();
    clock = new ManualClock();
    const random = seededRandom(1);
    node = new DhtDiscovery({ clock, random, host: '127.0.0.1', port: 0, bootstrap: [] });
    await node.start(1);
    stranger = new Stranger(node.port!);
  });
  afterEach(async () => {
    await stranger.close();
    await node.stop();
    await demandClosed();
  });

  it('answers a query with the address it came from (BEP 42)', async () => {
    await stranger.send(PING);
    await expect.poll(() => stranger.answers.length).toBe(1);
    const answer = stranger.answers[0]!.toString('latin1');
    expect(answer.startsWith('d2:ip6:\x7f\x00\x00\x01')).toBe(true);
    expect(decodeKrpc(stranger.answers[0]!).kind).toBe('response');
  });

  it('answers fifty queries in ten seconds from one address, then none for five minutes', async () => {
    for (let n = 0; n < 1000; n++) await stranger.send(GET_PEERS);
    await expect.poll(() => stranger.answers.length).toBe(50);
    expect(stranger.answeredLength).toBeLessThan(stranger.sentLength);
    await clock.advance(4 * 60_000);
    await stranger.send(PING);
    await clock.advance(2 * 60_000);
    await stranger.send(PING);
    await expect.poll(() => stranger.answers.length).toBe(51);
  });

  it('keeps a peer that is announced with the token it gave, and no other', async () => {
    const hasValues = (): boolean => stranger.answers.at(-1)!.includes('6:values');
    const ask = async (): Promise<void> => {
      const count = stranger.answers.length;
      await stranger.send(GET_PEERS);
      await expect.poll(() => stranger.answers.length).toBeGreaterThan(count);
    };
    await ask();
    const token = tokenIn(stranger.answers.at(-1)!);
    expect(token.length).toBeGreaterThan(3);
    await stranger.send(announce(Buffer.alloc(0)));
    await stranger.send(announce(Buffer.alloc(token.length)));
    await stranger.send(announce(Buffer.concat([token, Buffer.of(0)])));
    await ask();
    expect(hasValues()).toBe(false);
    await stranger.send(announce(token));
    await ask();
    expect(hasValues()).toBe(true);
  });

  it('lives through bytes of every kind', async () => {
    const random = seededRandom(7);
    const templates = [
      PING,
      GET_PEERS,
      `d1:rd2:id20:${ID}e1:t2:aa1:y1:re`,
      'd1:eli1e1:xe1:t2:aa1:y1:ee',
    ];
    for (let n = 0; n < 300; n++) {
      const bytes = Buffer.from(templates[n % templates.length]!, 'latin1');
      for (let change = 0; change < 3; change++)
        bytes[random.below(bytes.length)] = random.below(256);
      await stranger.send(bytes);
      await stranger.send(random.bytes(random.below(100)));
      await clock.advance(1000);
    }
    await clock.advance(6 * 60_000);
    const before = stranger.answers.length;
    await stranger.send(PING);
    await expect.poll(() => stranger.answers.length).toBeGreaterThan(before);
  });

  it('takes no answer that it did not ask for: no node comes in by one', async () => {
    for (let t = 0; t < 40; t++)
      await stranger.send(`d1:rd2:id20:${ID}e1:t2:${String.fromCharCode(0, t)}1:y1:re`);
    await stranger.send(PING.replace(ID, 'ABCDEFGHIJ0123456789'));
    await expect.poll(() => stranger.answers.length).toBe(1);
    expect(node.nodeCount).toBe(1);
  });
});

it('answers with fifty peers for a swarm of which it stores more than a packet takes', async () => {
  const demandClosed = checkClosed();
  const clock = new ManualClock();
  const node = new DhtDiscovery({
    ...{ clock, random: seededRandom(1), host: '127.0.0.1', port: 0, bootstrap: [] },
    queryLimits: { messageLimit: 1000, windowMs: 1000, blockMs: 1000 },
  });
  await node.start(1);
  const stranger = new Stranger(node.port!);
  await stranger.send(GET_PEERS);
  await expect.poll(() => stranger.answers.length).toBe(1);
  const token = tokenIn(stranger.answers[0]!);
  for (let n = 1; n <= 250; n++) await stranger.send(announce(token, n));
  await expect.poll(() => stranger.answers.length).toBe(251);
  await clock.advance(10_000);
  await stranger.send(GET_PEERS);
  await expect.poll(() => stranger.answers.length).toBe(252);
  const body = decodeKrpc(stranger.answers.at(-1)!).dict.get('r') as ReadonlyMap<string, unknown>;
  expect(body.get('values')).toHaveLength(50);
  await stranger.close();
  await node.stop();
  await demandClosed();
});

/** A node that knows no other, gives the token it is told, and counts who announces with it. */
class TokenGiver {
  readonly #socket: Socket = createSocket('udp4');
  readonly #id: Uint8Array;
  readonly #token: Uint8Array;
  announceCount = 0;

  constructor(id: number, tokenLength: number) {
    this.#id = new Uint8Array(20).fill(id);
    this.#token = new Uint8Array(tokenLength).fill(id);
    this.#socket.on('message', (bytes, { address, port }) => {
      const { dict, transactionId } = decodeKrpc(bytes);
      if (Buffer.from(dict.get('q') as Uint8Array).toString() === 'announce_peer')
        this.announceCount++;
      const r = { id: this.#id, token: this.#token };
      this.#socket.send(encode({ t: transactionId, y: 'r', r }), port, address);
    });
  }

  /** @returns where it listens */
  async open(): Promise<string> {
    this.#socket.bind(0, '127.0.0.1');
    await once(this.#socket, 'listening');
    return `127.0.0.1:${this.#socket.address().port}`;
  }

  async close(): Promise<void> {
    this.#socket.close();
    await once(this.#socket, 'close');
  }
}

it('announces with the token of a node, and not with one that fills a packet', async () => {
  const demandClosed = checkClosed();
  const honest = new TokenGiver(1, 64);
  const hostile = new TokenGiver(2, 1380);
  const node = new DhtDiscovery({
    ...{ clock: realClock, random: seededRandom(1), host: '127.0.0.1', port: 0 },
    bootstrap: [await hostile.open(), await honest.open()],
  });
  await node.start(1);
  await expect.poll(() => node.nodeCount, { timeout: 5_000 }).toBe(2);
  node.join(infoHash(1));
  await expect.poll(() => honest.announceCount, { timeout: 5_000 }).toBe(1);
  expect(hostile.announceCount).toBe(0);
  await Promise.all([node.stop(), honest.close(), hostile.close()]);
  await demandClosed();
});

it.each([
  ['what cannot be sent: port 0', PING, 0],
  ['what is no message of the DHT', 'hello', 1],
])('tells its caller of %s, and does not throw', async (_, message, port) => {
  const demandClosed = checkClosed();
  const socket = createSocket('udp4');
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  const guarded = new GuardedSocket(socket, {
    ...{ clock: new ManualClock(), random: seededRandom(1), log: silentLog },
    queryLimits: QUERY_LIMITS,
  });
  const bytes = Buffer.from(message);
  const error = await new Promise((resolve) =>
    guarded.send(bytes, 0, bytes.length, port, '127.0.0.1', resolve),
  );
  expect(error).toBeInstanceOf(Error);
  guarded.close();
  await once(socket, 'close');
  await demandClosed();
});
