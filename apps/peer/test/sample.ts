/** Content and its torrent, and an engine that seeds it. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createEngine, type EngineHandle } from '@shoal/engine';
import { createTorrent, type Metainfo } from '@shoal/metainfo';

export interface Sample {
  /** Holds `name`. */
  readonly folder: string;
  readonly torrentPath: string;
  readonly metainfo: Metainfo;
}

/** A folder `name` of three files, `length` bytes in all, that repeat nowhere. */
export async function makeSample(folder: string, name: string, length: number): Promise<Sample> {
  const root = join(folder, name);
  await mkdir(join(root, 'inner'), { recursive: true });
  const bytes = pseudoRandom(length, name);
  const [first, second] = [Math.floor(length / 2), Math.floor(length / 3)];
  await writeFile(join(root, 'a.bin'), bytes.subarray(0, first));
  await writeFile(join(root, 'inner', 'b.bin'), bytes.subarray(first, first + second));
  await writeFile(join(root, 'inner', 'c.bin'), bytes.subarray(first + second));
  const { bytes: torrent, metainfo } = await createTorrent(root, { pieceLength: 65_536 });
  const torrentPath = join(folder, `${name}.torrent`);
  await writeFile(torrentPath, torrent);
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
export function pseudoRandom(length: number, seed: string): Uint8Array {
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
