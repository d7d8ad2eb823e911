import { readdir, readFile, rm, symlink, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { chunkStoreContract } from '../../src/contract.ts';
import { ChunkFolderStore } from '../../src/index.ts';
import { FailingSystem } from '../failing-system.ts';
import { tempFolder } from '../temp-folder.ts';

chunkStoreContract(
  'ChunkFolderStore',
  async (layout) =>
    new ChunkFolderStore({ ...layout, root: join(await tempFolder(), 'parts'), name: 'n' }),
);

const layout = { chunkLength: 10, totalLength: 25 };
const chunk = (value: number, length = 10): Uint8Array => new Uint8Array(length).fill(value);

describe('ChunkFolderStore', () => {
  it('names parts from 1, in order when listed', async () => {
    const root = await tempFolder();
    const store = new ChunkFolderStore({ ...layout, root, name: 'a.bin' });
    await Promise.all([0, 1, 2].map((n) => store.put(n, chunk(n, n === 2 ? 5 : 10))));
    const names = (await readdir(root)).sort();
    expect(names).toEqual(['a.bin.part0001', 'a.bin.part0002', 'a.bin.part0003']);
    const parts = await Promise.all(names.map((name) => readFile(join(root, name))));
    expect([...Buffer.concat(parts)]).toEqual([...chunk(0), ...chunk(1), ...chunk(2, 5)]);
  });

  it('counts a part that was cut as missing', async () => {
    const root = await tempFolder();
    const store = new ChunkFolderStore({ ...layout, root, name: 'n' });
    await store.put(0, chunk(1));
    await truncate(join(root, 'n.part0001'), 9);
    await expect(store.get(0, 0, 1)).rejects.toMatchObject({ code: 'missing' });
  });

  it('has the old part or the new one when the disk is full, never half of one', async () => {
    const root = await tempFolder();
    const failing = new FailingSystem();
    const store = new ChunkFolderStore({ ...layout, root, name: 'n', system: failing.system });
    await store.put(0, chunk(1));
    for (const call of ['writev', 'rename', 'open', 'truncate']) {
      failing.failWith = (called) => (called === call ? 'ENOSPC' : undefined);
      await expect(store.put(0, chunk(2))).rejects.toMatchObject({ code: 'disk-full' });
      failing.failWith = () => undefined;
      expect(await store.get(0, 0, 10)).toEqual(chunk(1));
      expect(await readdir(root)).toEqual(['n.part0001']);
    }
    expect(failing.open.size).toBe(0);
  });

  it('says missing once on sync when parts were removed under it, and makes the others durable', async () => {
    const root = join(await tempFolder(), 'parts');
    const failing = new FailingSystem();
    const store = new ChunkFolderStore({ ...layout, root, name: 'n', system: failing.system });
    for (const n of [0, 1, 2]) await store.put(n, chunk(n, n === 2 ? 5 : 10));
    for (const name of ['n.part0001', 'n.part0002']) await rm(join(root, name));
    let syncCount = 0;
    failing.failWith = (call) => {
      if (call === 'fsync') syncCount++;
      return undefined;
    };
    await expect(store.sync()).rejects.toMatchObject({ code: 'missing', path: 'n.part0001' });
    expect(syncCount).toBe(2); // part 3 and the folder
    await store.sync();
    expect(syncCount).toBe(2);
    await store.put(0, chunk(0));
    await store.sync();
    expect(syncCount).toBe(4);
  });

  it('says missing once on sync when the whole folder was removed under it', async () => {
    const root = join(await tempFolder(), 'parts');
    const store = new ChunkFolderStore({ ...layout, root, name: 'n' });
    await store.put(0, chunk(1));
    await rm(root, { recursive: true });
    await expect(store.sync()).rejects.toMatchObject({ code: 'missing' });
    await store.sync();
  });

  it('overwrites what a crash left beside a part', async () => {
    const root = await tempFolder();
    await writeFile(join(root, 'n.part0001.tmp'), chunk(9, 100));
    const store = new ChunkFolderStore({ ...layout, root, name: 'n' });
    await store.put(0, chunk(1));
    expect(await store.get(0, 0, 10)).toEqual(chunk(1));
    expect(await readdir(root)).toEqual(['n.part0001']);
  });

  it('neither reads nor writes through a link', async () => {
    const root = await tempFolder();
    const victim = join(await tempFolder(), 'victim');
    await writeFile(victim, chunk(7));
    await symlink(victim, join(root, 'n.part0001'));
    await symlink(victim, join(root, 'n.part0002.tmp'));
    const store = new ChunkFolderStore({ ...layout, root, name: 'n' });
    await expect(store.get(0, 0, 10)).rejects.toMatchObject({ code: 'unsafe-path' });
    await expect(store.put(1, chunk(1))).rejects.toMatchObject({ code: 'unsafe-path' });
    await store.put(0, chunk(1));
    expect(await store.get(0, 0, 10)).toEqual(chunk(1));
    expect(new Uint8Array(await readFile(victim))).toEqual(chunk(7));
  });

  it('refuses a name that is a path', () => {
    for (const name of ['', '..', 'a/b', '/a'])
      expect(() => new ChunkFolderStore({ ...layout, root: '/nowhere', name })).toThrow(
        expect.objectContaining({ code: 'unsafe-path' }),
      );
  });
});
