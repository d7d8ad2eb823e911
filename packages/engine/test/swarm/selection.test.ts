import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { decodeExtendedHandshake } from '@shoal/wire';
import { describe, expect, test } from 'vitest';
import { type Node, SwarmStage } from './swarm-stage.ts';

const KIB = 1024;

/** Three files: pieces 0-9, 9-19 and 20-31. */
const FILES = [
  { path: 'a.bin', length: 300 * KIB },
  { path: 'b.bin', length: 340 * KIB },
  { path: 'c.bin', length: 384 * KIB },
];

/** A stage with a seeder that sends 200 KiB a second. */
async function openSeeded(): Promise<SwarmStage> {
  const stage = await SwarmStage.open({ files: FILES });
  await stage.seed(1, {}, { upBytesPerS: 200 * KIB });
  return stage;
}

/** Indexes of the pieces of a node, in the order in which they came. */
const order = (node: Node): number[] => node.eventsOf('piece').map(({ index }) => index);
const range = (from: number, to: number): number[] =>
  Array.from({ length: to - from + 1 }, (_, at) => from + at);

describe('of a selection', () => {
  test('only the pieces of its files come, and it is complete with them', async () => {
    await using stage = await openSeeded();
    const leecher = await stage.leech(2, { selectedFiles: [1] });
    await stage.untilComplete([leecher], 10_000);
    expect(order(leecher).toSorted((a, b) => a - b)).toEqual(range(9, 19));
    expect(leecher.eventsOf('complete')[0]!.length).toBe(340 * KIB);
    expect(leecher.eventsOf('complete')[0]!.fetchedLength).toBe(11 * 32 * KIB);
    await stage.clock.advance(30_000);
    expect(order(leecher)).toHaveLength(11);
    // To its tracker it has completed nothing: there are pieces it cannot give.
    expect(stage.tracker.lastOf(leecher.host)?.event).toBe('started');
    const summary = stage.torrent(leecher).getSummary();
    expect(summary).toMatchObject({ status: 'seeding', haveLength: 340 * KIB });
  });

  test('what is added later comes too, and completes it again', async () => {
    await using stage = await openSeeded();
    const leecher = await stage.leech(2, { selectedFiles: [0] });
    await stage.untilComplete([leecher], 10_000);
    await stage.clock.advance(60_000);
    stage.torrent(leecher).setFilePriority(2, 'normal');
    expect(stage.torrent(leecher).getSummary().status).toBe('downloading');
    await stage.until(() => leecher.eventsOf('complete').length === 2, 10_000);
    const again = leecher.eventsOf('complete')[1]!;
    expect(again.fetchedLength).toBe(12 * 32 * KIB);
    expect(again.elapsedMs).toBeLessThan(10_000);
    expect(order(leecher).toSorted((a, b) => a - b)).toEqual([...range(0, 9), ...range(20, 31)]);
    stage.torrent(leecher).setFilePriority(1, 'normal');
    await stage.until(() => leecher.eventsOf('complete').length === 3, 10_000);
    expect(await stage.isExact(leecher)).toBe(true);
  });

  test('peers are told that nothing more is wanted, and that it is again (BEP 21)', async () => {
    await using stage = await openSeeded();
    const fake = await stage.fake(9, { supportsExtended: true, pieces: [] });
    const leecher = await stage.leech(2, { selectedFiles: [0], peers: [fake.address] });
    const words = () =>
      fake.peer.connections[0]!.received.flatMap((message) =>
        message.type === 'extended' && message.extendedId === 0
          ? decodeExtendedHandshake(message.payload)
          : [],
      );
    await stage.untilComplete([leecher], 10_000);
    stage.torrent(leecher).setFilePriority(2, 'normal');
    await stage.clock.advance(1_000);
    expect(words().map(({ uploadOnly }) => uploadOnly)).toEqual([false, true, false]);
    expect(words().every(({ extensions }) => extensions.has('ut_metadata'))).toBe(true);
  });

  test('two that have all they want leave each other alone until one wants more (BEP 21)', async () => {
    await using stage = await SwarmStage.open({ files: FILES, trackers: [] });
    const seeder = await stage.seed(1);
    const options = { selectedFiles: [0], peers: [seeder.address] };
    const leecher = await stage.leech(2, options);
    await stage.untilComplete([leecher], 10_000);
    await stage.until(() => stage.torrent(leecher).getSummary().peerCount === 0, 5_000);
    stage.torrent(leecher).setFilePriority(2, 'normal');
    await stage.until(() => leecher.eventsOf('complete').length === 2, 30_000);
  });

  test('what is ranked anew when all is there completes nothing a second time', async () => {
    await using stage = await openSeeded();
    const leecher = await stage.leech(2);
    await stage.untilComplete([leecher], 10_000);
    stage.torrent(leecher).setFilePriority(0, 'high');
    stage.torrent(leecher).setFilePriority(1, 'off');
    await stage.clock.advance(5_000);
    expect(leecher.eventsOf('complete')).toHaveLength(1);
    expect(stage.torrent(leecher).getSummary().status).toBe('seeding');
  });

  test('of nothing nothing is complete: it waits beside its peers until something is selected', async () => {
    await using stage = await openSeeded();
    const leecher = await stage.leech(2, { selectedFiles: [] });
    await stage.clock.advance(120_000);
    const summary = stage.torrent(leecher).getSummary();
    expect(summary).toMatchObject({ status: 'downloading', havePieceCount: 0, peerCount: 1 });
    expect(leecher.has('complete')).toBe(false);
    stage.torrent(leecher).setFilePriority(1, 'normal');
    await stage.untilComplete([leecher], 10_000);
    expect(order(leecher).toSorted((a, b) => a - b)).toEqual(range(9, 19));
  });

  test('of nothing any more what is here is given, and called complete by nobody', async () => {
    await using stage = await openSeeded();
    const leecher = await stage.leech(2);
    await stage.until(() => order(leecher).length === 8, 10_000);
    stage.torrent(leecher).setFilePriorities(new Map([0, 1, 2].map((file) => [file, 'off'])));
    await stage.clock.advance(30_000);
    expect(stage.torrent(leecher).getSummary().status).toBe('seeding');
    expect(leecher.has('complete')).toBe(false);
    expect(stage.tracker.lastOf(leecher.host)?.event).toBe('started');
  });

  test('of an empty file alone is complete at once', async () => {
    const files = [...FILES, { path: 'empty.bin', length: 0 }];
    await using stage = await SwarmStage.open({ files });
    const leecher = await stage.leech(2, { selectedFiles: [3] });
    await stage.untilComplete([leecher], 5_000);
    expect(leecher.eventsOf('complete')[0]).toMatchObject({ length: 0 });
    expect(await readdir(path.join(leecher.dataFolder, 'sample'))).toEqual(['empty.bin']);
  });

  test('what is dropped in the middle comes no more', async () => {
    await using stage = await openSeeded();
    const leecher = await stage.leech(2);
    await stage.until(() => order(leecher).length === 8, 10_000);
    for (const file of [0, 1, 2]) stage.torrent(leecher).setFilePriority(file, 'off');
    const have = order(leecher).length;
    await stage.clock.advance(20_000);
    expect(order(leecher).length).toBeLessThanOrEqual(have + 2);
  });

  test('what is dropped and wanted again in the middle of its blocks is not spoiled', async () => {
    await using stage = await openSeeded();
    const leecher = await stage.leech(2);
    for (let turn = 0; turn < 20; turn++) {
      await stage.clock.advance(90);
      for (const file of [0, 1, 2]) stage.torrent(leecher).setFilePriority(file, 'off');
      await stage.clock.advance(3);
      for (const file of [0, 1, 2]) stage.torrent(leecher).setFilePriority(file, 'normal');
    }
    await stage.until(() => order(leecher).length === 32, 20_000);
    expect(leecher.has('hash-failed')).toBe(false);
    expect(leecher.has('peer-banned')).toBe(false);
    expect(await stage.isExact(leecher)).toBe(true);
  });

  test('many change at once: in between nothing is complete', async () => {
    await using stage = await openSeeded();
    const leecher = await stage.leech(2, { selectedFiles: [0] });
    await stage.clock.advance(200);
    expect(leecher.has('complete')).toBe(false);
    stage.torrent(leecher).setFilePriorities(
      new Map([
        [0, 'off'],
        [1, 'normal'],
      ]),
    );
    expect(leecher.has('complete')).toBe(false);
    expect(stage.torrent(leecher).getSummary().status).toBe('downloading');
    await stage.untilComplete([leecher], 10_000);
  });

  test('of many nothing changes when one does not exist', async () => {
    await using stage = await openSeeded();
    const leecher = await stage.leech(2);
    const torrent = stage.torrent(leecher);
    const changes = new Map([
      [0, 'off'],
      [3, 'off'],
    ] as const);
    expect(() => torrent.setFilePriorities(changes)).toThrow(/file 4 of 3/);
    expect(torrent.getDetail().files.map(({ priority }) => priority)).not.toContain('off');
  });

  test('a file that does not exist is refused', async () => {
    await using stage = await openSeeded();
    await expect(stage.leech(2, { selectedFiles: [3] })).rejects.toMatchObject({
      code: 'bad-selection',
    });
    const leecher = await stage.leech(3);
    expect(() => stage.torrent(leecher).setFilePriority(3, 'high')).toThrow(/file 4 of 3/);
  });
});

