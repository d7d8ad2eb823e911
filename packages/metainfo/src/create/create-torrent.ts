/** Makes a torrent of a file or folder. */
import { basename, resolve } from 'node:path';
import { encode } from '@shoal/bencode';
import { encodeMetainfo } from '../encode.ts';
import { DEFAULT_LIMITS } from '../limits.ts';
import type { Metainfo } from '../metainfo.ts';
import { MetainfoError } from '../metainfo-error.ts';
import { parseMetainfo } from '../parse.ts';
import { safeName } from '../safe-name.ts';
import { trackerTiers, webSeedUrls } from '../urls.ts';
import { type CreateProgress, hashPieces } from './hash-pieces.ts';
import { checkPieceCount, checkPieceLength, defaultPieceLength } from './piece-length.ts';
import { type SourceFile, scan } from './scan.ts';
import { demandStorable } from './storable-names.ts';

/** What a new torrent says, and how its files are found. */
export interface CreateOptions {
  /** BEP 12 tiers. */
  readonly trackers?: readonly (readonly string[])[];
  /** Bytes, a power of two. Default: as Transmission chooses by the length of the content. */
  readonly pieceLength?: number;
  /** BEP 27. Default false. */
  readonly isPrivate?: boolean;
  readonly comment?: string;
  readonly source?: string;
  /** BEP 19. */
  readonly webSeeds?: readonly string[];
  /** Default: the last component of the path. */
  readonly name?: string;
  readonly createdBy?: string;
  /** Seconds since 1970; left out when not given, so that the same input gives the same bytes. */
  readonly creationDateS?: number;
  /** Takes files and folders whose name begins with a dot. Default false. */
  readonly includeHidden?: boolean;
  /**
   * Takes what links lead to inside the folder; those that lead out of it are left out. Default
   * false: all links are left out.
   */
  readonly followLinks?: boolean;
  readonly onProgress?: (progress: CreateProgress) => void;
  readonly signal?: AbortSignal;
}

/** A new torrent. */
export interface CreatedTorrent {
  /** The .torrent file. */
  readonly bytes: Uint8Array;
  /**
   * What it says. The paths of the files are those on this disk below the folder, also where two of
   * them are one on some disks and others will store the second under another.
   */
  readonly metainfo: Metainfo;
  /** Those paths that others will store under another name, their parts joined by `/`. */
  readonly renamed: readonly string[];
}

/**
 * Makes a torrent of the file or folder at `path`. The same content gives the same infohash, and
 * the same as transmission-create 3.00, which leaves out empty files and follows links: where
 * there are none, the two agree.
 *
 * @throws MetainfoError `unreadable`, `nothing-to-share`, `bad-name`, `unfit-piece-length`,
 * `bad-url`, `file-changed`, and as `parseMetainfo` when the torrent would pass a limit
 * @throws the signal's reason when it aborts
 * @see BEP 3, BEP 12, BEP 19, BEP 27
 */
export async function createTorrent(
  path: string,
  options: CreateOptions = {},
): Promise<CreatedTorrent> {
  const trackers = checkedTrackers(options.trackers ?? []);
  const webSeeds = checkedWebSeeds(options.webSeeds ?? []);
  const name = checkedName(options.name ?? basename(resolve(path)));
  if (options.pieceLength !== undefined) checkPieceLength(options.pieceLength);
  const { signal, includeHidden = false, followLinks = false } = options;
  signal?.throwIfAborted();
  const limits = DEFAULT_LIMITS;
  const files = await scan(path, { includeHidden, followLinks, limits, signal });
  demandStorable(path, files);
  const totalLength = files.reduce((sum, file) => sum + file.length, 0);
  if (totalLength === 0)
    throw new MetainfoError('nothing-to-share', `there are no bytes to share in ${path}`);
  const pieceLength = options.pieceLength ?? defaultPieceLength(totalLength);
  checkPieceCount(totalLength, pieceLength);
  const { onProgress } = options;
  const pieces = await hashPieces(files, { pieceLength, onProgress, signal });
  const infoBytes = encode({
    ...content(files),
    name,
    'piece length': pieceLength,
    pieces,
    // Transmission writes it in either case, and the infohash covers it.
    private: options.isPrivate ? 1 : 0,
    source: options.source,
  });
  const bytes = encodeMetainfo({ ...options, infoBytes, trackers, webSeeds });
  const asRead = parseMetainfo(bytes);
  const metainfo = withPathsOnDisk(asRead, files);
  return { bytes, metainfo, renamed: renamedPaths(metainfo, asRead) };
}

function content(
  files: readonly SourceFile[],
): { length: number } | { files: { length: number; path: readonly string[] }[] } {
  const [first] = files;
  if (first!.components.length === 0) return { length: first!.length };
  return { files: files.map(({ length, components }) => ({ length, path: components })) };
}

function withPathsOnDisk(metainfo: Metainfo, sources: readonly SourceFile[]): Metainfo {
  const { info } = metainfo;
  const files = info.files.map((file, index) => ({
    ...file,
    path: [info.name, ...sources[index]!.components],
  }));
  return { ...metainfo, info: { ...info, files } };
}

function renamedPaths(onDisk: Metainfo, asRead: Metainfo): string[] {
  const pathsOf = ({ info }: Metainfo): string[] => info.files.map(({ path }) => path.join('/'));
  const stored = pathsOf(asRead);
  return pathsOf(onDisk).filter((path, index) => path !== stored[index]);
}

function checkedName(name: string): string {
  if (safeName(name) === name) return name;
  throw new MetainfoError(
    'bad-name',
    `${JSON.stringify(name)} is no name that every system can store: give the torrent another`,
  );
}

function checkedTrackers(tiers: readonly (readonly string[])[]): readonly string[][] {
  for (const url of tiers.flat())
    if (trackerTiers([[url]]).length === 0)
      throw badUrl(url, 'tracker URL: give http, https, udp, ws or wss');
  return trackerTiers(tiers);
}

function checkedWebSeeds(urls: readonly string[]): readonly string[] {
  for (const url of urls)
    if (webSeedUrls([url]).length === 0) throw badUrl(url, 'web seed URL: give http or https');
  return webSeedUrls(urls);
}

function badUrl(url: string, why: string): MetainfoError {
  return new MetainfoError('bad-url', `${JSON.stringify(url)} is no ${why}`);
}
