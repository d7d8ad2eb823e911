/** A lock that one process has at a time, and that no process keeps beyond its end. */
import { createHash, randomBytes } from 'node:crypto';
import {
  lstat,
  mkdir,
  readdir,
  readFile,
  rename,
  rm,
  rmdir,
  unlink,
  writeFile,
} from 'node:fs/promises';
import path from 'node:path';
import { systemCode } from '@shoal/chunk-store';
import { LifeSign, removeSign, showsLife } from './life-sign.ts';
import { isRunning, processMark } from './process-mark.ts';

/** The file in it that says who has it. */
const OWNER = 'owner';

/** Who has locks. */
export interface LockOwner {
  /** `PID MARK WORD`: it, and nobody else. */
  readonly text: string;
  /** Where all owners of these locks show that they run, each under its word. */
  readonly signFolder: string;
  /** To be ended when no lock is held any more. */
  readonly sign?: LifeSign | undefined;
}

/** This process as an owner of locks; it shows that it runs. */
export async function newLockOwner(signFolder: string): Promise<LockOwner> {
  const word = randomBytes(8).toString('hex');
  const text = `${process.pid} ${await processMark('self')} ${word}`;
  return { text, signFolder, sign: await LifeSign.show(signFolder, word) };
}

/**
 * Takes a lock, or takes it over from a process that is gone.
 *
 * The lock is a folder that holds one file. It is filled under a name of its own and renamed into its place,
 * which no file system does over a folder with something in it: a lock is there with its owner, or
 * not at all, also where there are no hard links. Only who has the lock on the lock of one owner that is
 * gone (`PLACE.HASH`) takes that one away, and looks again first: never is a lock taken away that
 * somebody else has just taken over.
 *
 * @returns the number of the process that has it; undefined when it is ours
 * @throws the system's error, when it can be neither taken nor taken away
 */
export async function takeLock(place: string, owner: LockOwner): Promise<number | undefined> {
  const { text, signFolder } = owner;
  while (!(await settle(place, text))) {
    const found = await ownerOf(place);
    if (found === text) return undefined;
    if (found === undefined) {
      // Some systems rename nothing over an empty folder; this removes nothing else.
      await rmdir(place).catch(() => undefined);
      continue;
    }
    const holder = await holderOf(found, signFolder);
    if (holder !== undefined) return holder;
    const turn = `${place}.${createHash('sha1').update(found).digest('hex').slice(0, 16)}`;
    const rival = await takeLock(turn, owner);
    if (rival !== undefined) return rival;
    try {
      if ((await ownerOf(place)) === found) await takeAway(place);
      await removeSign(signFolder, wordOf(found));
    } finally {
      await takeAway(turn);
    }
  }
  return undefined;
}

/** Lets it go, if it is this owner's. @throws the system's error */
export async function releaseLock(place: string, { text }: LockOwner): Promise<void> {
  if ((await ownerOf(place)) === text) await takeAway(place);
}

/** @returns false when there is a lock */
async function settle(place: string, owner: string): Promise<boolean> {
  const own = besides(place);
  await mkdir(own, { mode: 0o700 });
  try {
    await writeFile(path.join(own, OWNER), owner, { mode: 0o600 });
    await rename(own, place);
    return true;
  } catch (error) {
    await discard(own);
    if (['ENOTEMPTY', 'EEXIST'].includes(systemCode(error) ?? '') || (await isThere(place)))
      return false;
    throw error;
  }
}

/** What its owner wrote; empty when it does not say; undefined when there is no lock, or none any more. */
async function ownerOf(place: string): Promise<string | undefined> {
  try {
    return await readFile(path.join(place, OWNER), 'utf8');
  } catch (error) {
    if (systemCode(error) !== 'ENOENT') throw error;
  }
  // One that is being taken away is empty at last: never is something in it but an owner.
  const names = await readdir(place).catch((): string[] => []);
  return names.length > 0 && !names.includes(OWNER) ? '' : undefined;
}

/** The number of the process that wrote this, if it still runs: here, or in another container. */
async function holderOf(text: string, signFolder: string): Promise<number | undefined> {
  const [number, ...rest] = text.split(' ');
  const [pid, mark] = [Number(number), rest.slice(0, -1).join(' ')];
  // Our own number without a mark: a former life of this container, as far as can be told.
  const isFormer = pid === process.pid && mark === '';
  if (!isFormer && (await isRunning(pid, mark))) return pid;
  return (await showsLife(signFolder, wordOf(text))) ? pid : undefined;
}

function wordOf(text: string): string {
  return text.split(' ').at(-1)!;
}

/** Out of its place in one step: whoever comes in between finds it whole, or gone. */
async function takeAway(place: string): Promise<void> {
  const aside = besides(place);
  try {
    await rename(place, aside);
  } catch (error) {
    if (systemCode(error) !== 'ENOENT') throw error;
    return;
  }
  await discard(aside);
}

/** What is left behind does no harm. */
async function discard(folder: string): Promise<void> {
  try {
    await unlink(path.join(folder, OWNER));
    await rmdir(folder);
  } catch {
    // Something else is in it, or it is half gone. As the first try this takes four times as long.
    await rm(folder, { recursive: true, force: true }).catch(() => undefined);
  }
}

function besides(place: string): string {
  return `${place}.${randomBytes(8).toString('hex')}`;
}

function isThere(place: string): Promise<boolean> {
  return lstat(place).then(
    () => true,
    () => false,
  );
}
