import { checkClosed, ManualClock, seededRandom } from '@shoal/testkit';
import { formatPeerAddress, type InfoHash, idToHex } from '@shoal/units';
import { beforeEach, describe, expect, it } from 'vitest';
import { encodeLsdMessage, LocalDiscovery, LSD_GROUPS } from '../../src/index.ts';
import { infoHash } from '../info-hash.ts';
import { MemoryMulticast, subnetsOf } from './memory-multicast.ts';

const MINUTE_MS = 60_000;
const announceOf = (hash: InfoHash, port = 7000): string =>
  new TextDecoder().decode(
    encodeLsdMessage({ host: 'x', port, infoHashes: [hash], cookie: undefined }),
  );

describe('LocalDiscovery', () => {
  let clock: ManualClock;
  let neighbourhood: MemoryMulticast;
  let found: string[];
  let seed: number;

  beforeEach(() => {
    clock = new ManualClock();
    neighbourhood = new MemoryMulticast();
    found = [];
    seed = 1;
  });

  const make = (address: string, subnets: string[] = []): LocalDiscovery => {
    const addresses = address.includes(':') ? { 6: address } : { 4: address };
    const network = neighbourhood.host(addresses, subnetsOf(...subnets));
    const discovery = new LocalDiscovery({ clock, random: seededRandom(seed++), network });
    discovery.onPeers((hash, peers) => {
      for (const peer of peers)
        found.push(`${address}: ${formatPeerAddress(peer)} in ${idToHex(hash).slice(0, 4)}`);
    });
    return discovery;
  };

  it.each(['192.168.0.', 'fd00::', 'fe80::'])(
    'finds both ends of a swarm in %s',
    async (network) => {
      const zone = network === 'fe80::' ? '%eth0' : '';
      const [a, b] = [make(`${network}1${zone}`), make(`${network}2${zone}`)];
      await a.start(1001);
      a.join(infoHash(1));
      await clock.advance(8 * MINUTE_MS);
      await b.start(1002);
      b.join(infoHash(1));
      await clock.advance(10_000);
      const [from, to] = network.includes(':') ? ['[', `${zone}]`] : ['', ''];
      expect(found).toEqual([
        `${network}1${zone}: ${from}${network}2${to}:1002 in 0001`,
        `${network}2${zone}: ${from}${network}1${to}:1001 in 0001`,
      ]);
      await Promise.all([a.stop(), b.stop()]);
    },
  );

  it('does not hear itself', async () => {
    const a = make('192.168.0.1');
    await a.start(1001);
    a.join(infoHash(1));
    await clock.advance(11 * MINUTE_MS);
    expect(neighbourhood.sent).toHaveLength(3);
    expect(found).toEqual([]);
    await a.stop();
  });

  it('announces every five minutes, many swarms in one message', async () => {
    const a = make('192.168.0.1');
    for (let n = 0; n < 30; n++) a.join(infoHash(n));
    await a.start(1001);
    await clock.advance(1);
    expect(neighbourhood.sent.map((text) => text.split('Infohash').length - 1)).toEqual([24, 6]);
    await clock.advance(5 * MINUTE_MS);
    expect(neighbourhood.sent).toHaveLength(4);
    await a.stop();
  });

  it('sends one message a minute in the long run, however much there is to say', async () => {
    const a = make('192.168.0.1');
    await a.start(1001);
    for (let n = 0; n < 1000; n++) a.join(infoHash(n));
    await clock.advance(60 * MINUTE_MS);
    expect(neighbourhood.sent.length).toBeLessThanOrEqual(65);
    const told = new Set(neighbourhood.sent.flatMap((text) => text.match(/[0-9a-f]{40}/g) ?? []));
    expect(told.size).toBe(1000);
    await a.stop();
  });

  it('tells of a peer once a minute, however often it is heard', async () => {
    const a = make('192.168.0.1');
    await a.start(1001);
    a.join(infoHash(1));
    for (let n = 0; n < 20; n++)
      neighbourhood.inject(LSD_GROUPS[0]!, announceOf(infoHash(1)), '10.0.0.9');
    await clock.advance(10);
    expect(found).toHaveLength(1);
    await clock.advance(2 * MINUTE_MS);
    neighbourhood.inject(LSD_GROUPS[0]!, announceOf(infoHash(1)), '10.0.0.9');
    await clock.advance(10);
    expect(found).toHaveLength(2);
    await a.stop();
  });

  it('answers a newcomer once, and not within a minute of its last announce', async () => {
    const a = make('192.168.0.1');
    await a.start(1001);
    a.join(infoHash(1));
    await clock.advance(10);
    neighbourhood.inject(LSD_GROUPS[0]!, announceOf(infoHash(1)), '192.168.0.9');
    await clock.advance(MINUTE_MS - 100);
    expect(neighbourhood.sent).toHaveLength(1);
    await clock.advance(200);
    expect(neighbourhood.sent).toHaveLength(2);
    neighbourhood.inject(LSD_GROUPS[0]!, announceOf(infoHash(1)), '192.168.0.9');
    await clock.advance(2 * MINUTE_MS);
    expect(neighbourhood.sent).toHaveLength(2);
    await a.stop();
  });

  it('believes only neighbours', async () => {
    const a = make('192.168.0.1', ['20.1.2.3/24']);
    await a.start(1001);
    a.join(infoHash(1));
    const hosts = [
      '8.8.8.8',
      '20.1.3.9',
      '224.0.0.1',
      '0.0.0.0',
      '20.1.2.9',
      '172.31.0.1',
      '127.0.0.1',
    ];
    for (const host of hosts) neighbourhood.inject(LSD_GROUPS[0]!, announceOf(infoHash(1)), host);
    await clock.advance(10);
    expect(found.map((line) => line.split(' ')[1])).toEqual([
      '20.1.2.9:7000',
      '172.31.0.1:7000',
      '127.0.0.1:7000',
    ]);
    await a.stop();
  });

  it('hears a neighbour who shouts for a while only', async () => {
    const a = make('192.168.0.1');
    await a.start(1001);
    a.join(infoHash(1));
    for (let n = 0; n < 500; n++)
      neighbourhood.inject(LSD_GROUPS[0]!, announceOf(infoHash(1), 1000 + n), '192.168.0.9');
    await clock.advance(10);
    expect(found).toHaveLength(50);
    neighbourhood.inject(LSD_GROUPS[0]!, announceOf(infoHash(1)), '192.168.0.8');
    await clock.advance(10);
    expect(found).toHaveLength(51);
    await a.stop();
  });

  it('passes over what is no announce and what is of other swarms', async () => {
    const a = make('192.168.0.1');
    await a.start(1001);
    a.join(infoHash(1));
    for (const text of ['', 'GET / HTTP/1.1', announceOf(infoHash(2)), announceOf(infoHash(1), 0)])
      neighbourhood.inject(LSD_GROUPS[0]!, text, '192.168.0.9');
    await clock.advance(10);
    expect(found).toEqual([]);
    await a.stop();
  });

  it('says nothing more of a swarm that was left', async () => {
    const a = make('192.168.0.1');
    await a.start(1001);
    a.join(infoHash(1));
    await clock.advance(10);
    a.leave(infoHash(1));
    neighbourhood.inject(LSD_GROUPS[0]!, announceOf(infoHash(1)), '192.168.0.9');
    await clock.advance(20 * MINUTE_MS);
    expect(neighbourhood.sent).toHaveLength(1);
    expect(found).toEqual([]);
    await a.stop();
  });

  it('announces again when asked, a minute after the last time at the earliest', async () => {
    const a = make('192.168.0.1');
    await a.start(1001);
    a.join(infoHash(1));
    await clock.advance(10_000);
    a.announceNow(infoHash(1));
    await clock.advance(49_000);
    expect(neighbourhood.sent).toHaveLength(1);
    await clock.advance(2000);
    expect(neighbourhood.sent).toHaveLength(2);
    await a.stop();
  });

  it('leaves no timer behind and starts again', async () => {
    const demandClosed = checkClosed();
    const a = make('192.168.0.1');
    a.join(infoHash(1));
    await a.start(1001);
    await clock.advance(10);
    await a.stop();
    await a.stop();
    expect(clock.pendingTimerCount).toBe(0);
    await a.start(1002);
    await clock.advance(6 * MINUTE_MS);
    expect(neighbourhood.sent.at(-1)).toContain('Port: 1002');
    await a.stop();
    await demandClosed();
  });

  it('does not start where no group can be joined', async () => {
    const network = neighbourhood.host({});
    const discovery = new LocalDiscovery({ clock, random: seededRandom(1), network });
    await expect(discovery.start(1)).rejects.toMatchObject({ code: 'no-network' });
  });
});
