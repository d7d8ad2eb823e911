/** The folder of states: written whole or not at all, one process to a torrent. */
import { readdir, readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { getSystemErrorMessage } from 'node:util';
import { makeFolder, replaceFile } from '@shoal/chunk-store';
import type { Clock } from '@shoal/units';
import { EngineError } from '../engine-error.ts';
import { type LockOwner, newLockOwner, releaseLock, takeLock } from './process-lock.ts';

/** How long a process waits for another that writes what is of no torrent, and how often it looks. */
const TURN_WAIT_MS = 5_000;
const TURN_LOOK_MS = 50;

/**
 * One file a torrent, `INFOHASH.resume`, and its former copy `.resume.old`.
 *
 * Whatever process writes it, after a power cut there is the old state or the new one, whole. `INFOHASH.lock` says which process uses the torrent.
 */
export class StateFolder {
  readonly #root: string;
  readonly #folder: string;
  /** Locks that are held or being taken: while there are any, this process shows that it runs. */
  readonly #places = new Set<string>();
  #owner: Promise<LockOwner> | undefined;

  /** @param folder - made when it is missing */
  constructor(folder: string) {
    this.#root = folder;
    this.#folder = path.join(folder, 'torrents');
  }

  /** @throws EngineError `state-unwritable` */
  async prepare(): Promise<void> {
    try {
      await makeFolder(this.#folder);
    } catch (error) {
      throw unwritable(this.#folder, error);
    }
  }

  /**
   * Takes a torrent for this process. A lock whose process is gone is taken over.
   * @throws EngineError `state-locked`, `state-unwritable`
   */
  async lock(infoHash: string): Promise<void> {
    const holder = await this.#take(this.#path(infoHash, 'lock'));
    if (holder !== undefined) throw locked(`torrent ${infoHash}`, holder);
  }

  unlock(infoHash: string): Promise<void> {
    return this.#letGo(this.#path(infoHash, 'lock'));
  }

  /** @throws EngineError `state-unwritable` (disk full included): the former state stays */
  write(infoHash: string, bytes: Uint8Array): Promise<void> {
    return replace(this.#path(infoHash, 'resume'), bytes);
  }

  /**
   * The newest state first, then its former copy; the caller takes the first it can read. A copy
   * that is there and cannot be read (permissions, a failing disk) has no bytes.
   */
  read(infoHash: string): Promise<Uint8Array[]> {
    return copiesOf(this.#path(infoHash, 'resume'));
  }

  /**
   * Writes what is of no torrent, `NAME.state`, in turn with other processes.
   * @param change - what to write in the place of the newest copy; undefined when there is none
   * @throws EngineError `state-locked` when another process is at it for five seconds, `state-unwritable`
   */
  async changeNamed(
    name: string,
    clock: Clock,
    change: (newest: Uint8Array | undefined) => Uint8Array,
  ): Promise<void> {
    const file = path.join(this.#root, `${name}.state`);
    const place = `${file}.lock`;
    const endMs = clock.nowMs() + TURN_WAIT_MS;
    for (;;) {
      const holder = await this.#take(place);
      if (holder === undefined) break;
      if (clock.nowMs() >= endMs) throw locked(file, holder);
      await new Promise<void>((resolve) => void clock.after(TURN_LOOK_MS, resolve));
    }
    try {
      const [newest] = await copiesOf(file);
      await replace(file, change(newest));
    } finally {
      await this.#letGo(place);
    }
  }

  /** The newest first, then its former copy. */
  readNamed(name: string): Promise<Uint8Array[]> {
    return copiesOf(path.join(this.#root, `${name}.state`));
  }

  /** What a crash left of a write goes too. @throws EngineError `state-unwritable` */
  async remove(infoHash: string): Promise<void> {
    const names = await readdir(this.#folder).catch(() => []);
    const left = names.filter((name) => name.startsWith(`.${infoHash}.`) && name.endsWith('.tmp'));
    for (const name of [`${infoHash}.resume`, `${infoHash}.resume.old`, ...left]) {
      const file = path.join(this.#folder, name);
      await rm(file, { force: true }).catch((error) => {
        throw unwritable(file, error);
      });
    }
  }

  /**
   * Infohashes (hex) that have a state.
   * @throws EngineError `state-unreadable`: a folder that cannot be read is no empty one
   */
  async list(): Promise<string[]> {
    const names = await readdir(this.#folder).catch((error) => {
      throw unreadable(this.#folder, error);
    });
    const found = names.flatMap((name) => /^([0-9a-f]{40})\.resume(\.old)?$/.exec(name)?.[1] ?? []);
    return [...new Set(found)];
  }

  /** @returns who has it, if it is not ours. @throws EngineError `state-unwritable` */
  async #take(place: string): Promise<number | undefined> {
    this.#places.add(place);
    this.#owner ??= newLockOwner(this.#root);
    try {
      const holder = await takeLock(place, await this.#owner);
      if (holder !== undefined) await this.#leave(place);
      return holder;
    } catch (error) {
      await this.#leave(place);
      throw unwritable(place, error);
    }
  }

  /** A lock that cannot be removed is no fault: the next to want it sees that nobody holds it. */
  async #letGo(place: string): Promise<void> {
    const owner = await this.#owner;
    if (owner !== undefined) await releaseLock(place, owner).catch(() => undefined);
    await this.#leave(place);
  }

  async #leave(place: string): Promise<void> {
    this.#places.delete(place);
    if (this.#places.size > 0) return;
    const owner = this.#owner;
    this.#owner = undefined;
    await (await owner)?.sign?.end();
  }

  #path(infoHash: string, ending: string): string {
    return path.join(this.#folder, `${infoHash}.${ending}`);
  }
}

/** @throws EngineError `state-unwritable` */
async function replace(file: string, bytes: Uint8Array): Promise<void> {
  await replaceFile(file, bytes, { mode: 0o600, formerPath: `${file}.old` }).catch((error) => {
    throw unwritable(file, error);
  });
}

async function copiesOf(file: string): Promise<Uint8Array[]> {
  const copies: Uint8Array[] = [];
  for (const name of [file, `${file}.old`]) {
    const bytes = await readFile(name).catch((error: NodeJS.ErrnoException) =>
      error.code === 'ENOENT' ? undefined : new Uint8Array(0),
    );
    if (bytes !== undefined) copies.push(new Uint8Array(bytes));
  }
  return copies;
}

function locked(what: string, pid: number): EngineError {
  return new EngineError('state-locked', `${what} is in use by process ${pid}`);
}

function unwritable(file: string, error: unknown): EngineError {
  const text = `cannot write state ${file}: ${reasonOf(error)}`;
  return new EngineError('state-unwritable', text, error);
}

function unreadable(folder: string, error: unknown): EngineError {
  const text = `cannot read the states in ${folder}: ${reasonOf(error)}`;
  return new EngineError('state-unreadable', text, error);
}

function reasonOf(error: unknown): string {
  const { errno = 0, message } = error as NodeJS.ErrnoException;
  return errno < 0 ? getSystemErrorMessage(errno) : message;
}
