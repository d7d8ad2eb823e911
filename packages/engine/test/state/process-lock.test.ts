import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { type TemporaryFolder, temporaryFolder } from '@shoal/testkit';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { LifeSign } from '../../src/state/life-sign.ts';
import {
  type LockOwner,
  newLockOwner,
  releaseLock,
  takeLock,
} from '../../src/state/process-lock.ts';
import { processMark } from '../../src/state/process-mark.ts';
import { canMount } from '../can-mount.ts';

let folder: TemporaryFolder;
let place: string;
beforeEach(async () => {
  folder = await temporaryFolder();
  place = path.join(folder.path, 'lock');
});
afterEach(async () => {
  for (const { sign } of owners.splice(0)) await sign?.end();
  await folder.remove();
});

const owners: LockOwner[] = [];
/** This process, as if it were another each time. */
async function newOwner(): Promise<LockOwner> {
  const made = await newLockOwner(folder.path);
  owners.push(made);
  return made;
}

/** What is there beside the signs of owners that run. */
async function left(): Promise<string[]> {
  const signs = owners.map(({ text }) => `${text.split(' ').at(-1)}.alive`);
  return (await readdir(folder.path)).filter((name) => !signs.includes(name));
}

const ended = spawnSync(process.execPath, ['-e', '']).pid;

/** A program that takes the lock at its first argument, says so, and keeps it until it is killed. */
const HOLDER = `
  const { newLockOwner, takeLock } = await import(${JSON.stringify(import.meta.resolve('../../src/state/process-lock.ts'))});
  const [, place, signFolder] = process.argv;
  const holder = await takeLock(place, await newLockOwner(signFolder));
  console.log(holder ?? 'taken');
  setInterval(() => undefined, 60_000);
`;

/** A lock as that owner left it. */
async function leave(owner: string): Promise<void> {
  await mkdir(place);
  await writeFile(path.join(place, 'owner'), owner);
}

const owner = (): Promise<string> => readFile(path.join(place, 'owner'), 'utf8');

test('a lock is taken once, and free again after; nothing is left', async () => {
  const ours = await newOwner();
  expect(await takeLock(place, ours)).toBeUndefined();
  expect(await owner()).toBe(ours.text);
  expect(await left()).toEqual(['lock']);
  expect(await takeLock(place, ours)).toBeUndefined();
  await releaseLock(place, ours);
  expect(await left()).toEqual([]);
  await releaseLock(place, ours);
});

test('a lock is refused while another process has it, and stays as it is', async () => {
  const theirs = `${process.ppid} ${await processMark(process.ppid)} word`;
  await leave(theirs);
  expect(await takeLock(place, await newOwner())).toBe(process.ppid);
  expect(await owner()).toBe(theirs);
});

test('a lock is refused while a process has it that wrote its number only', async () => {
  await leave(`${process.ppid}`);
  expect(await takeLock(place, await newOwner())).toBe(process.ppid);
});

test('a lock that somebody else took over is not let go', async () => {
  const [ours, theirs] = [await newOwner(), await newOwner()];
  await leave(theirs.text);
  await releaseLock(place, ours);
  expect(await owner()).toBe(theirs.text);
});

describe('a lock is taken over from', () => {
  test.each([
    ['a process that ended', `${ended} `],
    ['a former life of this one', `${process.pid} `],
    ['nobody: the power went before it was written', ''],
    ['who knows: it was damaged', 'rubbish'],
    ['no process: the number is no number of one', '-1 '],
  ])('%s', async (_holder, text) => {
    await leave(text);
    const ours = await newOwner();
    expect(await takeLock(place, ours)).toBeUndefined();
    expect(await owner()).toBe(ours.text);
    expect(await left()).toEqual(['lock']);
  });

  test('a folder without an owner, whatever else is in it', async () => {
    await mkdir(path.join(place, 'other'), { recursive: true });
    expect(await takeLock(place, await newOwner())).toBeUndefined();
    expect(await readdir(place)).toEqual(['owner']);
  });

  test('a process that ended while it took the lock over, and not before', async () => {
    await leave(`${ended} first`);
    const digest = createHash('sha1').update(`${ended} first`).digest('hex').slice(0, 16);
    await mkdir(`${place}.${digest}`);
    const file = path.join(`${place}.${digest}`, 'owner');
    await writeFile(file, `${process.ppid} rival`);
    expect(await takeLock(place, await newOwner())).toBe(process.ppid);
    await writeFile(file, `${ended} rival`);
    expect(await takeLock(place, await newOwner())).toBeUndefined();
    expect(await left()).toEqual(['lock']);
  });
});

