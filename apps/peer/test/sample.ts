/** Content and its torrent, and an engine that seeds it. */
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { createEngine, type EngineHandle } from '@shoal/engine';
import { createTorrent, type Metainfo } from '@shoal/metainfo';

export const PIECE_LENGTH = 65_536;

export interface Sample {
  /** Holds `name`. */
  readonly folder: string;
  readonly torrentPath: string;
  readonly metainfo: Metainfo;
}

/** A folder `name` of three files, `length` bytes in all, that repeat nowhere, and NAME.torrent. */
export function makeSample(folder: string, name: string, length: number): Promise<Sample> {
  const [first, second] = [Math.floor(length / 2), Math.floor(length / 3)];
  const files = { 'a.bin': first, 'inner/b.bin': second, 'inner/c.bin': length - first - second };
  return makeTorrent({ folder, name, files, torrentPath: join(folder, `${name}.torrent`) });
}

interface Making {
  readonly folder: string;
  readonly name: string;
  /** Lengths in bytes, by path. */
  readonly files: Readonly<Record<string, number>>;
  readonly torrentPath: string;
  readonly trackers?: readonly string[];
}

/** Writes each file below `folder/name`, of bytes that repeat nowhere, and a torrent of them. */
export async function makeTorrent(making: Making): Promise<Sample> {
  const { folder, name, files, torrentPath, trackers = [] } = making;
  const root = join(folder, name);
  for (const [path, length] of Object.entries(files)) {
    const file = join(root, path);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, pseudoRandom(length, name + path));
  }
  const options = { pieceLength: PIECE_LENGTH, trackers: trackers.map((url) => [url]) };
  const { bytes, metainfo } = await createTorrent(root, options);
  await writeFile(torrentPath, bytes);
  return { folder, torrentPath, metainfo };
}

/** Seeds on a free port of 127.0.0.1. */
export async function seedSamples(
  samples: readonly Sample[],
  stateFolder: string,
  upBytesPerS?: number,
): Promise<EngineHandle> {
  const limits = { upBytesPerS };
  const engine = await createEngine({ port: 0, host: '127.0.0.1', stateFolder, limits });
  for (const { metainfo, folder } of samples)
    await engine.add({ source: { metainfo }, outputFolder: folder, trustComplete: true });
  return engine;
}

/** Bytes from a seed (xorshift), the same at every run. */
function pseudoRandom(length: number, seed: string): Uint8Array {
  let state = [...seed].reduce((sum, character) => sum * 31 + character.charCodeAt(0), 7) | 1;
  const words = new Uint32Array(Math.ceil(length / 4));
  for (let at = 0; at < words.length; at++) {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    words[at] = state;
  }
  return new Uint8Array(words.buffer, 0, length);
}
