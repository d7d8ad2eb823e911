/** One file into a folder of chunks: `shoal split`. */
import { realpath, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { PieceLayout } from '@shoal/units';
import { StoreError } from '../chunk-store.ts';
import { FileStore } from '../files/file-store.ts';
import { makeFolder } from '../files/make-folder.ts';
import { replaceFile } from '../files/replace-file.ts';
import { toStoreError } from '../files/system-error.ts';
import { ChunkFolderStore } from './chunk-folder-store.ts';
import { type CopyProgress, copyChunks } from './copy-chunks.ts';
import { type ChunkManifest, encodeManifest, manifestName } from './manifest.ts';
import { formatParts } from './part-name.ts';

/** Chunk length when none is given, in bytes. */
export const SPLIT_CHUNK_LENGTH = 1024 * 1024;
/** Each chunk is a file, and its hash is in a manifest that other clients read as a torrent. */
const MAX_CHUNK_COUNT = 2_097_152;

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
 * How a file would be cut; nothing is written.
 * @throws StoreError `missing`, `not-a-file`, `too-many-chunks`
 */
export async function planSplit(
  path: string,
  chunkLength = SPLIT_CHUNK_LENGTH,
): Promise<PieceLayout> {
  const { layout } = await findSource(path, chunkLength);
  return layout;
}

/**
 * Writes `NAME.part0001` … and, when all are durable, the manifest. The file stays as it is.
 * @throws StoreError as `planSplit`, and `missing` when it got shorter meanwhile; the signal's reason
 */
export async function splitFile(path: string, options: SplitOptions = {}): Promise<SplitResult> {
  const { chunkLength = SPLIT_CHUNK_LENGTH, onProgress, signal } = options;
  const folder = options.outputFolder ?? `${path}.parts`;
  const { place, layout } = await findSource(path, chunkLength);
  const { totalLength, pieceCount } = layout;
  const sources = [{ path: [basename(place)], length: totalLength, isPad: false }];
  const source = new FileStore({ root: dirname(place), files: sources, chunkLength });
  const name = basename(path);
  const parts = new ChunkFolderStore({ root: folder, name, chunkLength, totalLength });
  const hashes = new Uint8Array(pieceCount * 20);
  const accept = (index: number, sha1: Uint8Array): boolean => {
    hashes.set(sha1, index * 20);
    return true;
  };
  try {
    const { missing } = await copyChunks(source, parts, { accept, onProgress, signal });
    if (missing.length > 0)
      throw new StoreError(
        'missing',
        `cannot split ${path}: it was cut meanwhile, no ${formatParts(missing)}`,
      );
    await parts.sync();
  } finally {
    await Promise.all([source.close(), parts.close()]);
  }
  const files = [{ path: [name], length: totalLength, isPad: false }];
  const manifest = { name, chunkLength, hashes, files };
  const manifestPath = await writeManifest(folder, manifest);
  return { folder, manifestPath, chunkCount: pieceCount, manifest };
}

/** The file may be given through links; what is read is the file they lead to. */
async function findSource(
  path: string,
  chunkLength: number,
): Promise<{ place: string; layout: PieceLayout }> {
  try {
    const place = await realpath(path);
    const stats = await stat(place);
    if (!stats.isFile()) throw new StoreError('not-a-file', `${path} is no file`, { path });
    const layout = new PieceLayout(stats.size, chunkLength);
    if (layout.pieceCount <= MAX_CHUNK_COUNT) return { place, layout };
    const what = `${layout.pieceCount} chunks of ${chunkLength} bytes`;
    throw new StoreError('too-many-chunks', `${what}, limit ${MAX_CHUNK_COUNT}`, { path });
  } catch (error) {
    throw toStoreError(error, 'read', path);
  }
}

async function writeManifest(folder: string, manifest: ChunkManifest): Promise<string> {
  const path = join(folder, manifestName(manifest.name));
  try {
    await makeFolder(folder);
    await replaceFile(path, encodeManifest(manifest));
    return path;
  } catch (error) {
    throw toStoreError(error, 'write', path);
  }
}