test.skipIf(process.platform !== 'linux')(
  'a lock is taken over when its number belongs to another process since (needs /proc)',
  async () => {
    const [bootId] = (await processMark(process.ppid)).split(' ');
    for (const mark of [`${bootId} 1`, `${'0'.repeat(36)} 1`]) {
      const ours = await newOwner();
      await leave(`${process.ppid} ${mark} word`);
      expect(await takeLock(place, ours)).toBeUndefined();
      await releaseLock(place, ours);
    }
  },
);

describe.skipIf(process.platform !== 'linux')('in a container that numbers processes anew', () => {
  const word = '0123456789abcdef';

  test('a lock is refused while its owner runs in another, and taken over when that is gone', async () => {
    const sign = await LifeSign.show(folder.path, word);
    await leave(`${ended} boot 1 ${word}`);
    expect(await takeLock(place, await newOwner())).toBe(ended);
    await sign!.end();
    expect(await takeLock(place, await newOwner())).toBeUndefined();
    expect(await left()).toEqual(['lock']);
  });

  test('a lock is refused though the folder has a path that no socket can have', async () => {
    const deep = path.join(folder.path, 'd'.repeat(200));
    await mkdir(deep);
    const sign = await LifeSign.show(deep, word);
    await leave(`${ended} ${word}`);
    const ours = { text: `${process.pid} ours`, signFolder: deep };
    expect(await takeLock(place, ours)).toBe(ended);
    await sign!.end();
    expect(await readdir(deep)).toEqual([]);
    expect(await takeLock(place, ours)).toBeUndefined();
  });

  test('a word that leads out of the folder is asked of nobody', async () => {
    const sign = await LifeSign.show(folder.path, word);
    await leave(`${ended} ../${path.basename(folder.path)}/${word}`);
    expect(await takeLock(place, await newOwner())).toBeUndefined();
    await sign!.end();
  });

  test.skipIf(!canMount())(
    'a lock is refused while it runs, and taken over when it was killed (as root)',
    async () => {
      const node = [process.execPath, '--conditions=@shoal/source', '--input-type=module'];
      const args = ['--pid', '--fork', '--kill-child', ...node, '-e', HOLDER, place, folder.path];
      const holder = spawn('unshare', args, { stdio: ['ignore', 'pipe', 'inherit'] });
      await once(holder.stdout, 'data');
      expect(await owner()).toMatch(/^1 /);
      expect(await takeLock(place, await newOwner())).toBe(1);
      holder.kill('SIGKILL');
      await once(holder.stdout, 'close');
      const ours = await newOwner();
      await expect.poll(() => takeLock(place, ours)).toBeUndefined();
      expect(await left()).toEqual(['lock']);
    },
  );
});

test('what is no lock is not taken away', async () => {
  await writeFile(place, 'a file');
  await expect(takeLock(place, await newOwner())).rejects.toMatchObject({ code: 'ENOTDIR' });
  expect(await readFile(place, 'utf8')).toBe('a file');
});

test('of processes that want one lock at once, one gets it: free, stale or half taken over', async () => {
  const rivals = [1, process.ppid].flatMap((pid) =>
    ['a', 'b', 'c'].map((word) => ({ text: `${pid} ${word}`, signFolder: folder.path })),
  );
  for (let round = 0; round < 40; round++) {
    place = path.join(folder.path, `lock ${round}`);
    if (round % 3 > 0) await leave(`${ended} `);
    const holders = await Promise.all(rivals.map((one) => takeLock(place, one)));
    expect(holders.filter((holder) => holder === undefined)).toHaveLength(1);
    expect(await owner()).toBe(rivals[holders.indexOf(undefined)]!.text);
  }
});
