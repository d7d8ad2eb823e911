import { mkdir, open, readdir, readFile, symlink, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type FileSystem, StoreError } from '../../../src/index.ts';
import { FailingSystem, type SystemCall } from '../../failing-system.ts';
import { mountSmallDisk } from '../../system-command.ts';
import { tempFolder } from '../../temp-folder.ts';
import { only, PART_FILE, PartStage } from './part-stage.ts';

/** Files of 15, 12, 0 and 18 bytes: chunks 0, 1 (f0, f1), 2 (f1, f3), 3, 4. */
const LENGTHS = [15, 12, 0, 18];
const all = (): boolean => true;

describe('a file that is not selected', () => {
  it('is not made, and the chunks it shares with others are kept', async () => {
    const stage = await PartStage.open(LENGTHS);
    const store = stage.store();
    await store.select(only(1));
    await stage.put(store, 1, 2);
    await store.finish();
    expect(await stage.get(store, 1)).toEqual(stage.chunk(1));
    expect(await store.get(1, 3, 4)).toEqual(stage.chunk(1).subarray(3, 7));
    expect(await stage.get(store, 2)).toEqual(stage.chunk(2));
    expect(await stage.isWhole(1)).toBe(true);
    expect((await readdir(stage.root)).sort()).toEqual([PART_FILE, 'd']);
    await store.close();
  });

  it('says missing for a chunk that was not put', async () => {
    const stage = await PartStage.open(LENGTHS);
    const store = stage.store();
    await store.select(only(0));
    await stage.put(store, 1);
    await expect(stage.get(store, 2)).rejects.toMatchObject({ code: 'missing' });
    await expect(stage.get(store, 3)).rejects.toMatchObject({ code: 'missing', path: PART_FILE });
    await store.close();
  });

  it('is read from the part file by the next run, even before that says what is selected', async () => {
    const stage = await PartStage.open(LENGTHS);
    const store = stage.store();
    await store.select(only(1));
    await stage.put(store, 1, 2);
    // No close and no sync: as when the process is killed.
    const next = stage.store();
    expect(await stage.get(next, 1)).toEqual(stage.chunk(1));
    await next.select(only(1));
    expect(await stage.get(next, 2)).toEqual(stage.chunk(2));
    await Promise.all([store.close(), next.close()]);
  });

  it('stays where it is when it was on disk before', async () => {
    const stage = await PartStage.open(LENGTHS);
    const store = stage.store();
    await stage.put(store, 0);
    await store.select(only(1));
    await stage.put(store, 1);
    await store.select(only(3));
    await stage.put(store, 2);
    expect(stage.hasPartFile).toBe(false);
    expect(await stage.isWhole(0)).toBe(true);
    expect(await stage.isWhole(1)).toBe(true);
    await store.close();
  });

  it('has no empty file made, until it is selected', async () => {
    const stage = await PartStage.open(LENGTHS);
    const store = stage.store();
    await store.select(only(0));
    await stage.put(store, 0, 1);
    await store.finish();
    expect(stage.has(2)).toBe(false);
    await store.select(only(0, 2));
    expect(stage.has(2)).toBe(true);
    await store.close();
  });

  it('has the mark of the part file, which changes with it', async () => {
    const stage = await PartStage.open(LENGTHS);
    const store = stage.store();
    await store.select(only(0));
    expect((await store.marks()).map(({ isApart }) => isApart)).toEqual(Array(4).fill(undefined));
    await stage.put(store, 1);
    const [own, first, empty, last] = await store.marks();
    expect(own).toMatchObject({ length: 15 });
    expect(first).toMatchObject({ isApart: true });
    expect([empty, last]).toEqual(Array(2).fill({ length: 0, mtimeMs: 0 }));
    expect([...(await store.marksOf(1))]).toEqual([
      [0, own],
      [1, first],
    ]);
    await store.select(only(3));
    await stage.put(store, 2);
    expect((await store.marks())[1]).not.toEqual(first);
    await store.close();
  });
});

