import { mkdir, readdir, readFile, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, expect, it } from 'vitest';
import { nodeFileSystem, replaceFile } from '../../src/index.ts';
import { FailingSystem, type SystemCall } from '../failing-system.ts';
import { mountSmallDisk } from '../system-command.ts';
import { tempFolder } from '../temp-folder.ts';

let root: string;
let path: string;

beforeEach(async () => {
  root = await tempFolder();
  path = join(root, 'kept');
});

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const text = (name = 'kept'): Promise<string> => readFile(join(root, name), 'utf8');

async function* inParts(...parts: readonly string[]): AsyncGenerator<Uint8Array> {
  for (const part of parts) yield bytes(part);
}

it('makes a file, replaces one, and leaves nothing beside it', async () => {
  await replaceFile(path, bytes('one'));
  expect(await text()).toBe('one');
  await replaceFile(path, inParts('t', '', 'wo'));
  expect(await text()).toBe('two');
  await replaceFile(path, new Uint8Array(0));
  expect(await text()).toBe('');
  expect(await readdir(root)).toEqual(['kept']);
});

it('gives the new file its permissions before anything is in it', async () => {
  await replaceFile(path, bytes('one'));
  const system = {
    ...nodeFileSystem,
    writev: async (fd: number, parts: readonly Uint8Array[], position: number) => {
      expect((await nodeFileSystem.fstat(fd)).mode & 0o777).toBe(0o600);
      return nodeFileSystem.writev(fd, parts, position);
    },
  };
  await replaceFile(path, bytes('secret'), { mode: 0o600, system });
  expect((await stat(path)).mode & 0o777).toBe(0o600);
});

it('keeps the former file where it is told to', async () => {
  const formerPath = join(root, 'kept.old');
  await replaceFile(path, bytes('one'), { formerPath });
  expect(await readdir(root)).toEqual(['kept']);
  await replaceFile(path, bytes('two'), { formerPath });
  await replaceFile(path, bytes('three'), { formerPath });
  expect([await text(), await text('kept.old')]).toEqual(['three', 'two']);
  expect(await readdir(root)).toEqual(['kept', 'kept.old']);
});

it('writes on when the system takes less than it was given', async () => {
  const system = {
    ...nodeFileSystem,
    writev: (fd: number, parts: readonly Uint8Array[], position: number) =>
      nodeFileSystem.writev(fd, [parts[0]!.subarray(0, 2)], position),
  };
  await replaceFile(path, inParts('12345', '678'), { system });
  expect(await text()).toBe('12345678');
});

it('gives one of many writers its place, whole', async () => {
  const texts = Array.from({ length: 20 }, (_, n) => `${n}`.repeat(100_000));
  await Promise.all(texts.map((content) => replaceFile(path, bytes(content))));
  expect(texts).toContain(await text());
  expect(await readdir(root)).toEqual(['kept']);
});

it('takes names as long as the file system does', async () => {
  for (const name of ['x'.repeat(255), 'é'.repeat(127)]) {
    await replaceFile(join(root, name), bytes('one'));
    expect(await text(name)).toBe('one');
  }
});

it('replaces a link, not what it leads to', async () => {
  await writeFile(join(root, 'other'), 'of somebody');
  await symlink('other', path);
  await replaceFile(path, bytes('one'));
  expect([await text(), await text('other')]).toEqual(['one', 'of somebody']);
});

it.each([undefined, 'kept.old'])(
  'whichever call fails, there is the old file or the new one, and nothing else (former: %s)',
  async (former) => {
    const formerPath = former === undefined ? undefined : join(root, former);
    const plain = new FailingSystem();
    await replaceFile(path, bytes('old'), { system: plain.system, formerPath });
    for (let n = 1; n <= plain.callCount; n++) {
      await replaceFile(path, bytes('old'));
      const failing = new FailingSystem();
      failing.failWith = (_, callNumber) => (callNumber === n ? 'EIO' : undefined);
      const replaced = replaceFile(path, bytes('new'), { system: failing.system, formerPath });
      await expect(replaced, `call ${n}`).rejects.toMatchObject({ code: 'EIO' });
      expect(failing.open.size).toBe(0);
      const names = await readdir(root);
      expect(names.filter((name) => name !== 'kept' && name !== former)).toEqual([]);
      expect(['old', 'new']).toContain(await text(names[0]));
    }
  },
);

it('passes on what the content throws, and keeps what was there', async () => {
  await replaceFile(path, bytes('old'));
  async function* broken(): AsyncGenerator<Uint8Array> {
    yield bytes('ne');
    throw new Error('no more');
  }
  await expect(replaceFile(path, broken())).rejects.toThrow('no more');
  expect(await text()).toBe('old');
  expect(await readdir(root)).toEqual(['kept']);
});

it('is content with a folder that cannot be synced', async () => {
  for (const code of ['EACCES', 'EINVAL', 'EPERM', 'EISDIR', 'ENOTSUP']) {
    for (const call of ['open', 'fsync'] as const) {
      const failing = new FailingSystem();
      const called: SystemCall[] = [];
      failing.failWith = (name) => {
        called.push(name);
        return name === call && called.includes('rename') ? code : undefined;
      };
      await replaceFile(path, bytes(code), { system: failing.system });
      expect(await text()).toBe(code);
    }
  }
});

it('syncs the file before it takes its place, and the folder after', async () => {
  const watched = new FailingSystem();
  const called: SystemCall[] = [];
  watched.failWith = (call) => {
    called.push(call);
    return undefined;
  };
  await replaceFile(path, bytes('one'), { system: watched.system });
  const file = ['open', 'writev', 'fsync', 'close'];
  expect(called).toEqual([...file, 'rename', 'open', 'fsync', 'close']);
});

it('says what is in the way', async () => {
  await mkdir(path);
  await expect(replaceFile(path, bytes('one'))).rejects.toMatchObject({ code: 'EISDIR' });
  const missing = join(root, 'none', 'kept');
  await expect(replaceFile(missing, bytes('one'))).rejects.toMatchObject({ code: 'ENOENT' });
  expect(await readdir(root)).toEqual(['kept']);
});

it('leaves the old file on a disk that is full', async ({ skip }) => {
  if (!mountSmallDisk(root)) skip('mounting a small tmpfs needs root');
  await replaceFile(path, bytes('old'));
  const replaced = replaceFile(path, new Uint8Array(2_000_000));
  await expect(replaced).rejects.toMatchObject({ code: 'ENOSPC' });
  expect(await text()).toBe('old');
  expect(await readdir(root)).toEqual(['kept']);
});
