import { formatMagnet, parseMagnet } from '@shoal/metainfo';
import { METADATA_PIECE_LENGTH } from '@shoal/wire';
import { describe, expect, test } from 'vitest';
import { lying, type MetadataConduct, metadataPeer } from './metadata-peer.ts';
import { type Node, SwarmStage } from './swarm-stage.ts';

const KIB = 1024;

/** Metadata of one piece. */
const openSmall = (): Promise<SwarmStage> =>
  SwarmStage.open({ files: [{ path: 'file.bin', length: 200 * KIB }], trackers: [] });

/** Metadata of four pieces: 220 files with long names. */
const openLarge = (): Promise<SwarmStage> =>
  SwarmStage.open({
    files: Array.from({ length: 220 }, (_, n) => ({ path: `${n}${'-'.repeat(225)}`, length: 300 })),
    trackers: [],
  });

/** A leecher that has a magnet with the addresses of these peers. */
async function leech(
  stage: SwarmStage,
  n: number,
  peers: readonly { readonly address: Node['address'] }[],
): Promise<Node> {
  const { infoHash } = stage.sample.metainfo.info;
  const magnet = formatMagnet({
    infoHash,
    trackers: [],
    webSeeds: [],
    peers: peers.map(({ address }) => address),
  });
  expect(parseMagnet(magnet).peers).toHaveLength(peers.length);
  return stage.leech(n, { source: { magnet } });
}

describe('a magnet', () => {
  test('is fetched from one peer, and then its files', async () => {
    await using stage = await openSmall();
    const leecher = await leech(stage, 2, [await stage.seed(1)]);
    expect(stage.torrent(leecher).getSummary()).toMatchObject({
      status: 'metadata',
      totalLength: 0,
    });
    await stage.untilComplete([leecher], 5_000);
    expect(leecher.eventsOf('metadata')[0]!.name).toBe('sample');
    expect(await stage.isExact(leecher)).toBe(true);
  });

  test('of several pieces is fetched from several peers', async () => {
    await using stage = await openLarge();
    const { infoBytes } = stage.sample.metainfo.info;
    expect(infoBytes.length).toBeGreaterThan(3 * METADATA_PIECE_LENGTH);
    const seeders = [await stage.seed(1), await stage.seed(2), await stage.seed(3)];
    const leecher = await leech(stage, 4, seeders);
    await stage.untilComplete([leecher], 10_000);
    expect(await stage.isExact(leecher)).toBe(true);
  });

  test('is handed on by a leecher that has no piece yet', async () => {
    await using stage = await openLarge();
    const first = await stage.start(1);
    await stage.add(first);
    const second = await leech(stage, 2, [first]);
    await stage.until(() => second.has('metadata'), 10_000);
  });

  test('is handed on by a peer that had it itself only later', async () => {
    await using stage = await openLarge();
    const first = await leech(stage, 1, []);
    const second = await leech(stage, 2, [first]);
    await stage.clock.advance(5_000);
    expect(second.has('peer-joined')).toBe(true);
    const seeder = await stage.seed(3);
    stage.torrent(first).addPeer(seeder.address);
    await stage.until(() => first.has('metadata'), 10_000);
    await stage.until(() => second.has('metadata'), 5_000);
    await stage.untilComplete([first, second], 30_000);
  });

  test('is fetched from a peer that never said how long it is', async () => {
    await using stage = await openLarge();
    const shy = await metadataPeer(stage, 1, { isShy: true });
    const leecher = await leech(stage, 2, [shy]);
    await stage.until(() => leecher.has('metadata'), 90_000);
  });

  test('pieces that were announced before the metadata count after it', async () => {
    await using stage = await openSmall();
    const half = await stage.fake(1, { pieces: [0, 1, 2] });
    const rest = await stage.fake(2, { pieces: [3, 4, 5, 6] });
    const leecher = await leech(stage, 3, [half, rest]);
    await stage.clock.advance(2_000);
    const teller = await metadataPeer(stage, 4);
    stage.torrent(leecher).addPeer(teller.address);
    await stage.untilComplete([leecher], 5_000);
    expect(await stage.isExact(leecher)).toBe(true);
  });

  test('that selects a file which does not exist stops with a reason, and nothing else does', async () => {
    await using stage = await openSmall();
    const seeder = await stage.seed(1);
    const { infoHash } = stage.sample.metainfo.info;
    const magnet = formatMagnet({
      infoHash,
      trackers: [],
      webSeeds: [],
      peers: [seeder.address],
      selectedFiles: [0, 9],
    });
    const leecher = await stage.leech(2, { source: { magnet } });
    await stage.until(() => leecher.has('torrent-error'), 5_000);
    expect(leecher.eventsOf('torrent-error')[0]).toMatchObject({ code: 'bad-selection' });
    expect(stage.torrent(leecher).getSummary()).toMatchObject({
      status: 'error',
      error: expect.stringContaining('file 10 of 1'),
    });
  });

  test('of nobody waits, and can be removed', async () => {
    await using stage = await openSmall();
    const leecher = await leech(stage, 1, []);
    await stage.clock.advance(600_000);
    const { infoHash, status } = stage.torrent(leecher).getSummary();
    expect(status).toBe('metadata');
    await stage.settle(leecher.engine.remove(infoHash, { forget: true }));
  });
});

