import { DiscoveryError } from '@shoal/discovery';
import { ManualClock, MemoryNetwork } from '@shoal/testkit';
import { type Log, type PeerAddress, silentLog, toInfoHash } from '@shoal/units';
import { expect, test } from 'vitest';
import { Discoveries } from '../../src/sources/discoveries.ts';
import { NotedDiscovery } from '../lent-parts.ts';

const infoHash = toInfoHash(new Uint8Array(20).fill(7))!;
const address: PeerAddress = new MemoryNetwork(new ManualClock()).host('10.0.0.9').address(6881);

test('all of them hear of torrents and nodes, and what they find says who found it', async () => {
  const [local, dht] = [new NotedDiscovery('lsd'), new NotedDiscovery('dht')];
  const discoveries = new Discoveries([local, dht], silentLog);
  const found: string[] = [];
  await discoveries.start(6881, (_infoHash, peers, source) =>
    found.push(`${source} ${peers.length}`),
  );
  discoveries.join(infoHash);
  discoveries.addNode(address);
  discoveries.leave(infoHash);
  await discoveries.stop();
  for (const { told } of [local, dht])
    expect(told).toEqual(['start 6881', 'join', 'node 10.0.0.9', 'leave', 'stop']);
  dht.find(infoHash, [address]);
  local.find(infoHash, [address, address]);
  expect(found).toEqual(['dht 1', 'lsd 2']);
});

test('one that cannot start is done without, and the log says so', async () => {
  const warnings: string[] = [];
  const log: Log = { ...silentLog, warn: (_message, fields) => warnings.push(`${fields?.reason}`) };
  const broken = new NotedDiscovery('lsd', {
    fault: new DiscoveryError('no-network', 'no socket'),
  });
  const dht = new NotedDiscovery('dht');
  await new Discoveries([broken, dht], log).start(6881, () => {});
  expect(warnings).toEqual(['no socket']);
  expect(dht.told).toEqual(['start 6881']);
});

test('a fault of ours in one of them is not hidden', async () => {
  const broken = new NotedDiscovery('lsd', { fault: new TypeError('a bug') });
  const started = new Discoveries([broken], silentLog).start(6881, () => {});
  await expect(started).rejects.toThrow('a bug');
});

test('peers are told of the nodes that run, and of the DHT when there is one', () => {
  const node = new NotedDiscovery('dht', { port: 7001 });
  const local = new NotedDiscovery('lsd');
  const make = (...all: NotedDiscovery[]): Discoveries => new Discoveries(all, silentLog);
  expect(make(local).hasDht).toBe(false);
  expect(make(local, node).hasDht).toBe(true);
  expect(make(local, node, new NotedDiscovery('dht')).nodePorts).toEqual([7001]);
});
