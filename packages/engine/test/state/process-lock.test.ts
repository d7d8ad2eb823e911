import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { type TemporaryFolder, temporaryFolder } from '@shoal/testkit';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { newLockOwner, releaseLock, takeLock } from '../../src/state/process-lock.ts';
import { processMark } from '../../src/state/process-mark.ts';

let folder: TemporaryFolder;
let place: string;
beforeEach(async () => {
  folder = await temporaryFolder();
  place = path.join(folder.path, 'lock');
});
afterEach(() => folder.remove());

const ended = spawnSync(process.execPath, ['-e', '']).pid;

/** A lock as that owner left it. */
async function leave(owner: string): Promise<void> {
  await mkdir(place);
  await writeFile(path.join(place, 'owner'), owner);
}

const owner = (): Promise<string> => readFile(path.join(place, 'owner'), 'utf8');

test('a lock is taken once, and free again after; nothing is left', async () => {
  const ours = await newLockOwner();
  expect(await takeLock(place, ours)).toBeUndefined();
  expect(await owner()).toBe(ours);
  expect(await readdir(folder.path)).toEqual(['lock']);
  expect(await takeLock(place, ours)).toBeUndefined();
  await releaseLock(place, ours);
  expect(await readdir(folder.path)).toEqual([]);
  await releaseLock(place, ours);
});

test('a lock is refused while another process has it, and stays as it is', async () => {
  const theirs = `${process.ppid} ${await processMark(process.ppid)} word`;
  await leave(theirs);
  expect(await takeLock(place, await newLockOwner())).toBe(process.ppid);
  expect(await owner()).toBe(theirs);
});

test('a lock is refused while a process has it that wrote its number only', async () => {
  await leave(`${process.ppid}`);
  expect(await takeLock(place, await newLockOwner())).toBe(process.ppid);
});

test('a lock that somebody else took over is not let go', async () => {
  const [ours, theirs] = [await newLockOwner(), await newLockOwner()];
  await leave(theirs);
  await releaseLock(place, ours);
  expect(await owner()).toBe(theirs);
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
    const ours = await newLockOwner();
    expect(await takeLock(place, ours)).toBeUndefined();
    expect(await owner()).toBe(ours);
    expect(await readdir(folder.path)).toEqual(['lock']);
  });

  test('a folder without an owner, whatever else is in it', async () => {
    await mkdir(path.join(place, 'other'), { recursive: true });
    expect(await takeLock(place, await newLockOwner())).toBeUndefined();
    expect(await readdir(place)).toEqual(['owner']);
  });

  test('a process that ended while it took the lock over, and not before', async () => {
    await leave(`${ended} first`);
    const digest = createHash('sha1').update(`${ended} first`).digest('hex').slice(0, 16);
    await mkdir(`${place}.${digest}`);
    const file = path.join(`${place}.${digest}`, 'owner');
    await writeFile(file, `${process.ppid} rival`);
    expect(await takeLock(place, await newLockOwner())).toBe(process.ppid);
    await writeFile(file, `${ended} rival`);
    expect(await takeLock(place, await newLockOwner())).toBeUndefined();
    expect(await readdir(folder.path)).toEqual(['lock']);
  });
});

test.skipIf(process.platform !== 'linux')(
  'a lock is taken over when its number belongs to another process since (needs /proc)',
  async () => {
    const [bootId] = (await processMark(process.ppid)).split(' ');
    for (const mark of [`${bootId} 1`, `${'0'.repeat(36)} 1`]) {
      const ours = await newLockOwner();
      await leave(`${process.ppid} ${mark} word`);
      expect(await takeLock(place, ours)).toBeUndefined();
      await releaseLock(place, ours);
    }
  },
);

test('what is no lock is not taken away', async () => {
  await writeFile(place, 'a file');
  await expect(takeLock(place, await newLockOwner())).rejects.toMatchObject({ code: 'ENOTDIR' });
  expect(await readFile(place, 'utf8')).toBe('a file');
});

test('of processes that want one lock at once, one gets it: free, stale or half taken over', async () => {
  const owners = [1, process.ppid].flatMap((pid) =>
    ['a', 'b', 'c'].map((word) => `${pid} ${word}`),
  );
  for (let round = 0; round < 40; round++) {
    place = path.join(folder.path, `lock ${round}`);
    if (round % 3 > 0) await leave(`${ended} `);
    const holders = await Promise.all(owners.map((one) => takeLock(place, one)));
    expect(holders.filter((holder) => holder === undefined)).toHaveLength(1);
    expect(await owner()).toBe(owners[holders.indexOf(undefined)]);
  }
});
