/** A folder of chunks back into what they are chunks of: `shoal merge`. */
import { mkdtemp, rename, rm } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { equalBytes, PieceLayout } from '@shoal/units';
import { type ChunkStore, type StoredFile, StoreError } from '../chunk-store.ts';
import { FileMap } from '../files/file-map.ts';
import { FileStore } from '../files/file-store.ts';
import { nodeFileSystem } from '../files/file-system.ts';
import { lstatOrNothing } from '../files/lstat-or-nothing.ts';
import { makeFolder } from '../files/make-folder.ts';
import { syncFolders } from '../files/sync-folders.ts';
import { toStoreError } from '../files/system-error.ts';
import { ChunkFolderStore } from './chunk-folder-store.ts';
import { type CopyProgress, type CopyResult, copyChunks } from './copy-chunks.ts';
import { type ChunkManifest, readManifest } from './manifest.ts';
import { formatParts } from './part-name.ts';
import { PresentFiles } from './present-files.ts';

export interface MergeOptions {
  /** What the chunks are; read from the folder when left out, which tells of single files alone. */
  readonly manifest?: ChunkManifest | undefined;
  /** Merges this file alone, by its index in the manifest. */
  readonly fileIndex?: number | undefined;
  /** The file, or the folder of several files, to make. Default: the manifest's name, beside the folder. */
  readonly output?: string | undefined;
  readonly onProgress?: ((progress: CopyProgress) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

export interface MergeResult {
  readonly output: string;
  /** Bytes of what lies there now. */
  readonly length: number;
  readonly fileCount: number;
  /** Of these, how many were there already: compared, and left as they are. */
  readonly presentCount: number;
}

/**
 * Checks every hash and writes the whole in a folder of its own first (`merging-XXXXXX`): each file is
 * complete and right, or not there. A file that is there and right stays as it is. The chunks stay.
 * @throws StoreError `exists` when something else lies in a file's place; `missing`, with the parts by number,
 * when a chunk is missing or damaged; `bad-manifest`; the signal's reason
 */
export async function mergeFolder(
  folder: string,
  options: MergeOptions = {},
): Promise<MergeResult> {
  const manifest = options.manifest ?? (await readManifest(folder));
  const { name, chunkLength } = manifest;
  const output = resolve(options.output ?? join(dirname(resolve(folder)), name));
  const root = dirname(output);
  const files = placeFiles(manifest, basename(output), options.fileIndex);
  const present = await PresentFiles.find({ root, files, chunkLength });
  const made = files.map((file, at) => ({
    ...file,
    isPad: file.isPad || present.indexes.has(at),
  }));
  const totalLength = files.reduce((sum, { length }) => sum + length, 0);
  const from = new ChunkFolderStore({ root: folder, name, chunkLength, totalLength });
  const layout = new PieceLayout(totalLength, chunkLength);
  const indexes = chunksOf(files, layout);
  const accept = (index: number, sha1: Uint8Array): boolean =>
    equalBytes(sha1, manifest.hashes.subarray(index * 20, index * 20 + 20));
  const { onProgress, signal } = options;
  const copy = async (put: ChunkStore['put']): Promise<void> =>
    demandAll(folder, await copyChunks(from, { put }, { indexes, accept, onProgress, signal }));
  try {
    // Nothing is written when it cannot be all, but what is damaged is named with what is missing.
    if (!(await hasAll(from, layout, indexes))) await copy(async () => {});
    if (made.every(({ isPad }) => isPad))
      await copy((index, bytes) => present.demandSame(index, bytes));
    else
      await makeFiles(output, made, chunkLength, (store) =>
        copy(async (index, bytes) => {
          await present.demandSame(index, bytes);
          await store.put(index, bytes);
        }),
      );
  } finally {
    await present.close();
  }
  const stored = files.filter(({ isPad }) => !isPad);
  return {
    output,
    length: stored.reduce((sum, { length }) => sum + length, 0),
    fileCount: stored.length,
    presentCount: present.indexes.size,
  };
}

/** The files below the output's name; those that are not wanted count as padding, so are not made. */
function placeFiles(
  { files }: ChunkManifest,
  outputName: string,
  fileIndex: number | undefined,
): StoredFile[] {
  return files.map((file, at) => {
    if (fileIndex === undefined) return { ...file, path: [outputName, ...file.path.slice(1)] };
    return { ...file, path: [outputName], isPad: at !== fileIndex };
  });
}

/** The chunks that hold a byte of a file that is made. */
function chunksOf(files: readonly StoredFile[], layout: PieceLayout): number[] {
  const map = new FileMap(files);
  return [...Array(layout.pieceCount).keys()].filter((index) => {
    const known = layout.pieceIndex(index)!;
    return map.spans(layout.offsetOf(known), layout.lengthOf(known)).length > 0;
  });
}

/** Told by their marks, before anything is read or written. */
async function hasAll(
  from: ChunkFolderStore,
  layout: PieceLayout,
  indexes: readonly number[],
): Promise<boolean> {
  const marks = await from.marks();
  return indexes.every(
    (index) => marks[index]!.length === layout.lengthOf(layout.pieceIndex(index)!),
  );
}

function demandAll(folder: string, { missing, damaged }: CopyResult): void {
  const faults: string[] = [];
  if (missing.length > 0) faults.push(`${formatParts(missing)} missing`);
  if (damaged.length > 0) faults.push(`${formatParts(damaged)} damaged`);
  if (faults.length > 0)
    throw new StoreError('missing', `cannot merge ${folder}: ${faults.join(', ')}`, {
      path: folder,
    });
}

/** Fills the files where nobody else has any, and moves them to where they belong. */
async function makeFiles(
  output: string,
  made: readonly StoredFile[],
  chunkLength: number,
  fill: (store: ChunkStore) => Promise<void>,
): Promise<void> {
  const temporary = await makeTemporary(output);
  const store = new FileStore({ root: temporary, files: made, chunkLength });
  try {
    await fill(store);
    await store.finish();
    await store.sync();
    await store.close();
    await moveInto(join(temporary, basename(output)), output, made);
  } finally {
    await store.close();
    await rm(temporary, { recursive: true, force: true }).catch(() => undefined);
  }
}

async function makeTemporary(output: string): Promise<string> {
  try {
    await makeFolder(dirname(output));
    return await mkdtemp(join(dirname(output), 'merging-'));
  } catch (error) {
    throw toStoreError(error, 'write', output);
  }
}

/** At once when nothing lies there, else each file into the folder that does. */
async function moveInto(from: string, output: string, made: readonly StoredFile[]): Promise<void> {
  const changed = new Set([dirname(output)]);
  try {
    if ((await lstatOrNothing(nodeFileSystem, output)) === undefined) await rename(from, output);
    else
      for (const { path, isPad } of made) {
        if (isPad) continue;
        const target = join(output, ...path.slice(1));
        await makeFolder(dirname(target));
        await rename(join(from, ...path.slice(1)), target);
        changed.add(dirname(target));
      }
  } catch (error) {
    throw toStoreError(error, 'write', output);
  }
  await syncFolders(nodeFileSystem, changed);
}