describe('the metadata comes though a peer', () => {
  const MISCONDUCT: Record<string, MetadataConduct> = {
    'never answers': { answer: () => undefined },
    'rejects everything': { answer: () => 'reject' },
    'says it has 2 GiB of it': { metadataLength: 2 ** 31 },
    'says another length': { metadataLength: 20 * KIB, answer: (_, truth) => truth },
    'sends less than a piece': { answer: (_, truth) => truth.subarray(1) },
    'sends more than a piece': { answer: () => new Uint8Array(METADATA_PIECE_LENGTH + 1) },
  };

  test.each(Object.keys(MISCONDUCT))('%s', async (name) => {
    for (const open of [openSmall, openLarge]) {
      await using stage = await open();
      const bad = await metadataPeer(stage, 1, MISCONDUCT[name]);
      const leecher = await leech(stage, 2, [bad]);
      await stage.clock.advance(3_000);
      stage.torrent(leecher).addPeer((await metadataPeer(stage, 2)).address);
      await stage.until(() => leecher.has('metadata'), 30_000);
      expect(leecher.has('peer-banned')).toBe(false);
    }
  });

  test('lies, alone: it is banned, and the next is asked', async () => {
    await using stage = await openSmall();
    const leecher = await leech(stage, 2, [await metadataPeer(stage, 1, lying)]);
    await stage.until(() => leecher.has('peer-banned'), 5_000);
    stage.torrent(leecher).addPeer((await metadataPeer(stage, 2)).address);
    await stage.until(() => leecher.has('metadata'), 5_000);
    expect(leecher.eventsOf('peer-banned').map(({ address }) => address)).toEqual([
      '10.0.1.1:6881',
    ]);
  });

  test('lies first, among honest ones that come a moment later', async () => {
    await using stage = await openLarge();
    const liar = await metadataPeer(stage, 1, lying);
    const leecher = await leech(stage, 2, [liar]);
    await stage.clock.advance(2_000);
    for (const n of [2, 3]) stage.torrent(leecher).addPeer((await metadataPeer(stage, n)).address);
    await stage.until(() => leecher.has('metadata'), 60_000);
    expect(leecher.eventsOf('peer-banned').map(({ address }) => address)).toEqual([
      '10.0.1.1:6881',
    ]);
  });

  test('lies, and each attempt has a piece of it', async () => {
    await using stage = await openLarge();
    const peers = [await metadataPeer(stage, 1, lying), await metadataPeer(stage, 2)];
    const leecher = await leech(stage, 2, peers);
    await stage.until(() => leecher.has('metadata'), 60_000);
  });

  test('lies, and three more say other lengths and send a piece of that', async () => {
    await using stage = await openLarge();
    const liars = [];
    for (const n of [1, 2, 3, 4])
      liars.push(
        await metadataPeer(stage, n, {
          metadataLength: 300 * KIB + n,
          answer: (piece) => (piece === 0 ? new Uint8Array(METADATA_PIECE_LENGTH) : undefined),
        }),
      );
    const leecher = await leech(stage, 2, liars);
    await stage.clock.advance(2_000);
    stage.torrent(leecher).addPeer((await metadataPeer(stage, 5)).address);
    await stage.until(() => leecher.has('metadata'), 60_000);
  });
  test('lies, with seven more that say lengths of their own and are nearer than the honest one', async () => {
    await using stage = await openLarge();
    const peers = [await metadataPeer(stage, 1, {}, { latencyMs: 100 })];
    for (let n = 2; n <= 9; n++) {
      const answer = () => new Uint8Array(METADATA_PIECE_LENGTH);
      peers.push(await metadataPeer(stage, n, { metadataLength: 9_000_000 + n, answer }));
    }
    const leecher = await leech(stage, 2, peers);
    await stage.until(() => leecher.has('metadata'), 5_000);
  });
});
