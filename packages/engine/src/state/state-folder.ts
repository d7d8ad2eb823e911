/** The folder of states: written whole or not at all, one process to a torrent. */
import { open, readdir, readFile, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { getSystemErrorMessage } from 'node:util';
import { makeFolder } from '@shoal/chunk-store';
import { EngineError } from '../engine-error.ts';
import { newLockOwner, releaseLock, takeLock } from './process-lock.ts';

/**
 * One file a torrent, `INFOHASH.resume`, and its former copy `.resume.old`.
 *
 * Written as a temporary file, fsync, rename, fsync of the folder: after a power cut there is the
 * old state or the new one. `INFOHASH.lock` says which process uses the torrent.
 */
export class StateFolder {
  readonly #root: string;
  readonly #folder: string;
  readonly #owner = newLockOwner();

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
    const place = this.#path(infoHash, 'lock');
    const holder = await takeLock(place, await this.#owner).catch((error) => {
      throw unwritable(place, error);
    });
    if (holder !== undefined) throw locked(infoHash, holder);
  }

  /** A lock that cannot be removed is no fault: the next to want it sees that nobody holds it. */
  async unlock(infoHash: string): Promise<void> {
    await releaseLock(this.#path(infoHash, 'lock'), await this.#owner).catch(() => undefined);
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

  /** What is of no torrent: `NAME.state`. @throws EngineError `state-unwritable` */
  writeNamed(name: string, bytes: Uint8Array): Promise<void> {
    return replace(path.join(this.#root, `${name}.state`), bytes);
  }

  /** The newest first, then its former copy. */
  readNamed(name: string): Promise<Uint8Array[]> {
    return copiesOf(path.join(this.#root, `${name}.state`));
  }

  /** @throws EngineError `state-unwritable` */
  async remove(infoHash: string): Promise<void> {
    for (const ending of ['resume', 'resume.old', 'resume.new']) {
      const file = this.#path(infoHash, ending);
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

  #path(infoHash: string, ending: string): string {
    return path.join(this.#folder, `${infoHash}.${ending}`);
  }
}

/** @throws EngineError `state-unwritable` */
async function replace(file: string, bytes: Uint8Array): Promise<void> {
  const temporary = `${file}.new`;
  try {
    const handle = await open(temporary, 'w', 0o600);
    try {
      await handle.writeFile(bytes);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(file, `${file}.old`).catch(ignoreMissing);
    await rename(temporary, file);
    await syncFolder(path.dirname(file));
  } catch (error) {
    // Left behind it does no harm: the next write begins it anew.
    await rm(temporary, { force: true }).catch(() => undefined);
    throw unwritable(file, error);
  }
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

async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

function ignoreMissing(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT') throw error;
  return undefined;
}

function locked(infoHash: string, pid: number): EngineError {
  return new EngineError('state-locked', `torrent ${infoHash} is in use by process ${pid}`);
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
