import { expect, test } from 'vitest';
import { openHalfWay } from './half-way.ts';
import { type Node, SwarmStage } from './swarm-stage.ts';

const KIB = 1024;

/** Both rates of a node, at the moment and in each of the next ten seconds. */
async function ratesOf(stage: SwarmStage, node: Node): Promise<number[]> {
  const rates: number[] = [];
  for (let second = 0; second <= 10; second++) {
    const { downBytesPerS, upBytesPerS } = stage.torrent(node).getSummary();
    rates.push(downBytesPerS, upBytesPerS);
    await stage.clock.advance(1_000);
  }
  return rates;
}

const nothing = Array.from({ length: 22 }, () => 0);

test('a download has a rate from its first piece on', async () => {
  await using stage = await SwarmStage.open();
  const seeder = await stage.seed(1, {}, { upBytesPerS: 200 * KIB });
  const leecher = await stage.leech(2);
  await stage.until(() => leecher.has('piece'), 1_000);
  for (const node of [leecher, seeder]) {
    const { downBytesPerS, upBytesPerS } = stage.torrent(node).getSummary();
    expect(downBytesPerS + upBytesPerS).toBeGreaterThan(50 * KIB);
  }
  await stage.clock.advance(2_000);
  const { downBytesPerS, etaS } = stage.torrent(leecher).getSummary();
  expect(downBytesPerS).toBeGreaterThan(150 * KIB);
  expect(downBytesPerS).toBeLessThan(250 * KIB);
  expect(etaS).toBeLessThan(6);
});

test('a peer has a rate within its first second', async () => {
  const { stage, leecher } = await openHalfWay();
  await using _ = stage;
  const [peer] = stage.torrent(leecher).getDetail().peers;
  expect(peer?.downBytesPerS).toBeGreaterThan(100 * KIB);
});

test('nothing flows any more once a download is complete', async () => {
  await using stage = await SwarmStage.open();
  const seeder = await stage.seed(1, {}, { upBytesPerS: 200 * KIB });
  const leecher = await stage.leech(2);
  await stage.untilComplete([leecher], 10_000);
  expect(await ratesOf(stage, leecher)).toEqual(nothing);
  const { peerCount, upBytesPerS } = stage.torrent(seeder).getSummary();
  expect({ peerCount, upBytesPerS }).toEqual({ peerCount: 0, upBytesPerS: 0 });
});

test('nothing flows any more from a seeder whose last peer has left', async () => {
  const { stage, seeder, leecher } = await openHalfWay();
  await using _ = stage;
  expect(stage.torrent(seeder).getSummary().upBytesPerS).toBeGreaterThan(0);
  stage.torrent(leecher).pause();
  await stage.until(() => stage.torrent(seeder).getSummary().peerCount === 0, 1_000);
  expect(await ratesOf(stage, seeder)).toEqual(nothing);
});

test('nothing flows any more in a torrent that is paused', async () => {
  const { stage, leecher } = await openHalfWay();
  await using _ = stage;
  stage.torrent(leecher).pause();
  expect(await ratesOf(stage, leecher)).toEqual(nothing);
});

test('blocks that come when all is here make no rate', async () => {
  await using stage = await SwarmStage.open();
  await stage.seed(1, {}, { upBytesPerS: 200 * KIB });
  const { peer, address } = await stage.fake(1, { pieces: [0] });
  const leecher = await stage.leech(2, { peers: [address] });
  await stage.untilComplete([leecher], 10_000);
  const { downloaded } = stage.torrent(leecher).getSummary();
  const block = new Uint8Array(16 * KIB);
  peer.connections[0]!.send({ type: 'piece', pieceIndex: 1, begin: 0, block });
  expect(await ratesOf(stage, leecher)).toEqual(nothing);
  expect(stage.torrent(leecher).getSummary().downloaded).toBe(downloaded + block.length);
});
