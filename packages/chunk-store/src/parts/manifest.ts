/** What the chunks in a folder are: kept beside them as a small torrent file. */
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { BencodeError, DictReader, decode, encode } from '@shoal/bencode';
import { PieceLayout } from '@shoal/units';
import { type StoredFile, StoreError } from '../chunk-store.ts';
import { isSafeName } from '../files/file-map.ts';
import { toStoreError } from '../files/system-error.ts';

/** Bytes of a manifest at most: two million chunks and room to spare. */
const MANIFEST_LENGTH_LIMIT = 64 * 1024 * 1024;
const HASH_LENGTH = 20;

/** What `shoal merge` must know. What `@shoal/metainfo` reads from any torrent fits too. */
export interface ChunkManifest {
  /** One safe name: the parts are `NAME.part0001` … */
  readonly name: string;
  /** Bytes of every chunk but the last. */
  readonly chunkLength: number;
  /** SHA-1 of each chunk, 20 bytes each, in order. */
  readonly hashes: Uint8Array;
  /** The path of a lone file is `[name]`; in a folder each path begins with `name`. */
  readonly files: readonly StoredFile[];
}

/** The name of the manifest that `shoal split` writes: no name that a torrent of the user may have. */
export function manifestName(name: string): string {
  return `${name}.parts.torrent`;
}

/** The manifest of one file: a single-file torrent (BEP 3) without trackers, so any client reads it. */
export function encodeManifest({ name, chunkLength, hashes, files }: ChunkManifest): Uint8Array {
  const info = { length: files[0]!.length, name, 'piece length': chunkLength, pieces: hashes };
  return encode({ info });
}

/**
 * Reads a manifest of one file.
 * @throws StoreError `bad-manifest` for anything else, torrents of several files included
 */
function decodeManifest(bytes: Uint8Array): ChunkManifest {
  try {
    const info = DictReader.of(decode(bytes)).dict('info');
    if (info.has('files')) throw badManifest('it is a torrent of several files');
    const name = info.text('name');
    if (!isSafeName(name)) throw badManifest(`its name ${JSON.stringify(name)} is unsafe`);
    const length = info.integer('length', { min: 0 });
    const chunkLength = info.integer('piece length', { min: 1 });
    const chunkCount = new PieceLayout(length, chunkLength).pieceCount;
    const hashes = info.bytes('pieces', { length: chunkCount * HASH_LENGTH });
    return { name, chunkLength, hashes, files: [{ path: [name], length, isPad: false }] };
  } catch (error) {
    if (error instanceof BencodeError) throw badManifest(error.message, error);
    throw error;
  }
}

/**
 * Reads the manifest in a folder: the only `.torrent` there, or the only one that `shoal split` made.
 * @throws StoreError `bad-manifest` when there is none, when there are several, or when it is bad
 */
export async function readManifest(folder: string): Promise<ChunkManifest> {
  try {
    const torrents = (await readdir(folder)).filter((name) => name.endsWith('.torrent'));
    const ours = torrents.filter((name) => name.endsWith('.parts.torrent'));
    const candidates = ours.length > 0 ? ours : torrents;
    if (candidates.length !== 1)
      throw badManifest(`${folder} holds ${candidates.length} torrent files, wanted one`);
    const path = join(folder, candidates[0]!);
    const { size } = await stat(path);
    if (size > MANIFEST_LENGTH_LIMIT)
      throw badManifest(`it has ${size} bytes, limit ${MANIFEST_LENGTH_LIMIT}`);
    return decodeManifest(await readFile(path));
  } catch (error) {
    throw toStoreError(error, 'read', folder);
  }
}

function badManifest(reason: string, cause?: unknown): StoreError {
  return new StoreError('bad-manifest', `cannot tell what the chunks are: ${reason}`, { cause });
}
