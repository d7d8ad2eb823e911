import { execFileSync } from 'node:child_process';
import { mkdir, open, rm, truncate, utimes, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { canMount } from '../can-mount.ts';
import { FailingFiles } from '../faults/failing-files.ts';
import { type Node, SwarmStage } from './swarm-stage.ts';

const KIB = 1024;
const LENGTH = 1024 * KIB;

const fileOf = (node: Node): string => path.join(node.dataFolder, 'sample', 'file.bin');

async function flip(file: string, at: number): Promise<void> {
  const handle = await open(file, 'r+');
  const byte = new Uint8Array(1);
  await handle.read(byte, 0, 1, at);
  byte[0]! ^= 255;
  await handle.write(byte, 0, 1, at);
  await handle.close();
}

describe('a seeder whose file, while it seeds,', () => {
  type Damage = (file: string) => Promise<void>;

  async function fetchWhile(damage: Damage): Promise<void> {
    await using stage = await SwarmStage.open();
    const other = await stage.seed(1, {}, { upBytesPerS: 300 * KIB });
    const seeder = await stage.seed(2, {}, { upBytesPerS: 300 * KIB });
    const leecher = await stage.leech(3);
    await stage.until(() => leecher.eventsOf('piece').length >= 4, 10_000);
    await damage(fileOf(seeder));
    await stage.untilComplete([leecher], 60_000);
    expect(await stage.isExact(leecher)).toBe(true);
    expect(leecher.has('hash-failed')).toBe(false);
    expect(leecher.has('peer-banned')).toBe(false);
    expect(stage.torrent(other).getSummary().status).toBe('seeding');
  }

  test.each<[string, Damage]>([
    ['is changed in one byte', (file) => flip(file, 500_000)],
    ['is emptied', (file) => truncate(file, 0)],
    ['is removed', (file) => rm(file)],
    [
      'is replaced by a folder',
      async (file) => {
        await rm(file);
        await mkdir(file);
      },
    ],
  ])('%s sends no wrong byte', async (_name, damage) => {
    await fetchWhile(damage);
  });

  test('is cut off in the middle sends no wrong byte', async () => {
    for (const length of [300_000, 600_000, 900_000])
      await fetchWhile((file) => truncate(file, length));
  });
});

test.each<[string, (stage: SwarmStage, seeder: Node) => Promise<void>]>([
  [
    'changed after it was given another priority',
    async (stage, seeder) => {
      stage.torrent(seeder).setFilePriority(0, 'high');
      await flip(fileOf(seeder), 500_000);
    },
  ],
  [
    'changed and given an old time of change',
    async (_stage, seeder) => {
      await flip(fileOf(seeder), 500_000);
      await utimes(fileOf(seeder), 1e9, 1e9);
    },
  ],
])('a file that is %s sends no wrong byte', async (_name, damage) => {
  await using stage = await SwarmStage.open();
  const seeder = await stage.seed(1);
  await damage(stage, seeder);
  const leecher = await stage.leech(2);
  await stage.until(() => leecher.eventsOf('piece').length === 31, 30_000);
  expect(leecher.has('hash-failed')).toBe(false);
  expect(stage.torrent(seeder).getSummary()).toMatchObject({ havePieceCount: 31 });
});

test('a path in the way of a file stops the torrent with a reason, and no other', async () => {
  await using stage = await SwarmStage.open();
  const seeder = await stage.seed(1);
  const leecher = await stage.start(2);
  await mkdir(leecher.dataFolder, { recursive: true });
  await writeFile(path.join(leecher.dataFolder, 'sample'), 'a file, where a folder should be');
  await stage.add(leecher);
  await stage.until(() => leecher.has('torrent-error'), 20_000);
  expect(stage.torrent(leecher).getSummary().status).toBe('error');
  expect(stage.torrent(seeder).getSummary().status).toBe('seeding');
  await rm(path.join(leecher.dataFolder, 'sample'));
  stage.torrent(leecher).resume();
  await stage.untilComplete([leecher], 20_000);
});

describe.skipIf(!canMount())('on a full disk (needs to mount a tmpfs)', () => {
  /** A small disk in the place of a folder. */
  async function mountSmallDisk(folder: string): Promise<Disposable> {
    await mkdir(folder, { recursive: true });
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1536k', 'tmpfs', folder]);
    return { [Symbol.dispose]: () => void execFileSync('umount', ['-l', folder]) };
  }

  /** Fills it, so that a leecher runs out of room. @returns what takes the room */
  async function runOut(stage: SwarmStage, node: Node): Promise<string> {
    const ballast = path.join(node.dataFolder, 'ballast');
    await writeFile(ballast, new Uint8Array(LENGTH));
    await stage.seed(1);
    await stage.add(node);
    await stage.until(() => node.has('torrent-error'), 20_000);
    expect(node.eventsOf('torrent-error')[0]!.code).toBe('disk-full');
    return ballast;
  }

  test('a torrent stops, and goes on soon after room was made', async () => {
    await using stage = await SwarmStage.open();
    const node = await stage.start(2);
    using _ = await mountSmallDisk(node.dataFolder);
    const ballast = await runOut(stage, node);
    expect(stage.torrent(node).getSummary().havePieceCount).toBeGreaterThan(5);
    await stage.clock.advance(150_000);
    expect(node.has('complete')).toBe(false);
    await rm(ballast);
    await stage.untilComplete([node], 90_000);
    expect(await stage.isExact(node)).toBe(true);
  });

  test('a torrent that a person paused meanwhile stays paused', async () => {
    await using stage = await SwarmStage.open();
    const node = await stage.start(2);
    using _ = await mountSmallDisk(node.dataFolder);
    await runOut(stage, node);
    stage.torrent(node).pause();
    await stage.clock.advance(150_000);
    expect(stage.torrent(node).getSummary().status).toBe('paused');
  });
});

test('a torrent that was paused while it wrote to a full disk does not go on by itself', async () => {
  await using stage = await SwarmStage.open();
  await stage.seed(1);
  const node = await stage.leech(2, { paused: true });
  using files = new FailingFiles(node.dataFolder, (name) => {
    if (name !== 'writev' || files.failed !== undefined) return undefined;
    stage.torrent(node).pause();
    return 'ENOSPC';
  });
  stage.torrent(node).resume();
  await stage.until(() => node.has('torrent-error'), 20_000);
  await stage.clock.advance(150_000);
  expect(stage.torrent(node).getSummary()).toMatchObject({ status: 'error', peerCount: 0 });
  stage.torrent(node).resume();
  await stage.untilComplete([node], 20_000);
});
