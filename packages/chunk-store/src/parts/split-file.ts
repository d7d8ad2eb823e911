/** One file into a folder of chunks: `shoal split`. */
import { open, realpath, rename, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { PieceLayout } from '@shoal/units';
import { type ChunkStore, StoreError } from '../chunk-store.ts';
import { FileStore } from '../files/file-store.ts';
import { makeFolder } from '../files/make-folder.ts';
import { toStoreError } from '../files/system-error.ts';
import { ChunkFolderStore } from './chunk-folder-store.ts';
import { type CopyProgress, copyChunks } from './copy-chunks.ts';
import { type ChunkManifest, encodeManifest, manifestName } from './manifest.ts';
import { formatParts } from './part-name.ts';

/** Chunk length when none is given, in bytes. */
export const SPLIT_CHUNK_LENGTH = 1024 * 1024;

export interface SplitOptions {
  /** Bytes, default 1 MiB. */
  readonly chunkLength?: number | undefined;
  /** Default: the file's path and `.parts`; made when it is not there. */
  readonly outputFolder?: string | undefined;
  readonly onProgress?: ((progress: CopyProgress) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

export interface SplitResult {
  readonly folder: string;
  readonly manifestPath: string;
  readonly chunkCount: number;
  readonly manifest: ChunkManifest;
}

/**
 * Writes `NAME.part0001` … and, when all are durable, the manifest. The file stays as it is.
 * @throws StoreError `missing` when there is no such file or it got shorter meanwhile; the signal's reason
 */
export async function splitFile(path: string, options: SplitOptions = {}): Promise<SplitResult> {
  const { chunkLength = SPLIT_CHUNK_LENGTH, onProgress, signal } = options;
  const folder = options.outputFolder ?? `${path}.parts`;
  const { source, length } = await openSource(path, chunkLength);
  const name = basename(path);
  const { totalLength } = source;
  const parts = new ChunkFolderStore({ root: folder, name, chunkLength, totalLength });
  const { pieceCount } = new PieceLayout(totalLength, chunkLength);
  const hashes = new Uint8Array(pieceCount * 20);
  const accept = (index: number, sha1: Uint8Array): boolean => {
    hashes.set(sha1, index * 20);
    return true;
  };
  try {
    const { missing } = await copyChunks(source, parts, { accept, onProgress, signal });
    if (missing.length > 0)
      throw new StoreError('missing', `${path} was cut meanwhile: no ${formatParts(missing)}`);
    await parts.sync();
  } finally {
    await Promise.all([source.close(), parts.close()]);
  }
  const files = [{ path: [name], length, isPad: false }];
  const manifest = { name, chunkLength, hashes, files };
  const manifestPath = await writeManifest(folder, manifest);
  return { folder, manifestPath, chunkCount: pieceCount, manifest };
}

/** The file may be given through links; what is read is the file they lead to. */
async function openSource(
  path: string,
  chunkLength: number,
): Promise<{ source: ChunkStore; length: number }> {
  try {
    const place = await realpath(path);
    const stats = await stat(place);
    if (!stats.isFile()) throw new StoreError('unsafe-path', `${path} is no file`, { path });
    const files = [{ path: [basename(place)], length: stats.size, isPad: false }];
    const source = new FileStore({ root: dirname(place), files, chunkLength });
    return { source, length: stats.size };
  } catch (error) {
    throw toStoreError(error, 'read', path);
  }
}

/** Written beside its place, made durable, and renamed. */
async function writeManifest(folder: string, manifest: ChunkManifest): Promise<string> {
  const path = join(folder, manifestName(manifest.name));
  try {
    await makeFolder(folder);
    const file = await open(`${path}.tmp`, 'w');
    try {
      await file.writeFile(encodeManifest(manifest));
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(`${path}.tmp`, path);
    return path;
  } catch (error) {
    throw toStoreError(error, 'write', path);
  }
}
