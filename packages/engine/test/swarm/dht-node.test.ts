import type { Discovery } from '@shoal/discovery';
import { formatPeerAddress } from '@shoal/units';
import { expect, test } from 'vitest';
import { SwarmStage } from './swarm-stage.ts';

/** A node of a DHT that finds nobody, and notes what it is told of. */
function makeNode(port: number): Discovery & { readonly told: string[] } {
  const told: string[] = [];
  const ignore = (): void => {};
  return {
    source: 'dht',
    port,
    told,
    start: async () => {},
    stop: async () => {},
    join: ignore,
    leave: ignore,
    announceNow: ignore,
    addNode: (address) => told.push(formatPeerAddress(address)),
    onPeers: () => ignore,
  };
}

test.each([
  ['tell each other of their nodes', false, ['10.0.0.1:7001'], ['10.0.0.2:7002']],
  ['say nothing of them in a private torrent', true, [], []],
])('peers that run the DHT %s', async (_name, isPrivate, heardBySecond, heardByFirst) => {
  await using stage = await SwarmStage.open({ isPrivate });
  const [first, second] = [makeNode(7001), makeNode(7002)];
  await stage.seed(1, { discoveries: [first] });
  const leecher = await stage.leech(2, { discoveries: [second] });
  await stage.untilComplete([leecher], 10_000);
  expect([second.told, first.told]).toEqual([heardBySecond, heardByFirst]);
});

test('a peer without a node is told of none', async () => {
  await using stage = await SwarmStage.open();
  const node = makeNode(7001);
  await stage.seed(1, { discoveries: [node] });
  const { peer } = await stage.fake(1, { pieces: [] });
  const connection = await stage.settle(peer.dial(stage.network.host('10.0.0.1').address(6881)));
  await stage.clock.advance(1_000);
  expect(connection.received.map(({ type }) => type)).not.toContain('port');
});

test.each([
  [false, true],
  [true, false],
])(
  'the bit of the DHT is in the handshake of a torrent that is private (%s): %s',
  async (isPrivate, isSet) => {
    await using stage = await SwarmStage.open({ isPrivate, trackers: [] });
    const node = await stage.seed(1, { discoveries: [makeNode(7001)] });
    const { peer } = await stage.fake(1, { pieces: [] });
    const incoming = await stage.settle(peer.dial(node.address));
    const dialled = await stage.fake(2, { pieces: [] });
    stage.torrent(node).addPeer(dialled.address);
    await stage.clock.advance(1_000);
    const connections = [incoming, ...dialled.peer.connections];
    expect(connections.map(({ handshake }) => handshake?.supportsDht)).toEqual([isSet, isSet]);
  },
);
