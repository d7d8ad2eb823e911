import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import { decodeResume, type ResumeState } from '../../src/state/resume.ts';
import { FailingFiles } from '../faults/failing-files.ts';
import { type Node, SwarmStage } from './swarm-stage.ts';

const KIB = 1024;

async function stateOf(stage: SwarmStage, node: Node): Promise<ResumeState> {
  const infoHash = Buffer.from(stage.sample.metainfo.info.infoHash).toString('hex');
  const file = path.join(node.stateFolder, 'torrents', `${infoHash}.resume`);
  return decodeResume(new Uint8Array(await readFile(file)), infoHash).state;
}

async function restart(stage: SwarmStage, node: Node): Promise<Node> {
  await stage.stop(node.engine);
  const again = await stage.start(2);
  await stage.add(again);
  return again;
}

test.each([
  ['EIO', 'is begun again by a person'],
  ['ENOSPC', 'goes on by itself'],
  ['EIO', 'comes back in the next run'],
])(
  'pieces that may not have reached the disk (%s) are fetched again when the torrent %s',
  async (code, how) => {
    await using stage = await SwarmStage.open();
    await stage.seed(1, {}, { upBytesPerS: 40 * KIB });
    const leecher = await stage.start(2);
    // The system tells of it once, and forgets: the next sync of the same file succeeds.
    let failures: string[] = [];
    using _ = new FailingFiles(leecher.dataFolder, (call) =>
      call === 'fsync' ? failures.pop() : undefined,
    );
    const torrent = await stage.add(leecher);
    await stage.until(() => leecher.eventsOf('piece').length >= 20, 60_000);
    const before = await stateOf(stage, leecher);
    expect(before.pieces!.count).toBeGreaterThan(5);
    failures = [code];
    await stage.until(() => leecher.has('torrent-error'), 20_000);
    const cameCount = leecher.eventsOf('piece').length;
    await stage.clock.advance(15_000);
    const claimed = (await stateOf(stage, leecher)).pieces!;
    expect([...claimed.indexes()]).toEqual([...before.pieces!.indexes()]);
    expect(torrent.getSummary().status).toBe('error');

    if (how === 'is begun again by a person') torrent.resume();
    const node = how === 'comes back in the next run' ? await restart(stage, leecher) : leecher;
    await stage.untilComplete([node], 120_000);
    expect(node.eventsOf('checked').at(-1)!.goodPieces).toBe(claimed.count);
    expect(cameCount).toBeGreaterThan(claimed.count);
    const fetchedCount = node.eventsOf('piece').length - (node === leecher ? cameCount : 0);
    expect(fetchedCount).toBe(32 - claimed.count);
    expect(await stage.isExact(node)).toBe(true);
    expect((await stateOf(stage, leecher)).pieces!.isFull).toBe(true);
  },
);

test('a torrent is not complete before its last bytes have reached the disk', async () => {
  await using stage = await SwarmStage.open();
  await stage.seed(1);
  const leecher = await stage.start(2);
  using _ = new FailingFiles(leecher.dataFolder, (call) => (call === 'fsync' ? 'EIO' : undefined));
  await stage.add(leecher);
  await stage.until(() => leecher.has('torrent-error'), 20_000);
  expect(leecher.eventsOf('torrent-error')[0]).toMatchObject({
    code: 'io',
    message: expect.stringContaining('cannot sync sample/file.bin'),
  });
  await stage.stop(leecher.engine);
  expect(leecher.has('complete')).toBe(false);
  expect((await stateOf(stage, leecher)).pieces!.count).toBe(0);
});

test('what a seeder has sent is in its state within two minutes, and not one fsync of its files more', async () => {
  await using stage = await SwarmStage.open();
  const seeder = await stage.seed(1);
  await stage.clock.advance(15_000);
  let fsyncCount = 0;
  using _ = new FailingFiles(seeder.dataFolder, (call) => {
    if (call === 'fsync') fsyncCount++;
    return undefined;
  });
  for (const n of [2, 3]) {
    const leecher = await stage.leech(n);
    await stage.untilComplete([leecher], 10_000);
    await stage.stop(leecher.engine);
    await stage.clock.advance(120_000);
    const { uploaded, peers } = await stateOf(stage, seeder);
    expect(uploaded).toBe((n - 1) * 1024 * KIB);
    expect(peers).not.toEqual([]);
  }
  expect(fsyncCount).toBe(0);
  await stage.untilComplete([await stage.leech(4)], 10_000);
  await stage.stop(seeder.engine);
  expect((await stateOf(stage, seeder)).uploaded).toBe(3 * 1024 * KIB);
});

test('what a check found is on disk before a state claims it, by one fsync for each file', async () => {
  const files = ['a', 'b', 'c'].map((name) => ({ path: name, length: 300 * KIB }));
  await using stage = await SwarmStage.open({ files });
  const seeder = await stage.start(1);
  await stage.sample.writeTo(seeder.dataFolder);
  const claims: (number | undefined)[] = [];
  using _ = new FailingFiles(seeder.dataFolder, (call) => {
    if (call === 'fsync') claims.push(claimedBefore);
    return undefined;
  });
  let claimedBefore: number | undefined;
  const torrent = await stage.add(seeder);
  claimedBefore = (await stateOf(stage, seeder)).pieces?.count;
  await stage.until(() => seeder.has('complete'), 5_000);
  expect((await stateOf(stage, seeder)).pieces!.isFull).toBe(true);
  expect(claims).toEqual([undefined, undefined, undefined]);
  await stage.settle(torrent.verify());
  await stage.clock.advance(15_000);
  expect(claims).toHaveLength(3);
});
