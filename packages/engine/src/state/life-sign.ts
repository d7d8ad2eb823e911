/** A sign that a process runs: it ends with the process, however that ends, and other containers see it. */
import { once } from 'node:events';
import { constants } from 'node:fs';
import { open, unlink } from 'node:fs/promises';
import { connect, createServer, type Server } from 'node:net';
import path from 'node:path';
import { systemCode } from '@shoal/chunk-store';

/** Where processes have other numbers for each other: elsewhere a number says enough. */
const HAS_CONTAINERS = process.platform === 'linux';
const WORD = /^[0-9a-f]{16}$/;

/**
 * `WORD.alive`, a socket that listens. Numbers of processes are those of a container; a socket is found by
 * its file, which all of the machine share that have the folder.
 */
export class LifeSign {
  readonly #path: string;
  readonly #server: Server;

  private constructor(filePath: string, server: Server) {
    this.#path = filePath;
    this.#server = server;
  }

  /**
   * @param word - 16 hex digits that nobody had before
   * @returns undefined where there can be none: on other systems, and file systems without sockets
   */
  static async show(folder: string, word: string): Promise<LifeSign | undefined> {
    if (!HAS_CONTAINERS) return undefined;
    const server = createServer((connection) => connection.destroy());
    try {
      await withShortPath(folder, nameOf(word), async (shortPath) => {
        server.listen({ path: shortPath, exclusive: true });
        await once(server, 'listening');
      });
    } catch (error) {
      if (systemCode(error) === undefined) throw error;
      return undefined;
    }
    // Who cannot be taken in has seen it all the same, and no program waits for its end.
    server.on('error', () => undefined).unref();
    return new LifeSign(path.join(folder, nameOf(word)), server);
  }

  async end(): Promise<void> {
    this.#server.close();
    await unlink(this.#path).catch(() => undefined);
  }
}

/**
 * Whether whoever showed this word still runs.
 * @throws the system's error when it cannot be told
 */
export async function showsLife(folder: string, word: string): Promise<boolean> {
  if (!HAS_CONTAINERS || !WORD.test(word)) return false;
  try {
    await withShortPath(folder, nameOf(word), async (shortPath) => {
      const connection = connect(shortPath);
      try {
        await once(connection, 'connect');
      } finally {
        connection.destroy();
      }
    });
    return true;
  } catch (error) {
    switch (systemCode(error)) {
      case 'ECONNREFUSED': // left by one that is gone
      case 'ENOENT':
        return false;
      case 'EAGAIN': // many ask at once
      case 'EACCES': // not ours to ask
        return true;
      default:
        throw error;
    }
  }
}

/** Removes what one that is gone left. */
export async function removeSign(folder: string, word: string): Promise<void> {
  if (WORD.test(word)) await unlink(path.join(folder, nameOf(word))).catch(() => undefined);
}

function nameOf(word: string): string {
  return `${word}.alive`;
}

/** The path of a socket has 107 bytes at most: it is given by a handle of the folder. */
async function withShortPath(
  folder: string,
  name: string,
  use: (shortPath: string) => Promise<void>,
): Promise<void> {
  const handle = await open(folder, constants.O_RDONLY | constants.O_DIRECTORY);
  try {
    await use(`/proc/self/fd/${handle.fd}/${name}`);
  } finally {
    await handle.close();
  }
}
