import { statfs, unlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { FileStore, type StoredFile, StoreError } from '../../src/index.ts';
import { FailingSystem, type SystemCall } from '../failing-system.ts';
import { mountSmallDisk, runCommand } from '../system-command.ts';
import { tempFolder } from '../temp-folder.ts';

const FILES: StoredFile[] = [
  { path: ['a', 'b'], length: 25, isPad: false },
  { path: ['c'], length: 0, isPad: false },
  { path: ['d'], length: 15, isPad: false },
];
const chunk = (index: number): Uint8Array => new Uint8Array(10).fill(index + 1);

/** Puts, syncs, finishes, reads back and closes. */
async function useStore(store: FileStore): Promise<void> {
  await Promise.all([0, 1, 2, 3].map((index) => store.put(index, chunk(index))));
  await store.sync();
  await store.finish();
  for (const index of [0, 1, 2, 3]) expect(await store.get(index, 0, 10)).toEqual(chunk(index));
  await store.marks();
  await store.close();
}

describe('when the system fails', () => {
  it.each<[string, SystemCall, string]>([
    ['ENOSPC', 'writev', 'disk-full'],
    ['EDQUOT', 'writev', 'disk-full'],
    ['EIO', 'writev', 'io'],
    ['EIO', 'fsync', 'io'],
    ['EACCES', 'open', 'no-permission'],
    ['EROFS', 'open', 'no-permission'],
    ['EROFS', 'mkdir', 'no-permission'],
    ['EMFILE', 'open', 'too-many-files'],
    ['ELOOP', 'open', 'unsafe-path'],
  ])('%s of %s is %s, and the next try succeeds', async (systemCode, call, code) => {
    const failing = new FailingSystem();
    const root = await tempFolder();
    const store = new FileStore({ root, chunkLength: 10, files: FILES, system: failing.system });
    failing.failWith = (called) => (called === call ? systemCode : undefined);
    await expect(useStore(store)).rejects.toMatchObject({ name: 'StoreError', code });
    failing.failWith = () => undefined;
    await useStore(store);
    expect(failing.open.size).toBe(0);
  });

  it('a failure at any one call gives a StoreError, leaks no handle and passes', async () => {
    const plain = new FailingSystem();
    const options = { chunkLength: 10, files: FILES, maxOpenFiles: 2 };
    await useStore(new FileStore({ ...options, root: await tempFolder(), system: plain.system }));
    for (let n = 1; n <= plain.callCount; n++) {
      const failing = new FailingSystem();
      failing.failWith = (_, callNumber) => (callNumber === n ? 'EIO' : undefined);
      const root = await tempFolder();
      const store = new FileStore({ ...options, root, system: failing.system });
      await useStore(store).catch((error: unknown) => expect(error).toBeInstanceOf(StoreError));
      await useStore(store);
      expect(failing.open.size, `handles after a failure of call ${n}`).toBe(0);
    }
  });

  it('closes its own idle files when the process has no handle left', async () => {
    const failing = new FailingSystem();
    const root = await tempFolder();
    const files = Array.from({ length: 8 }, (_, n) => ({
      path: [`${n}`],
      length: 10,
      isPad: false,
    }));
    const store = new FileStore({ root, chunkLength: 10, files, system: failing.system });
    failing.failWith = (call) => (call === 'open' && failing.open.size >= 3 ? 'EMFILE' : undefined);
    for (let index = 0; index < 8; index++) await store.put(index, chunk(index));
    for (let index = 0; index < 8; index++)
      expect(await store.get(index, 0, 10)).toEqual(chunk(index));
    await store.close();
    expect(failing.open.size).toBe(0);
  });
});

describe('on a disk that is really full', () => {
  it('says disk-full, keeps what was put, and goes on when there is room', async ({ skip }) => {
    const root = await tempFolder();
    if (!mountSmallDisk(root)) skip('mounting a small tmpfs needs root');
    const big = (index: number): Uint8Array => new Uint8Array(65_536).fill(index + 1);
    await writeFile(join(root, 'other'), new Uint8Array(300_000));
    const files = [{ path: ['a'], length: 15 * 65_536, isPad: false }];
    const store = new FileStore({ root, chunkLength: 65_536, files });
    const all = [...Array(15).keys()];
    const results = await Promise.allSettled(all.map((index) => store.put(index, big(index))));
    const failed = results.filter(({ status }) => status === 'rejected');
    expect(failed.length).toBeGreaterThan(0);
    for (const { reason } of failed as PromiseRejectedResult[])
      expect(reason).toMatchObject({ code: 'disk-full', path: 'a' });
    for (const index of all.filter((n) => results[n]!.status === 'fulfilled'))
      expect(await store.get(index, 0, 65_536)).toEqual(big(index));
    expect((await statfs(root)).bavail).toBe(0);
    await unlink(join(root, 'other'));
    for (const index of all) await store.put(index, big(index));
    await store.sync();
    for (const index of all) expect(await store.get(index, 0, 65_536)).toEqual(big(index));
    await store.close();
  });

  it('seeds from a read-only file system, and says no-permission to a put', async ({ skip }) => {
    const root = await tempFolder();
    if (!mountSmallDisk(root)) skip('mounting a small tmpfs needs root');
    await writeFile(join(root, 'a'), chunk(0));
    runCommand('mount', '-o', 'remount,ro', root);
    const files = [{ path: ['a'], length: 10, isPad: false }];
    const store = new FileStore({ root, chunkLength: 10, files });
    expect(await store.get(0, 0, 10)).toEqual(chunk(0));
    await store.finish();
    await store.sync();
    await expect(store.put(0, chunk(0))).rejects.toMatchObject({ code: 'no-permission' });
    expect(await store.get(0, 0, 10)).toEqual(chunk(0));
    await store.close();
  });
});
