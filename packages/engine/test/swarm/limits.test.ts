import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { makeSample } from '../sample-torrent.ts';
import { type Node, SwarmStage } from './swarm-stage.ts';

const KIB = 1024;
const LENGTH = 12 * 1024 * KIB;

function openStage(): Promise<SwarmStage> {
  return SwarmStage.open({
    files: [{ path: 'file.bin', length: LENGTH }],
    pieceLength: 256 * KIB,
  });
}

/** Payload a second that a node received (or sent), over the next `seconds` of virtual time. */
async function rateOf(
  stage: SwarmStage,
  node: Node,
  seconds: number,
  way: 'downloaded' | 'uploaded' = 'downloaded',
): Promise<number> {
  const before = stage.torrent(node).getSummary()[way];
  await stage.clock.advance(seconds * 1_000);
  return (stage.torrent(node).getSummary()[way] - before) / seconds;
}

function expectRate(rate: number, limit: number): void {
  expect(rate).toBeGreaterThan(limit * 0.9);
  expect(rate).toBeLessThan(limit * 1.1);
}

describe('a limit of the engine', () => {
  test('holds for what comes in, and is changed while it comes', async () => {
    await using stage = await openStage();
    await stage.seed(1);
    const leecher = await stage.leech(2, {}, {});
    leecher.engine.setLimits({ downBytesPerS: 200 * KIB });
    await stage.clock.advance(2_000);
    expectRate(await rateOf(stage, leecher, 10), 200 * KIB);
    leecher.engine.setLimits({ downBytesPerS: 400 * KIB });
    expectRate(await rateOf(stage, leecher, 5), 400 * KIB);
    leecher.engine.setLimits({ downBytesPerS: 50 * KIB });
    await stage.clock.advance(2_000);
    expectRate(await rateOf(stage, leecher, 10), 50 * KIB);
    leecher.engine.setLimits({ downBytesPerS: undefined });
    await stage.untilComplete([leecher], 10_000);
  });

  test('holds for what goes out, to all peers together', async () => {
    await using stage = await openStage();
    const seeder = await stage.seed(1, { limits: { upBytesPerS: 150 * KIB } });
    const leechers = [await stage.leech(2), await stage.leech(3)];
    await stage.clock.advance(2_000);
    expectRate(await rateOf(stage, seeder, 10, 'uploaded'), 150 * KIB);
    seeder.engine.setLimits({ upBytesPerS: 350 * KIB });
    expectRate(await rateOf(stage, seeder, 5, 'uploaded'), 350 * KIB);
    seeder.engine.setLimits({ upBytesPerS: undefined });
    await stage.untilComplete(leechers, 10_000);
  });

  test('lets a single block through at a time when it is very low', async () => {
    await using stage = await openStage();
    await stage.seed(1);
    const leecher = await stage.leech(2, { limits: { downBytesPerS: 2 * KIB } });
    await stage.clock.advance(10_000);
    expectRate(await rateOf(stage, leecher, 80), 2 * KIB);
  });
});

test('a seeder with a very low limit stays connected', async () => {
  await using stage = await openStage();
  await stage.seed(1, { limits: { upBytesPerS: 300 } });
  const leecher = await stage.leech(2);
  await stage.clock.advance(600_000);
  expect(leecher.has('peer-left')).toBe(false);
  expectRate(await rateOf(stage, leecher, 600), 300);
});

describe('a limit of a torrent', () => {
  test('holds below that of the engine', async () => {
    await using stage = await openStage();
    await stage.seed(1);
    const leecher = await stage.leech(2, {
      limits: { downBytesPerS: 350 * KIB, upBytesPerS: undefined },
    });
    stage.torrent(leecher).setLimits({ downBytesPerS: 100 * KIB });
    await stage.clock.advance(2_000);
    expectRate(await rateOf(stage, leecher, 10), 100 * KIB);
    stage.torrent(leecher).setLimits({ downBytesPerS: undefined });
    await stage.clock.advance(1_000);
    expectRate(await rateOf(stage, leecher, 10), 350 * KIB);
  });

  test('of what goes out is shared fairly', async () => {
    await using stage = await openStage();
    const seeder = await stage.seed(1);
    stage.torrent(seeder).setLimits({ upBytesPerS: 200 * KIB });
    const leechers = [];
    for (const n of [2, 3, 4]) leechers.push(await stage.leech(n, { usesPeerExchange: false }));
    // They may not feed each other: each gets what the seeder gives it.
    for (const leecher of leechers) stage.torrent(leecher).setLimits({ upBytesPerS: 1 });
    await stage.clock.advance(20_000);
    const got = leechers.map((leecher) => stage.torrent(leecher).getSummary().downloaded);
    for (const length of got) expect(length).toBeGreaterThan((20 * 200 * KIB) / 3 / 1.5);
  });
});

describe('torrents that share a limit', () => {
  const KIND = { files: [{ path: 'other.bin', length: LENGTH }], pieceLength: 256 * KIB };

  test.each(['up', 'down'] as const)('get the same of it: %s', async (way) => {
    await using stage = await openStage();
    const other = makeSample({ ...KIND, seed: 2, name: 'other', trackers: [] });
    const limit = { [`${way}BytesPerS`]: 400 * KIB };
    const seeder = await stage.seed(1, way === 'up' ? { limits: limit } : {});
    await other.writeTo(seeder.dataFolder);
    const source = { metainfo: other.metainfo };
    await seeder.engine.add({ source, outputFolder: seeder.dataFolder });
    const first = await stage.leech(2, way === 'down' ? { limits: limit } : {});
    // Two peers take the first torrent, and were here before the other was asked for.
    if (way === 'up') await stage.leech(3);
    await stage.clock.advance(5_000);
    const second = way === 'up' ? await stage.start(4) : first;
    const handle = await second.engine.add({
      source,
      outputFolder: path.join(second.dataFolder, 'other'),
      peers: [seeder.address],
    });
    await stage.clock.advance(5_000);
    const before = handle.getSummary().downloaded;
    await stage.clock.advance(15_000);
    const rate = (handle.getSummary().downloaded - before) / 15;
    expect(rate).toBeGreaterThan(200 * KIB * 0.7);
    expect(rate).toBeLessThan(200 * KIB * 1.3);
  });
});
