import { mkdir, stat, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { beforeEach, expect, it } from 'vitest';
import { makeFolder, nodeFileSystem } from '../../src/index.ts';
import { tempFolder } from '../temp-folder.ts';

let root: string;

beforeEach(async () => {
  root = await tempFolder();
});

function failure(code: string): Error {
  return Object.assign(new Error(`${code}: mkdir`), { code, syscall: 'mkdir' });
}

it('makes a folder with its parents, and is content with one that is there', async () => {
  for (let n = 0; n < 2; n++) await makeFolder(join(root, 'a', 'b'));
  expect((await stat(join(root, 'a', 'b'))).isDirectory()).toBe(true);
});

it('makes durable what it made: each folder that gained an entry is synced after it has', async () => {
  const calls: string[] = [];
  const opened = new Map<number, string>();
  const system = {
    ...nodeFileSystem,
    mkdir: (path: string, options: { readonly recursive: boolean }) => {
      calls.push(`mkdir ${relative(root, path)}`);
      return nodeFileSystem.mkdir(path, options);
    },
    open: async (path: string, flags: number) => {
      const fd = await nodeFileSystem.open(path, flags);
      opened.set(fd, path);
      return fd;
    },
    fsync: (fd: number) => {
      calls.push(`fsync ${relative(root, opened.get(fd)!)}`);
      return nodeFileSystem.fsync(fd);
    },
  };
  await mkdir(join(root, 'there'));
  await makeFolder(join(root, 'there', 'a', 'b'), system);
  const made = ['mkdir there/a', 'fsync there', 'mkdir there/a/b', 'fsync there/a'];
  expect(calls).toEqual(made);
});

it('names the true reason where nothing can be made, however deep', async () => {
  await mkdir(join(root, 'there'));
  const asked: string[] = [];
  const system = {
    ...nodeFileSystem,
    mkdir: async (path: string, { recursive }: { readonly recursive: boolean }) => {
      if (recursive) throw failure('ENOENT');
      asked.push(path);
      throw failure('EROFS');
    },
  };
  const made = makeFolder(join(root, 'there', 'new', 'deep', 'deeper'), system);
  await expect(made).rejects.toMatchObject({ code: 'EROFS' });
  expect(asked).toEqual([join(root, 'there', 'new')]);
});

it.skipIf(process.platform !== 'linux')(
  'gives up where a folder is there and takes none',
  async () => {
    // In /proc the system says ENOENT of what cannot be made, and Node tries all parents again and again.
    await expect(makeFolder('/proc/shoal/deep')).rejects.toMatchObject({ code: 'ENOENT' });
  },
);

it('makes what another call has made meanwhile', async () => {
  const folders = ['a/b/c', 'a/b/d', 'a/b/c'].map((name) => join(root, name));
  await Promise.all(folders.map((folder) => makeFolder(folder)));
  for (const folder of folders) expect((await stat(folder)).isDirectory()).toBe(true);
});

it('leaves every other reason as it is', async () => {
  await writeFile(join(root, 'file'), '');
  await expect(makeFolder(join(root, 'file', 'x'))).rejects.toMatchObject({ code: 'ENOTDIR' });
  await expect(makeFolder(join(root, 'file'))).rejects.toMatchObject({ code: 'EEXIST' });
});