describe('with a peer that allows nothing before it unchokes', () => {
  /** A leecher that knows one scripted peer, which sends 200 KiB a second. */
  async function openLeecher(sequential: boolean): Promise<{ stage: SwarmStage; leecher: Node }> {
    const stage = await SwarmStage.open({ files: FILES, trackers: [] });
    const { address, host } = await stage.fake(1);
    host.bandwidth.upBytesPerS = 200 * KIB;
    return { stage, leecher: await stage.leech(2, { peers: [address], sequential }) };
  }

  test('the file that matters most comes first, the one that matters least last', async () => {
    const { stage, leecher } = await openLeecher(false);
    await using _ = stage;
    stage.torrent(leecher).setFilePriority(2, 'high');
    stage.torrent(leecher).setFilePriority(0, 'low');
    await stage.untilComplete([leecher], 20_000);
    const groups = [order(leecher).slice(0, 12), order(leecher).slice(12, 23)];
    expect(groups[0]!.toSorted((a, b) => a - b)).toEqual(range(20, 31));
    expect(groups[1]!.toSorted((a, b) => a - b)).toEqual(range(9, 19));
  });

  test('in sequence the pieces come one after the other', async () => {
    const { stage, leecher } = await openLeecher(true);
    await using _ = stage;
    await stage.untilComplete([leecher], 20_000);
    expect(order(leecher)).toEqual(range(0, 31));
  });

  test('switched to sequence in the middle, the first that is missing comes next', async () => {
    const { stage, leecher } = await openLeecher(false);
    await using _ = stage;
    await stage.until(() => order(leecher).length === 8, 10_000);
    stage.torrent(leecher).setSequential(true);
    const underWay = stage.torrent(leecher).getDetail().activePieces.length;
    await stage.untilComplete([leecher], 20_000);
    const rest = order(leecher).slice(8 + underWay);
    expect(rest).toEqual(rest.toSorted((a, b) => a - b));
    expect(rest.length).toBeGreaterThan(5);
  });
});
