import { execFileSync } from 'node:child_process';
import { chmod, mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { type TemporaryFolder, temporaryFolder } from '@shoal/testkit';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { StateFolder } from '../../src/state/state-folder.ts';
import { canMount } from '../can-mount.ts';

const HASH = '0123456789abcdef0123456789abcdef01234567';
const OTHER = 'f'.repeat(40);

let folder: TemporaryFolder;
let states: StateFolder;
beforeEach(async () => {
  folder = await temporaryFolder();
  states = new StateFolder(folder.path);
  await states.prepare();
});
afterEach(() => folder.remove());

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const file = (ending: string, hash = HASH): string =>
  path.join(folder.path, 'torrents', `${hash}.${ending}`);

/** What is being written, until it is whole. */
const temporaryFile = (hash: string): string =>
  path.join(folder.path, 'torrents', `.${hash}.resume.0123456789abcdef.tmp`);

async function texts(hash = HASH): Promise<string[]> {
  return (await states.read(hash)).map((copy) => new TextDecoder().decode(copy));
}

describe('what was written', () => {
  test('is read, the newest first, with the copy before it', async () => {
    expect(await texts()).toEqual([]);
    await states.write(HASH, bytes('one'));
    expect(await texts()).toEqual(['one']);
    await states.write(HASH, bytes('two'));
    await states.write(HASH, bytes('three'));
    expect(await texts()).toEqual(['three', 'two']);
  });

  test('is for its owner alone: trackers in it may carry a passkey', async () => {
    await states.write(HASH, bytes('one'));
    expect((await stat(file('resume'))).mode & 0o777).toBe(0o600);
  });

  test('leaves nothing else behind', async () => {
    await states.write(HASH, bytes('one'));
    await states.write(HASH, bytes('two'));
    const names = (await readdir(path.join(folder.path, 'torrents'))).sort();
    expect(names).toEqual([`${HASH}.resume`, `${HASH}.resume.old`]);
  });

  test('is listed by infohash, and nothing else is', async () => {
    await states.write(HASH, bytes('one'));
    await states.write(OTHER, bytes('two'));
    await writeFile(temporaryFile('a'.repeat(40)), 'half');
    await writeFile(file('resume', 'no-hash'), 'x');
    expect((await states.list()).sort()).toEqual([HASH, OTHER]);
  });

  test('is gone when it was removed', async () => {
    await states.write(HASH, bytes('one'));
    await states.write(HASH, bytes('two'));
    await states.remove(HASH);
    expect([await texts(), await states.list()]).toEqual([[], []]);
  });

  test('leaves nothing when it was removed, whatever a crash left of a write', async () => {
    await states.write(HASH, bytes('one'));
    for (const hash of [HASH, OTHER]) await writeFile(temporaryFile(hash), 'half');
    await states.remove(HASH);
    const names = await readdir(path.join(folder.path, 'torrents'));
    expect(names).toEqual([path.basename(temporaryFile(OTHER))]);
  });

  test('is one or the other, and whole, when two write at once', async () => {
    const other = new StateFolder(folder.path);
    for (let round = 0; round < 20; round++) {
      const writes = [states, other].map((one, at) =>
        one.write(HASH, new Uint8Array(9_000).fill(at)),
      );
      await Promise.all(writes);
      const [newest] = await states.read(HASH);
      expect(newest).toEqual(new Uint8Array(9_000).fill(newest![0]!));
    }
  });
});

describe('when it was cut off in the middle', () => {
  test('of the temporary file, the old state is there', async () => {
    await states.write(HASH, bytes('one'));
    await writeFile(temporaryFile(HASH), 'ha');
    expect(await texts()).toEqual(['one']);
    await states.write(HASH, bytes('two'));
    expect(await texts()).toEqual(['two', 'one']);
  });

  test('between the two renames, the copy is there, and is listed', async () => {
    await states.write(HASH, bytes('one'));
    await states.write(HASH, bytes('two'));
    await rm(file('resume'));
    expect(await texts()).toEqual(['one']);
    expect(await states.list()).toEqual([HASH]);
  });
});

describe('when it cannot be written', () => {
  test('the old state stays, and the error says which file', async () => {
    await states.write(HASH, bytes('one'));
    await mkdir(file('resume.old'));
    await expect(states.write(HASH, bytes('two'))).rejects.toMatchObject({
      code: 'state-unwritable',
      message: expect.stringContaining(file('resume')),
    });
    expect((await texts())[0]).toBe('one');
  });

  test('a file in the place of the folder is told', async () => {
    const place = path.join(folder.path, 'file');
    await writeFile(place, '');
    await expect(new StateFolder(place).prepare()).rejects.toMatchObject({
      code: 'state-unwritable',
    });
  });

  test.skipIf(!canMount())(
    'a full disk leaves the old state (needs to mount a tmpfs)',
    async () => {
      const place = path.join(folder.path, 'small');
      await mkdir(place);
      execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', place]);
      try {
        const small = new StateFolder(place);
        await small.prepare();
        const first = new Uint8Array(20_000).fill(1);
        await small.write(HASH, first);
        await expect(small.write(HASH, new Uint8Array(100_000))).rejects.toMatchObject({
          code: 'state-unwritable',
          message: expect.stringContaining('no space left'),
        });
        expect(await small.read(HASH)).toEqual([first]);
        await small.write(HASH, new Uint8Array(20_000).fill(2));
        expect((await small.read(HASH)).map((copy) => copy[0])).toEqual([2, 1]);
      } finally {
        execFileSync('umount', [place]);
      }
    },
  );
});

test('a folder that cannot be read is told, and not taken for an empty one', async () => {
  await rm(path.join(folder.path, 'torrents'), { recursive: true });
  await writeFile(path.join(folder.path, 'torrents'), '');
  await expect(states.list()).rejects.toMatchObject({ code: 'state-unreadable' });
});

describe('the lock of a torrent', () => {
  test('is taken once, and free again after', async () => {
    await states.lock(HASH);
    await states.lock(OTHER);
    await states.unlock(HASH);
    expect(await readdir(path.join(folder.path, 'torrents'))).toEqual([`${OTHER}.lock`]);
    await states.unlock(HASH);
  });

  test.skipIf(process.platform !== 'linux')(
    'is held by one who shows other containers that it runs, and only as long',
    async () => {
      const signs = async (): Promise<string[]> =>
        (await readdir(folder.path)).filter((name) => name.endsWith('.alive'));
      await Promise.all([states.lock(HASH), states.lock(OTHER)]);
      expect(await signs()).toHaveLength(1);
      await states.unlock(OTHER);
      const [sign] = await signs();
      const owner = await readFile(path.join(file('lock'), 'owner'), 'utf8');
      expect(`${owner.split(' ').at(-1)}.alive`).toBe(sign);
      await states.unlock(HASH);
      expect(await signs()).toEqual([]);
    },
  );

  test('is refused while another process has it', async () => {
    await mkdir(file('lock'));
    await writeFile(path.join(file('lock'), 'owner'), `${process.ppid} `);
    await expect(states.lock(HASH)).rejects.toMatchObject({
      code: 'state-locked',
      message: expect.stringContaining(`process ${process.ppid}`),
    });
  });

  test('is refused to another engine of this process (needs /proc)', async () => {
    await states.lock(HASH);
    const locking = new StateFolder(folder.path).lock(HASH);
    if (process.platform === 'linux')
      await expect(locking).rejects.toMatchObject({ code: 'state-locked' });
    else await locking;
  });

  test('is told when something else is in its place', async () => {
    await writeFile(file('lock'), '');
    await expect(states.lock(HASH)).rejects.toMatchObject({ code: 'state-unwritable' });
  });

  test.skipIf(process.getuid?.() === 0)(
    'is told when it cannot be written (not as root)',
    async () => {
      await chmod(path.join(folder.path, 'torrents'), 0o500);
      await expect(states.lock(HASH)).rejects.toMatchObject({ code: 'state-unwritable' });
      await chmod(path.join(folder.path, 'torrents'), 0o700);
    },
  );
});