describe('a file that is selected later', () => {
  it('gets its bytes out of the part file, which goes when nothing is left in it', async () => {
    const stage = await PartStage.open(LENGTHS);
    const store = stage.store();
    await store.select(only(1));
    await stage.put(store, 1, 2);
    await store.select(only(0, 1));
    expect((await readFile(stage.pathOf(0))).subarray(10)).toEqual(
      Buffer.from(stage.bytes.subarray(10, 15)),
    );
    expect(stage.hasPartFile).toBe(true);
    expect(stage.has(3)).toBe(false);
    await store.select(all);
    expect(stage.hasPartFile).toBe(false);
    for (const index of [1, 2]) expect(await stage.get(store, index)).toEqual(stage.chunk(index));
    await stage.put(store, 0, 3, 4);
    await store.finish();
    for (const fileIndex of [0, 1, 2, 3]) expect(await stage.isWhole(fileIndex)).toBe(true);
    await store.close();
  });

  it('gets them in the next run too', async () => {
    const stage = await PartStage.open(LENGTHS);
    const store = stage.store();
    await store.select(only(1));
    await stage.put(store, 1, 2);
    await store.close();
    const next = stage.store();
    await next.select(all);
    expect(stage.hasPartFile).toBe(false);
    for (const index of [1, 2]) expect(await stage.get(next, index)).toEqual(stage.chunk(index));
    await next.close();
  });

  it('shares a chunk with more than one other', async () => {
    const stage = await PartStage.open([1, 2, 3, 2, 1, 1]);
    const store = stage.store();
    await store.select(only(2));
    await stage.put(store, 0);
    for (const selected of [
      [2, 5],
      [0, 2, 5],
      [0, 1, 2, 5],
      [0, 1, 2, 3, 4, 5],
    ]) {
      await store.select(only(...selected));
      expect(await stage.get(store, 0)).toEqual(stage.chunk(0));
      for (const fileIndex of stage.files.keys())
        expect(stage.has(fileIndex)).toBe(selected.includes(fileIndex));
    }
    expect(stage.hasPartFile).toBe(false);
    await store.close();
  });

  it('loses no chunk when any one call of the system fails or the process ends there', async () => {
    const run = async (failing: FailingSystem, failsAt: number): Promise<number> => {
      const stage = await PartStage.open(LENGTHS);
      const store = stage.store(failing.system);
      await store.select(only(1));
      await stage.put(store, 1, 2);
      const before = failing.callCount;
      failing.failWith = (_, callNumber) => (callNumber === before + failsAt ? 'EIO' : undefined);
      await store.select(all).catch((error: unknown) => expect(error).toBeInstanceOf(StoreError));
      const { callCount } = failing;
      const killed = stage.store();
      for (const next of [store, killed])
        for (const index of [1, 2])
          expect(await stage.get(next, index)).toEqual(stage.chunk(index));
      await killed.select(only(1));
      for (const index of [1, 2])
        expect(await stage.get(killed, index)).toEqual(stage.chunk(index));
      await killed.close();
      await store.close();
      await store.select(all);
      await store.finish();
      for (const index of [1, 2]) expect(await stage.get(store, index)).toEqual(stage.chunk(index));
      expect(stage.hasPartFile, `part file after a failure of call ${failsAt}`).toBe(false);
      await store.close();
      expect(failing.open.size).toBe(0);
      return callCount - before;
    };
    const callCount = await run(new FailingSystem(), -1);
    for (let n = 1; n <= callCount; n++) await run(new FailingSystem(), n);
  });

  it('is tried again by finish when it could not be moved', async () => {
    const stage = await PartStage.open(LENGTHS);
    const failing = new FailingSystem();
    const store = stage.store(failing.system);
    await store.select(only(1));
    await stage.put(store, 1);
    failing.failWith = (call) => (call === 'writev' ? 'ENOSPC' : undefined);
    await expect(store.select(all)).rejects.toMatchObject({ code: 'disk-full', path: 'f0' });
    expect(await stage.get(store, 1)).toEqual(stage.chunk(1));
    failing.failWith = () => undefined;
    await store.finish();
    expect(stage.hasPartFile).toBe(false);
    await store.close();
  });
});

