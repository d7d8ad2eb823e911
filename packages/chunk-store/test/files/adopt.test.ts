import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ChunkFolderStore, FileStore } from '../../src/index.ts';
import { FailingSystem } from '../failing-system.ts';
import { tempFolder } from '../temp-folder.ts';

const CHUNK_LENGTH = 4;

/** Two files of six bytes that somebody else wrote: chunk 1 lies in both. */
async function openFiles(root: string, partFile?: string) {
  await mkdir(root, { recursive: true });
  for (const name of ['a', 'b']) await writeFile(join(root, name), '123456');
  return counted((system) => {
    const files = ['a', 'b'].map((name) => ({ path: [name], length: 6, isPad: false }));
    const part = partFile === undefined ? {} : { partFile };
    return new FileStore({ root, files, chunkLength: CHUNK_LENGTH, system, ...part });
  });
}

/** A store, and how often something was synced; `failWith` is what a sync fails with. */
function counted<Store>(make: (system: FailingSystem['system']) => Store) {
  const failing = new FailingSystem();
  const stage = { store: make(failing.system), syncCount: 0, failWith: '' };
  failing.failWith = (call) => {
    if (call !== 'fsync') return undefined;
    stage.syncCount++;
    return stage.failWith || undefined;
  };
  return stage;
}

describe('what a store adopts', () => {
  it('is synced once, each file by itself, and nothing else is', async () => {
    const stage = await openFiles(await tempFolder());
    stage.store.adopt(0);
    await stage.store.sync();
    expect(stage.syncCount).toBe(1);
    stage.store.adopt(1);
    await stage.store.sync();
    expect(stage.syncCount).toBe(3);
    await stage.store.sync();
    expect(stage.syncCount).toBe(3);
    await stage.store.close();
  });

  it('is synced after the store was closed, too', async () => {
    const stage = await openFiles(await tempFolder());
    stage.store.adopt(1);
    await stage.store.close();
    await stage.store.sync();
    expect(stage.syncCount).toBe(2);
    await stage.store.close();
  });

  it.each(['EINVAL', 'EROFS', 'EPERM'])(
    'need not be synced where nobody can (%s)',
    async (code) => {
      const stage = await openFiles(await tempFolder());
      stage.failWith = code;
      stage.store.adopt(0);
      await stage.store.sync();
      expect(stage.syncCount).toBe(1);
      await stage.store.close();
    },
  );

  it.each([
    ['EIO', 'io'],
    ['ENOSPC', 'disk-full'],
    ['EMFILE', 'too-many-files'],
  ])('is told when bytes of it may be lost (%s), and tried again', async (name, code) => {
    const stage = await openFiles(await tempFolder());
    stage.failWith = name;
    stage.store.adopt(0);
    await expect(stage.store.sync()).rejects.toMatchObject({ code, path: 'a' });
    stage.failWith = '';
    await stage.store.sync();
    expect(stage.syncCount).toBe(2);
    await stage.store.close();
  });

  it('may be gone by then', async () => {
    const root = await tempFolder();
    const stage = await openFiles(root);
    stage.store.adopt(0);
    await rm(join(root, 'a'));
    await stage.store.sync();
    expect(stage.syncCount).toBe(0);
    await stage.store.close();
  });

  it('is a part of a chunk folder', async () => {
    const root = await tempFolder();
    const names = { root, name: 'x', chunkLength: CHUNK_LENGTH, totalLength: 8 };
    const writer = new ChunkFolderStore(names);
    for (const index of [0, 1]) await writer.put(index, new Uint8Array(CHUNK_LENGTH));
    const stage = counted((system) => new ChunkFolderStore({ ...names, system }));
    stage.store.adopt(1);
    stage.failWith = 'EIO';
    await expect(stage.store.sync()).rejects.toMatchObject({ code: 'io' });
    stage.failWith = 'EINVAL';
    await stage.store.sync();
    await stage.store.sync();
    expect(stage.syncCount).toBe(2);
  });
});

describe('a part file', () => {
  const PART = '.parts';

  it('is synced when a chunk was found in it', async () => {
    const root = await tempFolder();
    const first = await openFiles(root, PART);
    await rm(join(root, 'b'));
    await first.store.select((fileIndex) => fileIndex === 0);
    await first.store.put(1, new Uint8Array(CHUNK_LENGTH));
    await first.store.close();
    const again = counted((system) => {
      const files = ['a', 'b'].map((name) => ({ path: [name], length: 6, isPad: false }));
      return new FileStore({ root, files, chunkLength: CHUNK_LENGTH, system, partFile: PART });
    });
    await again.store.select((fileIndex) => fileIndex === 0);
    again.store.adopt(1);
    await again.store.sync();
    expect(again.syncCount).toBe(2);
    await again.store.close();
  });

  it('that was written and closed is synced when the store is used again', async () => {
    const root = await tempFolder();
    const stage = await openFiles(root, PART);
    await rm(join(root, 'b'));
    await stage.store.select((fileIndex) => fileIndex === 0);
    await stage.store.put(2, new Uint8Array(CHUNK_LENGTH));
    await stage.store.close();
    await stage.store.sync();
    // The file, and the folder that it is new in.
    expect(stage.syncCount).toBe(2);
    await stage.store.close();
  });
});
