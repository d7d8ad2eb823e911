/** What the chunks in a folder are of: what `shoal split` wrote, or the .torrent of a download. */
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { type ChunkManifest, readManifest, StoreError } from '@shoal/chunk-store';
import { CliError } from '@shoal/cli';
import type { Info } from '@shoal/metainfo';
import { readTorrent } from './read-torrent.ts';

/**
 * Reads it from the folder.
 * @throws StoreError `bad-manifest` when nothing there tells
 */
export async function readChunkManifest(folder: string): Promise<ChunkManifest> {
  try {
    return await readManifest(folder);
  } catch (error) {
    if (!(error instanceof StoreError) || error.code !== 'bad-manifest') throw error;
    const [path, ...more] = (await readdir(folder)).filter((name) => name.endsWith('.torrent'));
    if (path === undefined || more.length > 0) throw error;
    try {
      return manifestOf((await readTorrent(join(folder, path))).info);
    } catch (cause) {
      throw cause instanceof CliError ? error : cause;
    }
  }
}

/** The same from a torrent of any number of files. */
function manifestOf({ name, layout, pieceHashes, files }: Info): ChunkManifest {
  return { name, chunkLength: layout.pieceLength, hashes: pieceHashes, files };
}