describe('a part file', () => {
  /** One that has chunk 1, of a run that ended. */
  async function openWithPart(): Promise<PartStage> {
    const stage = await PartStage.open(LENGTHS);
    const store = stage.store();
    await store.select(only(0));
    await stage.put(store, 0, 1);
    await store.close();
    return stage;
  }

  it('has its head written whole again after a sync that failed', async () => {
    const stage = await PartStage.open(LENGTHS);
    const failing = new FailingSystem();
    const positions: number[] = [];
    const writev: FileSystem['writev'] = (fd, parts, position) => {
      positions.push(position);
      return failing.system.writev(fd, parts, position);
    };
    const store = stage.store({ ...failing.system, writev });
    await store.select(() => false);
    await stage.put(store, 1);
    failing.failWith = (call) => (call === 'fsync' ? 'EIO' : undefined);
    await expect(store.sync()).rejects.toMatchObject({ code: 'io' });
    failing.failWith = () => undefined;
    positions.length = 0;
    await store.sync();
    expect(positions).toEqual([0]);
    await store.close();
  });

  it.each<[string, (file: string) => Promise<unknown>]>([
    ['of another program', (file) => writeFile(file, new Uint8Array(10_000).fill(1))],
    ['that was emptied', (file) => truncate(file, 0)],
    ['that was cut in its head', (file) => truncate(file, 20)],
    ['that was cut before its slots', (file) => truncate(file, 4096)],
  ])('%s has nothing, and is written anew', async (_name, damage) => {
    const stage = await openWithPart();
    await damage(stage.partFile);
    const store = stage.store();
    await store.select(only(0));
    await expect(stage.get(store, 1)).rejects.toMatchObject({ code: 'missing' });
    await stage.put(store, 1);
    await store.sync();
    await store.close();
    const next = stage.store();
    expect(await stage.get(next, 1)).toEqual(stage.chunk(1));
    await next.select(all);
    expect(stage.hasPartFile).toBe(false);
    await next.close();
  });

  it('whose bytes were cut off moves what is left, and is no error', async () => {
    const stage = await openWithPart();
    await truncate(stage.partFile, 4096 + 7);
    const store = stage.store();
    await store.select(all);
    expect(stage.hasPartFile).toBe(false);
    await stage.put(store, 1, 2, 3, 4);
    await store.finish();
    expect(await stage.isWhole(1)).toBe(true);
    await store.close();
  });

  it('is never a symbolic link, nor a folder', async () => {
    const victim = join(await tempFolder(), 'victim');
    await writeFile(victim, 'untouched');
    for (const place of [(path: string) => symlink(victim, path), (path: string) => mkdir(path)]) {
      const stage = await PartStage.open(LENGTHS);
      await mkdir(stage.root);
      await place(stage.partFile);
      const store = stage.store();
      await store.select(only(0));
      await stage.put(store, 0);
      await expect(stage.put(store, 1)).rejects.toMatchObject({
        code: 'unsafe-path',
        path: PART_FILE,
      });
      await store.erase();
      expect(stage.hasPartFile).toBe(true);
      expect(await readFile(victim, 'utf8')).toBe('untouched');
    }
  });

  it('goes when all is erased', async () => {
    const stage = await openWithPart();
    await stage.store().erase();
    expect(await readdir(stage.root)).toEqual([]);
  });

  it('is as long as what is in it, whatever lies before that', async () => {
    const stage = await PartStage.open([15, 100_000, 15]);
    const store = stage.store();
    await store.select(only(2));
    const last = stage.chunkCount - 2;
    await stage.put(store, last);
    const handle = await open(stage.partFile);
    expect((await handle.stat()).size).toBeLessThan(50_000);
    await handle.close();
    await store.close();
  });

  it('cannot have the name of a file, or leave the root', async () => {
    const stage = await PartStage.open(LENGTHS);
    const { FileStore } = await import('../../../src/index.ts');
    for (const partFile of ['f0', '..', 'd/x', ''])
      expect(
        () => new FileStore({ root: stage.root, files: stage.files, chunkLength: 10, partFile }),
      ).toThrow(expect.objectContaining({ code: 'unsafe-path' }));
  });

  it.each<[string, SystemCall, string]>([
    ['ENOSPC', 'writev', 'disk-full'],
    ['EIO', 'fsync', 'io'],
    ['EACCES', 'open', 'no-permission'],
  ])(
    '%s of %s is %s, and the next try claims nothing that is not there',
    async (systemCode, call, code) => {
      const stage = await PartStage.open([5, 5]);
      const failing = new FailingSystem();
      const store = stage.store(failing.system);
      await store.select(() => false);
      failing.failWith = (called) => (called === call ? systemCode : undefined);
      const use = async (): Promise<void> => {
        await stage.put(store, 0);
        await store.sync();
      };
      await expect(use()).rejects.toMatchObject({ name: 'StoreError', code });
      failing.failWith = () => undefined;
      await use();
      const next = stage.store();
      expect(await stage.get(next, 0)).toEqual(stage.chunk(0));
      await Promise.all([store.close(), next.close()]);
    },
  );

  it('on a disk that is full keeps what it has', async ({ skip }) => {
    const stage = await PartStage.open(LENGTHS);
    await mkdir(stage.root);
    if (!mountSmallDisk(stage.root)) skip('mounting a small tmpfs needs root');
    const store = stage.store();
    await store.select(only(0));
    await stage.put(store, 0, 1);
    let fill = 1_048_576;
    while (fill > 0)
      await writeFile(join(stage.root, `fill${fill}`), new Uint8Array(fill)).catch(() => {
        fill = Math.floor(fill / 2);
      });
    await store
      .select(all)
      .catch((error: unknown) => expect(error).toMatchObject({ code: 'disk-full' }));
    expect(await stage.get(store, 1)).toEqual(stage.chunk(1));
    await store.close();
  });
});
