import { mkdir, readdir, readFile, rename, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { FileStore } from '../../src/index.ts';
import { FailingSystem } from '../failing-system.ts';
import { tempFolder } from '../temp-folder.ts';

const FILES = [
  { path: ['album', 'a'], length: 4, isPad: false },
  { path: ['album', 'disc', 'b'], length: 4, isPad: false },
  { path: ['album', 'empty'], length: 0, isPad: false },
];

describe('what a store erases', () => {
  let root: string;
  let victim: string;

  beforeEach(async () => {
    root = await tempFolder();
    victim = await tempFolder();
    await writeFile(join(victim, 'b'), 'mine');
  });

  const storeOf = (system = new FailingSystem()): FileStore =>
    new FileStore({ root, chunkLength: 4, files: FILES, system: system.system });
  const filled = async (): Promise<FileStore> => {
    const store = storeOf();
    for (const index of [0, 1]) await store.put(index, Uint8Array.of(1, 2, 3, 4));
    await store.finish();
    return store;
  };
  const demandVictimUntouched = async (): Promise<void> => {
    expect(await readdir(victim)).toEqual(['b']);
    expect(await readFile(join(victim, 'b'), 'utf8')).toBe('mine');
  };

  it('is its own files and the folders that are empty then, but not the root', async () => {
    await writeFile(join(root, 'beside'), '');
    await (await filled()).erase();
    expect(await readdir(root)).toEqual(['beside']);
  });

  it('is nothing that somebody else put between its files', async () => {
    const store = await filled();
    await writeFile(join(root, 'album', 'notes'), 'mine');
    await mkdir(join(root, 'album', 'disc', 'more'));
    await store.erase();
    expect((await readdir(join(root, 'album'))).sort()).toEqual(['disc', 'notes']);
    expect(await readdir(join(root, 'album', 'disc'))).toEqual(['more']);
  });

  it('is never behind a link in the place of a folder', async () => {
    const store = await filled();
    await rename(join(root, 'album', 'disc'), join(root, 'moved'));
    await symlink(victim, join(root, 'album', 'disc'));
    await store.erase();
    await demandVictimUntouched();
    expect(await readdir(join(root, 'album'))).toEqual(['disc']);
    expect(await readdir(join(root, 'moved'))).toEqual(['b']);
  });

  it('is neither a link in the place of a file nor what it leads to', async () => {
    await mkdir(join(root, 'album', 'disc'), { recursive: true });
    await symlink(join(victim, 'b'), join(root, 'album', 'disc', 'b'));
    await storeOf().erase();
    await demandVictimUntouched();
    expect(await readdir(join(root, 'album', 'disc'))).toEqual(['b']);
  });

  it('is no folder in the place of a file', async () => {
    await mkdir(join(root, 'album', 'a', 'inside'), { recursive: true });
    await storeOf().erase();
    expect(await readdir(join(root, 'album', 'a'))).toEqual(['inside']);
  });

  it('is nothing where nothing is', async () => {
    await storeOf().erase();
    expect(await readdir(root)).toEqual([]);
  });

  it('is told when the system refuses', async () => {
    await filled();
    const failing = new FailingSystem();
    failing.failWith = (call) => (call === 'unlink' ? 'EACCES' : undefined);
    await expect(storeOf(failing).erase()).rejects.toMatchObject({ code: 'no-permission' });
  });
});
