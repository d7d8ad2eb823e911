/** What is transferred: one file on tmpfs and its .torrent, which names no tracker. */
import { randomFillSync } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { finished } from 'node:stream/promises';
import { loadRival } from '../rivals.ts';

export const PAYLOAD_NAME = 'payload.bin';
const PIECE_LENGTH = 1024 * 1024;

export interface Payload {
  /** For what the runs write. */
  readonly root: string;
  /** Holds the file. */
  readonly folder: string;
  readonly torrentPath: string;
  readonly length: number;
}

interface CreateTorrent {
  default(
    input: string,
    options: object,
    done: (error: Error | null, torrent: Uint8Array) => void,
  ): void;
}

/** @param root - an empty folder on tmpfs */
export async function makePayload(root: string, length: number): Promise<Payload> {
  const folder = join(root, 'source');
  await mkdir(folder);
  await writeRandom(join(folder, PAYLOAD_NAME), length);
  const torrentPath = join(root, 'payload.torrent');
  const { default: createTorrent } = await loadRival<CreateTorrent>('create-torrent');
  const torrent = await new Promise<Uint8Array>((resolve, reject) => {
    const options = { pieceLength: PIECE_LENGTH, announceList: [] };
    createTorrent(join(folder, PAYLOAD_NAME), options, (error, bytes) =>
      error ? reject(error) : resolve(bytes),
    );
  });
  await writeFile(torrentPath, torrent);
  return { root, folder, torrentPath, length };
}

/** Fills a file with bytes that do not repeat. */
export async function writeRandom(path: string, length: number): Promise<void> {
  const out = createWriteStream(path);
  for (let written = 0; written < length; written += PIECE_LENGTH) {
    const bytes = randomFillSync(new Uint8Array(Math.min(PIECE_LENGTH, length - written)));
    if (!out.write(bytes)) await new Promise<void>((resolve) => out.once('drain', () => resolve()));
  }
  out.end();
  await finished(out);
}
