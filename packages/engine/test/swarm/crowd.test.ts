import { type FakeConnection, FakePeer } from '@shoal/testkit';
import { type PeerAddress, toPeerId } from '@shoal/units';
import { expect, test } from 'vitest';
import { type Node, SwarmStage } from './swarm-stage.ts';

const PLACES = 100;
const PER_HOST = 4;

/** A peer that shakes hands with the node and from then on only keeps the line open. */
async function idler(stage: SwarmStage, node: Node, n: number): Promise<FakeConnection> {
  const { info } = stage.sample.metainfo;
  const peer = new FakePeer({
    network: stage.network.host(`10.0.2.${1 + Math.floor(n / PER_HOST)}`),
    infoHash: info.infoHash,
    layout: info.layout,
    content: stage.sample.bytes,
    peerId: toPeerId(new TextEncoder().encode(`-ID0001-${String(n).padStart(12, '0')}`))!,
    pieces: [],
  });
  const connection = await stage.settle(peer.dial(node.address));
  stage.clock.every(60_000, () => connection.sendBytes(new Uint8Array(4)));
  return connection;
}

/** Takes every place of the node. */
async function crowd(stage: SwarmStage, node: Node): Promise<FakeConnection[]> {
  const idlers: FakeConnection[] = [];
  for (let n = 0; n < PLACES; n++) idlers.push(await idler(stage, node, n));
  await stage.clock.advance(1_000);
  expect(stage.torrent(node).getSummary().peerCount).toBe(PLACES);
  return idlers;
}

const openCount = (idlers: readonly FakeConnection[]): number =>
  idlers.filter(({ isClosed }) => !isClosed).length;

test('idle peers that take every place of a seeder give way to one that wants something', async () => {
  await using stage = await SwarmStage.open({ trackers: [] });
  const seeder = await stage.seed(1);
  const idlers = await crowd(stage, seeder);
  const leecher = await stage.leech(2, { peers: [seeder.address] });
  await stage.untilComplete([leecher], 120_000);
  expect(openCount(idlers)).toBe(PLACES - 1);
});

test('idle peers that take every place of a leecher give way to those that are worth a dial', async () => {
  await using stage = await SwarmStage.open({ trackers: [] });
  const leecher = await stage.leech(1);
  await crowd(stage, leecher);
  const seeder = await stage.seed(2);
  stage.torrent(leecher).addPeer(seeder.address);
  await stage.untilComplete([leecher], 180_000);
});

test('peers that say they want something and never ask give way in their turn', async () => {
  await using stage = await SwarmStage.open({ trackers: [] });
  const seeder = await stage.seed(1);
  for (const connection of await crowd(stage, seeder)) connection.send({ type: 'interested' });
  const leecher = await stage.leech(2, { peers: [seeder.address] });
  await stage.untilComplete([leecher], 1_200_000);
});

test('peers of one /64 of IPv6 take four places and no more', async () => {
  await using stage = await SwarmStage.open({ trackers: [] });
  const seeder = await stage.seed(1);
  const hosts = Array.from({ length: 8 }, (_, n) => `2001:db8:0:1::${n + 1}`);
  const address: PeerAddress = seeder.address;
  const { info } = stage.sample.metainfo;
  const connections = [];
  for (const [n, host] of [...hosts, '2001:db8:0:2::1'].entries()) {
    const peer = new FakePeer({
      network: stage.network.host(host),
      infoHash: info.infoHash,
      layout: info.layout,
      content: stage.sample.bytes,
      peerId: toPeerId(new Uint8Array(20).fill(65 + n))!,
      pieces: [],
    });
    connections.push(await stage.settle(peer.dial(address)));
    await stage.clock.advance(1_000);
  }
  expect(connections.map(({ isClosed }) => isClosed)).toEqual([
    ...Array.from({ length: 4 }, () => false),
    ...Array.from({ length: 4 }, () => true),
    false,
  ]);
});
