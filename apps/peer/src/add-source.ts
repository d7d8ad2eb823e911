/** What people hand over to be downloaded: a torrent file, a magnet, an infohash, a URL, a folder. */
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import {
  CliError,
  cleanText,
  demandTorrent,
  ExitCode,
  explaining,
  redactSecrets,
} from '@shoal/cli';
import { formatMagnet, type Metainfo, parseMagnet, parseMetainfo } from '@shoal/metainfo';
import { hexToInfoHash, idToHex } from '@shoal/units';
import { fetchTorrent } from './fetch-torrent.ts';
import { readTorrent } from './read-torrent.ts';

/** As `AddOptions.source` of the engine, with what names it. */
export type AddSource =
  | { readonly metainfo: Metainfo; readonly infoHash: string; readonly name: string }
  | { readonly magnet: string; readonly infoHash: string; readonly name: string };

/**
 * Reads one argument; a folder gives every .torrent in it, by name.
 * @throws CliError with the exit code of what is wrong
 */
export async function readAddSources(text: string): Promise<AddSource[]> {
  if (/^magnet:/i.test(text)) return [await readMagnet(text)];
  const infoHash = hexToInfoHash(text);
  if (infoHash !== undefined)
    return [await readMagnet(formatMagnet({ infoHash, trackers: [], webSeeds: [], peers: [] }))];
  if (/^https?:\/\//i.test(text)) {
    const bytes = await fetchTorrent(text);
    demandTorrent(bytes, redactSecrets(text));
    return [fromMetainfo(await explaining(text, () => parseMetainfo(bytes)))];
  }
  const isFolder = (await explaining(text, () => stat(text))).isDirectory();
  return isFolder ? readFolder(text) : [fromMetainfo(await readTorrent(text))];
}

/** What several arguments name. */
export interface Arguments {
  /** Each torrent once. */
  readonly sources: readonly AddSource[];
  /** Folders of torrents, not looked into yet. */
  readonly folders: readonly string[];
}

/** Sorts arguments, and reads all but the folders. @throws CliError with the exit code of what is wrong */
export async function readArguments(texts: readonly string[]): Promise<Arguments> {
  const others: string[] = [];
  const folders: string[] = [];
  for (const text of texts) {
    const stats = await stat(text).catch(() => undefined);
    (stats?.isDirectory() ? folders : others).push(text);
  }
  return { sources: await readAllSources(others), folders };
}

/** The sources of several arguments, each torrent once. */
export async function readAllSources(texts: readonly string[]): Promise<AddSource[]> {
  const byInfoHash = new Map<string, AddSource>();
  for (const text of texts)
    for (const source of await readAddSources(text))
      if (!byInfoHash.has(source.infoHash)) byInfoHash.set(source.infoHash, source);
  return [...byInfoHash.values()];
}

/** `--select` means the files of one torrent. @throws CliError when there may be more */
export function demandOneTorrent(
  { sources, folders }: Arguments,
  { select }: { readonly select?: unknown },
): void {
  if (select === undefined || (sources.length <= 1 && folders.length === 0)) return;
  throw new CliError(
    ExitCode.usage,
    'The flag --select names files of one torrent, and several were given.',
    'Run shoal get once for each of them.',
  );
}

async function readMagnet(text: string): Promise<AddSource> {
  const magnet = await explaining('', () => parseMagnet(text));
  const infoHash = idToHex(magnet.infoHash);
  return { magnet: text, infoHash, name: magnet.name ?? infoHash };
}

/** Paths of the torrent files in a folder, by name; hidden ones are left out. @throws CliError */
export async function listTorrents(folder: string): Promise<string[]> {
  const names = await explaining(folder, () => readdir(folder));
  const torrents = names.filter((name) => /^[^.].*\.torrent$/i.test(name)).sort();
  return torrents.map((name) => join(folder, name));
}

/** The complaint about a folder without one. */
export function noTorrents(folder: string): CliError {
  return new CliError(
    ExitCode.error,
    `${cleanText(folder)} has no .torrent file in it.`,
    'Give a torrent file, a magnet, or a folder of torrent files.',
  );
}

async function readFolder(folder: string): Promise<AddSource[]> {
  const paths = await listTorrents(folder);
  if (paths.length === 0) throw noTorrents(folder);
  const sources: AddSource[] = [];
  for (const path of paths) sources.push(fromMetainfo(await readTorrent(path)));
  return sources;
}

/** What a .torrent is added as. */
export function fromMetainfo(metainfo: Metainfo): AddSource {
  return { metainfo, infoHash: idToHex(metainfo.info.infoHash), name: metainfo.info.name };
}
