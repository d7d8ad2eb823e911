import { mkdir, readdir, readFile, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { FileStore, type FileSystem, nodeFileSystem } from '../../src/index.ts';
import { runCommand } from '../system-command.ts';
import { tempFolder } from '../temp-folder.ts';

const chunk = Uint8Array.of(1, 2, 3, 4);
const unsafe = { name: 'StoreError', code: 'unsafe-path' };

const { pathOfHandle: _, ...byPath } = nodeFileSystem;

describe.each([
  ['that opens files by their folder, where the system can', nodeFileSystem],
  ['that opens files by their path', byPath],
])('a store %s never leaves its root', (_name, nodeSystem: FileSystem) => {
  let root: string;
  let victim: string;

  beforeEach(async () => {
    root = await tempFolder();
    victim = await tempFolder();
    await writeFile(join(victim, 'x'), 'mine');
  });

  const storeOf = (...path: string[]): FileStore =>
    new FileStore({
      root,
      chunkLength: 4,
      files: [{ path, length: 4, isPad: false }],
      system: nodeSystem,
    });
  const demandVictimUntouched = async (): Promise<void> => {
    expect(await readdir(victim)).toEqual(['x']);
    expect(await readFile(join(victim, 'x'), 'utf8')).toBe('mine');
  };

  it('refuses a folder that is a symbolic link, to write, to read and to finish', async () => {
    await symlink(victim, join(root, 'a'));
    await expect(storeOf('a', 'x').put(0, chunk)).rejects.toMatchObject(unsafe);
    await expect(storeOf('a', 'new').put(0, chunk)).rejects.toMatchObject(unsafe);
    await expect(storeOf('a', 'b', 'new').put(0, chunk)).rejects.toMatchObject(unsafe);
    await expect(storeOf('a', 'x').get(0, 0, 4)).rejects.toMatchObject(unsafe);
    const files = [{ path: ['a', 'empty'], length: 0, isPad: false }];
    const store = new FileStore({ root, chunkLength: 4, files, system: nodeSystem });
    await expect(store.finish()).rejects.toMatchObject(unsafe);
    await demandVictimUntouched();
  });

  it('refuses a file that is a symbolic link, also one that leads nowhere', async () => {
    await symlink(join(victim, 'x'), join(root, 'x'));
    await symlink(join(victim, 'new'), join(root, 'y'));
    await expect(storeOf('x').put(0, chunk)).rejects.toMatchObject(unsafe);
    await expect(storeOf('x').get(0, 0, 4)).rejects.toMatchObject(unsafe);
    await expect(storeOf('y').put(0, chunk)).rejects.toMatchObject(unsafe);
    await demandVictimUntouched();
  });

  it('refuses a folder that was swapped for a link after the file was made', async () => {
    const store = storeOf('a', 'x');
    await store.put(0, chunk);
    await store.close();
    await rename(join(root, 'a'), join(root, 'b'));
    await symlink(victim, join(root, 'a'));
    await expect(store.put(0, chunk)).rejects.toMatchObject(unsafe);
    await expect(store.get(0, 0, 4)).rejects.toMatchObject(unsafe);
    await demandVictimUntouched();
  });

  it('writes nothing when a folder is swapped between the look and the open', async () => {
    await mkdir(join(root, 'a'));
    const system = {
      ...nodeSystem,
      open: async (path: string, flags: number): Promise<number> => {
        await rm(join(root, 'a'), { recursive: true });
        await symlink(victim, join(root, 'a'));
        return nodeSystem.open(path, flags);
      },
    };
    const files = [{ path: ['a', 'x'], length: 4, isPad: false }];
    const store = new FileStore({ root, chunkLength: 4, files, system });
    await expect(store.put(0, chunk)).rejects.toMatchObject(unsafe);
    await demandVictimUntouched();
  });

  it('finds a folder that was swapped for a link and back around the open', async () => {
    await mkdir(join(root, 'a'));
    await writeFile(join(root, 'a', 'x'), 'ours');
    const system = {
      ...nodeSystem,
      open: async (path: string, flags: number): Promise<number> => {
        await rename(join(root, 'a'), join(root, 'b'));
        await symlink(victim, join(root, 'a'));
        const fd = await nodeSystem.open(path, flags);
        await rm(join(root, 'a'));
        await rename(join(root, 'b'), join(root, 'a'));
        return fd;
      },
    };
    const files = [{ path: ['a', 'x'], length: 4, isPad: false }];
    const store = new FileStore({ root, chunkLength: 4, files, system });
    await expect(store.put(0, chunk)).rejects.toMatchObject(unsafe);
    await demandVictimUntouched();
  });

  it('lets the root itself be a link: that is the choice of the user', async () => {
    const link = join(victim, 'link');
    await symlink(root, link);
    const files = [{ path: ['a', 'x'], length: 4, isPad: false }];
    const store = new FileStore({ root: link, chunkLength: 4, files, system: nodeSystem });
    await store.put(0, chunk);
    await store.close();
    expect([...(await readFile(join(root, 'a', 'x')))]).toEqual([...chunk]);
  });

  it('refuses a folder, a file or a named pipe where the other kind should be', async () => {
    await mkdir(join(root, 'folder'));
    await writeFile(join(root, 'file'), '');
    runCommand('mkfifo', join(root, 'pipe'));
    await expect(storeOf('folder').put(0, chunk)).rejects.toMatchObject(unsafe);
    await expect(storeOf('folder').get(0, 0, 4)).rejects.toMatchObject(unsafe);
    await expect(storeOf('file', 'x').put(0, chunk)).rejects.toMatchObject(unsafe);
    await expect(storeOf('pipe').put(0, chunk)).rejects.toMatchObject(unsafe);
    await expect(storeOf('pipe').get(0, 0, 4)).rejects.toMatchObject(unsafe);
  });

  it.each([
    [['..', 'x']],
    [['a', '..', 'x']],
    [['.']],
    [['']],
    [[]],
    [['/etc/x']],
    [['a/b']],
    [['a\\b']],
    [['a\0']],
  ])('refuses the path %j before anything is opened', (path) => {
    expect(() => storeOf(...path)).toThrow(expect.objectContaining(unsafe));
  });

  it('refuses two files of one path: never two writers', () => {
    const file = { path: ['a'], length: 4, isPad: false };
    expect(() => new FileStore({ root, chunkLength: 4, files: [file, file] })).toThrow(
      expect.objectContaining(unsafe),
    );
  });
});
