import { toPeerId } from '@shoal/units';
import { describe, expect, test } from 'vitest';
import { type Node, SwarmStage } from './swarm-stage.ts';

const peerCount = (stage: SwarmStage, node: Node): number =>
  stage.torrent(node).getSummary().peerCount;

describe('two peers that dial each other at once', () => {
  test.each([1, 2, 3, 4])('keep one connection, and keep it (run %d)', async (run) => {
    await using stage = await SwarmStage.open({ trackers: [] });
    // Other runs, other peer ids: either of the two may be the smaller one.
    for (let n = 0; n < run; n++) await stage.start(90 + n);
    const nodes = [await stage.start(1), await stage.start(2)];
    const [first, second] = nodes as [Node, Node];
    const adding = [
      stage.add(first, { peers: [second.address] }),
      stage.add(second, { peers: [first.address] }),
    ];
    await Promise.all(adding);
    await stage.clock.advance(1_000);
    expect(nodes.map((node) => peerCount(stage, node))).toEqual([1, 1]);
    const joined = nodes.map((node) => node.eventsOf('peer-joined').length);
    await stage.clock.advance(300_000);
    expect(nodes.map((node) => peerCount(stage, node))).toEqual([1, 1]);
    expect(nodes.map((node) => node.eventsOf('peer-joined').length)).toEqual(joined);
    expect(stage.network.openStreamCount).toBe(1);
  });
});

test('a peer that meets itself never dials that address again', async () => {
  await using stage = await SwarmStage.open({ trackers: [] });
  const node = await stage.start(1);
  let dialCount = 0;
  const dial = node.host.dial.bind(node.host);
  node.host.dial = (address, options) => {
    dialCount++;
    return dial(address, options);
  };
  await stage.add(node, { peers: [node.address] });
  await stage.clock.advance(600_000);
  expect(node.has('peer-joined')).toBe(false);
  expect(dialCount).toBe(1);
  expect(stage.network.openStreamCount).toBe(0);
});

test('a peer that is slow to shake hands has one dial of ours, by hand or not', async () => {
  await using stage = await SwarmStage.open({ trackers: [] });
  const node = await stage.start(1);
  await stage.add(node);
  const slow = stage.network.host('10.0.0.2');
  let dialCount = 0;
  await slow.listen(6881, undefined, () => void dialCount++);
  const { byHand } = stage.torrent(node);
  const dialled = Promise.all([0, 1].map(() => byHand.connectPeer(slow.address(6881))));
  dialled.catch(() => {});
  await stage.clock.advance(9_000);
  expect(dialCount).toBe(1);
  await expect(stage.settle(dialled, 5_000)).rejects.toMatchObject({ code: 'connect-failed' });
  await stage.clock.advance(30_000);
  expect(dialCount).toBe(2);
});

test('who is connected is not dialled again because others tell of it (BEP 11)', async () => {
  await using stage = await SwarmStage.open();
  const seeder = await stage.seed(1, {}, { upBytesPerS: 100 * 1024 });
  const leechers = [];
  for (const n of [2, 3, 4, 5]) leechers.push(await stage.leech(n));
  await stage.untilComplete(leechers, 60_000);
  const twice = [seeder, ...leechers].flatMap((node) =>
    node.eventsOf('peer-left').filter(({ reason }) => reason === 'connected twice'),
  );
  expect(twice).toEqual([]);
});

test('two that have all leave each other alone, and a third that wants it finds both', async () => {
  await using stage = await SwarmStage.open();
  const seeders = [await stage.seed(1), await stage.seed(2)];
  await stage.clock.advance(60_000);
  expect(seeders.map((node) => peerCount(stage, node))).toEqual([0, 0]);
  const leecher = await stage.leech(3);
  await stage.until(() => peerCount(stage, leecher) === 2, 5_000);
  await stage.untilComplete([leecher], 10_000);
});

test('of a peer that comes back after a cut cable the old connection makes room', async () => {
  await using stage = await SwarmStage.open();
  const seeder = await stage.seed(1);
  seeder.engine.setLimits({ upBytesPerS: 20_000 });
  const leecher = await stage.leech(2);
  await stage.until(() => leecher.eventsOf('piece').length > 2, 30_000);
  stage.network.cut(leecher.host.ip);
  await stage.clock.advance(200_000);
  expect(peerCount(stage, leecher)).toBe(0);
  stage.network.heal(leecher.host.ip);
  await stage.untilComplete([leecher], 400_000);
});

test('a peer that closes its one address is dialled at the other at once', async () => {
  await using stage = await SwarmStage.open({ trackers: [] });
  const peerId = toPeerId(new Uint8Array(20).fill(7))!;
  const first = await stage.fake(1, { peerId, unchokes: false });
  const second = await stage.fake(2, { peerId, unchokes: false });
  const node = await stage.start(1);
  await stage.add(node, { peers: [first.address, second.address] });
  const taken = (): number => node.eventsOf('peer-joined').length;
  await stage.until(() => taken() === 1, 2_000);
  await stage.clock.advance(2_000);
  expect(taken()).toBe(1);
  const isFirst = node.eventsOf('peer-joined')[0]!.address.startsWith(first.host.ip);
  await (isFirst ? first : second).peer.close();
  expect(await stage.until(() => taken() === 2, 2_000)).toBeLessThan(1_000);
});

test('a stream that was reset is dialled again', async () => {
  await using stage = await SwarmStage.open();
  await stage.seed(1, {}, { upBytesPerS: 100_000 });
  const leecher = await stage.leech(2);
  await stage.until(() => leecher.eventsOf('piece').length > 2, 30_000);
  stage.network.reset('10.0.0.1', '10.0.0.2');
  await stage.untilComplete([leecher], 60_000);
  expect(await stage.isExact(leecher)).toBe(true);
});

test('with encryption preferred on both sides they meet encrypted, and else in the clear', async () => {
  await using stage = await SwarmStage.open();
  const seeder = await stage.seed(1, { encryption: 'prefer' });
  const leechers = [
    await stage.leech(2, { encryption: 'prefer' }),
    await stage.leech(3, { encryption: 'off' }),
    await stage.leech(4, { encryption: 'require' }),
  ];
  await stage.untilComplete(leechers, 30_000);
  expect(peerCount(stage, seeder)).toBeLessThanOrEqual(3);
});
