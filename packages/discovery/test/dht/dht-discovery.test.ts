import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { checkClosed, ManualClock, realClock, seededRandom } from '@shoal/testkit';
import { formatPeerAddress, idToHex, type PeerAddress, parseIp } from '@shoal/units';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { decodeRoutingState } from '../../src/dht/routing-state.ts';
import { DhtDiscovery, type DhtDiscoveryOptions, isNodeIdOf } from '../../src/index.ts';
import { infoHash } from '../info-hash.ts';

describe('DhtDiscovery on loopback', () => {
  let running: DhtDiscovery[];
  let seed: number;
  let demandClosed: () => Promise<void>;

  beforeEach(() => {
    running = [];
    seed = 1;
    demandClosed = checkClosed();
  });
  afterEach(async () => {
    await Promise.all(running.map((discovery) => discovery.stop()));
    await demandClosed();
  });

  const make = (options: Partial<DhtDiscoveryOptions> = {}): DhtDiscovery => {
    const discovery = new DhtDiscovery({
      clock: realClock,
      random: seededRandom(seed++),
      host: '127.0.0.1',
      port: 0,
      bootstrap: [],
      queryLimits: { messageLimit: 10_000, windowMs: 10_000, blockMs: 1000 },
      ...options,
    });
    running.push(discovery);
    return discovery;
  };
  const start = async (
    peerPort: number,
    options: Partial<DhtDiscoveryOptions> = {},
  ): Promise<DhtDiscovery> => {
    const discovery = make(options);
    await discovery.start(peerPort);
    return discovery;
  };
  const at = (discovery: DhtDiscovery): string => `127.0.0.1:${discovery.port}`;
  const firstPeer = (discovery: DhtDiscovery): Promise<PeerAddress> =>
    new Promise((resolve) => {
      discovery.onPeers((_, [peer]) => resolve(peer!));
    });

  it('finds a peer through a node that knows both', async () => {
    const middle = await start(1);
    const a = await start(1001, { bootstrap: [at(middle)] });
    const told = new Promise<void>((resolve) => {
      middle.onPeers(() => resolve());
    });
    middle.join(infoHash(1));
    a.join(infoHash(1));
    await told;
    const b = await start(1002, { bootstrap: [at(middle)] });
    const found = firstPeer(b);
    b.join(infoHash(1));
    expect(formatPeerAddress(await found)).toBe('127.0.0.1:1001');
  });

  it('does not announce a swarm that was left while it was looked up', async () => {
    const middle = await start(1);
    const told: string[] = [];
    middle.onPeers((hash) => told.push(idToHex(hash)));
    middle.join(infoHash(7));
    middle.join(infoHash(8));
    const a = await start(1001, { bootstrap: [at(middle)] });
    await expect.poll(() => a.nodeCount, { timeout: 5_000 }).toBeGreaterThan(0);
    a.join(infoHash(7));
    a.leave(infoHash(7));
    a.join(infoHash(8));
    await expect.poll(() => told, { timeout: 5_000 }).toContain(idToHex(infoHash(8)));
    expect(told).not.toContain(idToHex(infoHash(7)));
  });

  it('takes an id that goes with its address once that is known (BEP 42)', async () => {
    const middle = await start(1);
    const clock = new ManualClock();
    const a = await start(1001, { bootstrap: [at(middle)], clock });
    await expect.poll(() => a.nodeCount, { timeout: 5_000 }).toBeGreaterThan(0);
    const { port } = a;
    const idGoesWith = (ip: string): boolean =>
      isNodeIdOf(decodeRoutingState(a.save())!.nodeId, parseIp(ip)!);
    expect(idGoesWith('203.0.113.7')).toBe(false);
    for (const host of ['127.0.0.1', '10.0.0.1', '203.0.113.7', '203.0.113.8'])
      a.handleOwnAddress({ host, port: 6881, family: 4 });
    await expect.poll(() => a.nodeCount, { timeout: 5_000 }).toBeGreaterThan(0);
    expect(idGoesWith('203.0.113.7')).toBe(true);
    expect(a.port).toBe(port);
    await clock.advance(3_600_000);
    a.handleOwnAddress({ host: '203.0.113.8', port: 6881, family: 4 });
    await a.stop();
    expect(idGoesWith('203.0.113.8')).toBe(true);
  });

  it('finds its way through many nodes', async () => {
    const nodes = [await start(1)];
    for (let n = 2; n < 12; n++) nodes.push(await start(n, { bootstrap: [at(nodes.at(-1)!)] }));
    await expect
      .poll(() => nodes.every(({ nodeCount }) => nodeCount >= 3), { timeout: 15_000 })
      .toBe(true);
    const clock = new ManualClock();
    const last = await start(12, { bootstrap: [at(nodes.at(-1)!)], clock });
    let found: PeerAddress | undefined;
    last.onPeers((_, [peer]) => {
      found = peer;
    });
    nodes[0]!.join(infoHash(2));
    last.join(infoHash(2));
    const retry = async (): Promise<number | undefined> => {
      await clock.advance(15 * 60_000);
      return found?.port;
    };
    await expect.poll(retry, { timeout: 15_000 }).toBe(1);
  });

  it('lets two find each other that came at the same time', async () => {
    const middle = await start(1);
    const clock = new ManualClock();
    const pair = [];
    for (const peerPort of [1001, 1002])
      pair.push(await start(peerPort, { bootstrap: [at(middle)], clock }));
    const heard = new Set<string>();
    for (const [n, one] of pair.entries()) {
      one.onPeers((_, [peer]) => heard.add(`${n} of ${peer!.port}`));
      one.join(infoHash(4));
    }
    const wait = async (): Promise<boolean> => {
      await clock.advance(10_000);
      return heard.has('0 of 1002') && heard.has('1 of 1001');
    };
    await expect.poll(wait, { timeout: 15_000 }).toBe(true);
  });

  it('finds back in by the table of an earlier run, with the same id', async () => {
    const middle = await start(1);
    const before = await start(2, { bootstrap: [at(middle)] });
    await expect.poll(() => before.nodeCount).toBe(1);
    await before.stop();
    const savedState = before.save();
    const after = await start(2, { savedState });
    expect(after.nodeCount).toBe(1);
    expect(after.save()).toEqual(savedState);
    const found = firstPeer(middle);
    middle.join(infoHash(3));
    after.join(infoHash(3));
    expect((await found).port).toBe(2);
  });

  it('takes a node that a peer told of', async () => {
    const [a, b] = [await start(1), await start(2)];
    a.addNode({ host: '127.0.0.1', port: b.port!, family: 4 });
    await expect.poll(() => [a.nodeCount, b.nodeCount]).toEqual([1, 1]);
  });

  it('passes over a node that a peer says is at port 0', async () => {
    const [a, b] = [await start(1), await start(2)];
    a.addNode({ host: '127.0.0.1', port: 0, family: 4 });
    a.addNode({ host: '127.0.0.1', port: b.port!, family: 4 });
    await expect.poll(() => a.nodeCount).toBe(1);
  });

  it('asks the resolver for names, and goes on when there is no answer', async () => {
    const middle = await start(1);
    const asked: string[] = [];
    const resolve = async (host: string): Promise<string[]> => {
      asked.push(host);
      if (host === 'gone.test') throw new Error('ENOTFOUND');
      return ['127.0.0.1'];
    };
    const bootstrap = [`gone.test:${middle.port}`, `here.test:${middle.port}`];
    const a = await start(2, { bootstrap, resolve });
    await expect.poll(() => a.nodeCount).toBe(1);
    expect(asked).toEqual(['gone.test', 'here.test']);
  });

  it('gives a question up, and asks no more, when it stops', async () => {
    const asked: string[] = [];
    const resolve = (host: string, signal: AbortSignal): Promise<string[]> => {
      asked.push(host);
      return new Promise((_, reject) => {
        signal.addEventListener('abort', () => reject(new Error('given up')));
      });
    };
    const a = await start(1, { bootstrap: ['slow.test:1', 'next.test:1'], resolve });
    await a.stop();
    await a.start(1);
    expect(asked).toEqual(['slow.test', 'slow.test']);
  });

  it('hears nothing of a swarm that it left', async () => {
    const middle = await start(1);
    const heard: string[] = [];
    middle.onPeers((_, [peer]) => heard.push(formatPeerAddress(peer!)));
    middle.join(infoHash(1));
    middle.leave(infoHash(1));
    middle.join(infoHash(2));
    const other = firstPeer(middle);
    const a = await start(1001, { bootstrap: [at(middle)] });
    a.join(infoHash(1));
    const b = await start(1002, { bootstrap: [at(middle)] });
    b.join(infoHash(2));
    await other;
    expect(heard).toEqual(['127.0.0.1:1002']);
  });

  it('says port-taken when its port was asked for, and takes another when not', async () => {
    const other = createSocket('udp4');
    other.bind(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address();
    await expect(start(1, { port })).rejects.toMatchObject({ code: 'port-taken' });
    const discovery = new DhtDiscovery({
      clock: realClock,
      random: seededRandom(1),
      host: '127.0.0.1',
      bootstrap: [],
    });
    running.push(discovery);
    await discovery.start(port);
    expect(discovery.port).not.toBe(port);
    other.close();
    await once(other, 'close');
  });

  it('may be stopped twice, started again, and stopped in the middle of a search', async () => {
    const middle = await start(1);
    const a = await start(2, { bootstrap: [at(middle)] });
    a.join(infoHash(1));
    await expect.poll(() => a.nodeCount).toBe(1);
    await Promise.all([a.stop(), a.stop()]);
    await a.stop();
    expect([a.port, a.nodeCount]).toEqual([undefined, 0]);
    const heard: number[] = [];
    middle.onPeers((_, [peer]) => heard.push(peer!.port));
    middle.join(infoHash(1));
    await a.start(3);
    await expect.poll(() => heard.includes(3)).toBe(true);
  });
});

it.each(['', 'host', 'host:0', 'host:65536', '[::1]:6881', 'a b:1'])(
  'refuses %j for a bootstrap node',
  (text) => {
    const options = { clock: realClock, random: seededRandom(1), bootstrap: [text] };
    expect(() => new DhtDiscovery(options)).toThrow(
      expect.objectContaining({ name: 'DiscoveryError', code: 'bad-address' }),
    );
  },
);
