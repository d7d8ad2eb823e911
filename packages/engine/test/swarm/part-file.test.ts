import { cp, readdir, readFile, rm, symlink, truncate, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { partFileName } from '@shoal/chunk-store';
import { describe, expect, test } from 'vitest';
import { type Node, SwarmStage } from './swarm-stage.ts';

const KIB = 1024;

/** Three files: pieces 0-9, 9-19 and 20-31; 9 crosses from the first into the second. */
const FILES = [
  { path: 'a.bin', length: 300 * KIB },
  { path: 'b.bin', length: 340 * KIB },
  { path: 'c.bin', length: 384 * KIB },
];

/** A seeder, and node 2 that has the first file alone. */
async function openSelected(): Promise<{ stage: SwarmStage; seeder: Node; leecher: Node }> {
  const stage = await SwarmStage.open({ files: FILES });
  const seeder = await stage.seed(1);
  const leecher = await stage.leech(2, { selectedFiles: [0] });
  await stage.untilComplete([leecher], 10_000);
  return { stage, seeder, leecher };
}

const infoHashOf = (stage: SwarmStage): string =>
  Buffer.from(stage.sample.metainfo.info.infoHash).toString('hex');
const partFileOf = (stage: SwarmStage, { dataFolder }: Node): string =>
  path.join(dataFolder, partFileName(infoHashOf(stage)));
const namesIn = async (node: Node): Promise<string[]> =>
  (await readdir(node.dataFolder, { recursive: true })).toSorted();
const good = (node: Node): number => node.eventsOf('checked')[0]!.goodPieces;

/** Starts node `n` again on its files and states, until it has looked at them. */
async function restart(stage: SwarmStage, n: number): Promise<Node> {
  const node = await stage.start(n);
  await stage.add(node);
  await stage.until(() => node.has('checked'), 5_000);
  return node;
}

describe('of a torrent of which one file is selected', () => {
  test('the others are not on disk, and the piece that crosses is', async () => {
    const { stage, leecher } = await openSelected();
    await using _ = stage;
    const part = path.basename(partFileOf(stage, leecher));
    expect(await namesIn(leecher)).toEqual([part, 'sample', 'sample/a.bin']);
    const file = await readFile(path.join(leecher.dataFolder, 'sample', 'a.bin'));
    expect(file.equals(stage.sample.bytes.subarray(0, 300 * KIB))).toBe(true);
  });

  test('the piece that crosses is given to others', async () => {
    const { stage, seeder, leecher } = await openSelected();
    await using _ = stage;
    await stage.stop(seeder.engine);
    const other = await stage.leech(3, { selectedFiles: [0] });
    await stage.untilComplete([other], 20_000);
    expect(other.eventsOf('piece')).toHaveLength(10);
    expect(other.has('hash-failed')).toBe(false);
    expect(stage.torrent(leecher).getSummary().uploaded).toBe(10 * 32 * KIB);
  });

  test('the next run has it all, and fetches nothing', async () => {
    const { stage, leecher } = await openSelected();
    await using _ = stage;
    await stage.stop(leecher.engine);
    const node = await restart(stage, 2);
    expect(good(node)).toBe(10);
    await stage.clock.advance(5_000);
    expect(node.has('piece')).toBe(false);
    expect(stage.torrent(node).getSummary().status).toBe('seeding');
  });

  test('a run that was killed leaves every piece to the next', async () => {
    await using stage = await SwarmStage.open({ files: FILES });
    await stage.seed(1, {}, { upBytesPerS: 200 * KIB });
    const leecher = await stage.leech(2, { selectedFiles: [1] });
    const crossed = () => leecher.eventsOf('piece').some(({ index }) => index === 9);
    await stage.until(() => crossed() && leecher.eventsOf('piece').length >= 5, 10_000);
    const have = leecher.eventsOf('piece').length;
    const folder = path.join(stage.folder, 'node-4');
    await cp(path.join(stage.folder, 'node-2'), folder, {
      recursive: true,
      preserveTimestamps: true,
      filter: (name) => !name.endsWith('.alive'),
    });
    await rm(path.join(folder, 'state', 'torrents', `${infoHashOf(stage)}.lock`), {
      recursive: true,
    });
    const next = await restart(stage, 4);
    expect(good(next)).toBeGreaterThanOrEqual(have);
    await stage.untilComplete([next], 10_000);
    expect(next.eventsOf('piece').length).toBeLessThanOrEqual(11 - have);
    expect(next.eventsOf('piece').some(({ index }) => index === 9)).toBe(false);
  });

  test('the others get their bytes when they are selected, and the part file goes', async () => {
    const { stage, leecher } = await openSelected();
    await using _ = stage;
    const torrent = stage.torrent(leecher);
    torrent.setFilePriority(1, 'normal');
    await stage.until(() => leecher.eventsOf('complete').length === 2, 10_000);
    expect(leecher.eventsOf('complete')[1]!.fetchedLength).toBe(10 * 32 * KIB);
    expect(await namesIn(leecher)).toEqual(['sample', 'sample/a.bin', 'sample/b.bin']);
    torrent.setFilePriority(2, 'normal');
    await stage.until(() => leecher.eventsOf('complete').length === 3, 10_000);
    expect(await stage.isExact(leecher)).toBe(true);
    expect(leecher.eventsOf('piece')).toHaveLength(32);
    expect(leecher.has('hash-failed')).toBe(false);
  });

  test('the next run may select others', async () => {
    const { stage, leecher } = await openSelected();
    await using _ = stage;
    await stage.stop(leecher.engine);
    const node = await stage.start(2);
    await stage.add(node, { selectedFiles: [0, 1, 2] });
    await stage.untilComplete([node], 10_000);
    expect(await stage.isExact(node)).toBe(true);
    expect(node.eventsOf('piece')).toHaveLength(22);
    expect(await namesIn(node)).toEqual(['sample', ...FILES.map((file) => `sample/${file.path}`)]);
  });

  test.each<[string, (file: string) => Promise<unknown>]>([
    ['removed', (file) => rm(file)],
    ['cut', (file) => truncate(file, 100)],
    ['changed', (file) => writeFile(file, new Uint8Array(100_000).fill(7))],
  ])('a part file that was %s costs the piece that crosses, and no more', async (_name, damage) => {
    const { stage, leecher } = await openSelected();
    await using _ = stage;
    await stage.stop(leecher.engine);
    await damage(partFileOf(stage, leecher));
    const node = await restart(stage, 2);
    expect(good(node)).toBe(9);
    await stage.untilComplete([node], 10_000);
    expect(node.eventsOf('piece').map(({ index }) => index)).toEqual([9]);
    expect(node.has('torrent-error')).toBe(false);
  });

  test('a link in the place of the part file stops it with a reason', async () => {
    await using stage = await SwarmStage.open({ files: FILES });
    await stage.seed(1);
    const leecher = await stage.start(2);
    const victim = path.join(stage.folder, 'victim');
    await stage.sample.writeTo(path.join(stage.folder, 'elsewhere'));
    await cp(path.join(stage.folder, 'elsewhere'), leecher.dataFolder, { recursive: true });
    await rm(path.join(leecher.dataFolder, 'sample'), { recursive: true });
    await writeFile(victim, 'untouched');
    await symlink(victim, partFileOf(stage, leecher));
    await stage.add(leecher, { selectedFiles: [0] });
    await stage.until(() => leecher.has('torrent-error'), 20_000);
    expect(leecher.eventsOf('torrent-error')[0]!.code).toBe('unsafe-path');
    expect(await readFile(victim, 'utf8')).toBe('untouched');
  });

  test('the part file is deleted with the files', async () => {
    const { stage, leecher } = await openSelected();
    await using _ = stage;
    await stage.settle(leecher.engine.remove(infoHashOf(stage), { forget: true, eraseData: true }));
    expect(await namesIn(leecher)).toEqual([]);
  });

  test('chunks are kept whole, without a part file', async () => {
    await using stage = await SwarmStage.open({ files: FILES });
    await stage.seed(1);
    const leecher = await stage.leech(2, { selectedFiles: [0], store: 'chunks' });
    await stage.untilComplete([leecher], 10_000);
    const names = await namesIn(leecher);
    expect(names.filter((name) => name.includes('.part0'))).toHaveLength(10);
    expect(names.some((name) => name.includes('shoal-parts'))).toBe(false);
  });
});
