/** What is handed over to be seeded: torrents whose data is there, or data to make a torrent of. */
import { readdir, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import {
  CliError,
  cleanText,
  ExitCode,
  explainError,
  explaining,
  readTorrentFile,
} from '@shoal/cli';
import { type Metainfo, parseMagnet, parseMetainfo } from '@shoal/metainfo';

/** One argument, sorted out: nothing has been read or hashed. */
export type SeedSource =
  | { readonly kind: 'torrent'; readonly path: string; readonly dataFolder: string }
  | { readonly kind: 'content'; readonly path: string }
  | { readonly kind: 'unusable'; readonly path: string; readonly failure: CliError };

/**
 * Sorts arguments: a `.torrent` is seeded from `dataFolder`, or from the folder it lies in; with a
 * `dataFolder` a folder stands for every .torrent in it; anything else that is there is content. What is
 * none of these, as a magnet, is unusable.
 * @throws CliError when the only one is unusable: there is nothing to seed
 */
export async function sortSources(
  paths: readonly string[],
  dataFolder: string | undefined,
): Promise<SeedSource[]> {
  const sources: SeedSource[] = [];
  for (const path of paths)
    try {
      sources.push(...(await sortSource(path, dataFolder)));
    } catch (failure) {
      if (!(failure instanceof CliError) || paths.length === 1) throw failure;
      sources.push({ kind: 'unusable', path, failure });
    }
  return sources;
}

async function sortSource(path: string, dataFolder: string | undefined): Promise<SeedSource[]> {
  if (/^magnet:/i.test(path)) throw noData(path);
  const stats = await explaining(path, () => stat(path));
  if (stats.isDirectory() && dataFolder !== undefined) {
    const torrents = await torrentsIn(path);
    return torrents.map((torrent) => ({ kind: 'torrent', path: torrent, dataFolder }));
  }
  if (stats.isFile() && /\.torrent$/i.test(path))
    return [{ kind: 'torrent', path, dataFolder: dataFolder ?? dirname(resolve(path)) }];
  if (dataFolder === undefined) return [{ kind: 'content', path }];
  throw noTorrent(path);
}

/** @throws CliError: no such file (1), bad bencode (25), bad torrent (26) */
export async function readTorrent(path: string): Promise<Metainfo> {
  const bytes = await readTorrentFile(path);
  return explaining(path, () => parseMetainfo(bytes));
}

async function torrentsIn(folder: string): Promise<string[]> {
  const names = await explaining(folder, () => readdir(folder));
  const torrents = names.filter((name) => /^[^.].*\.torrent$/i.test(name)).sort();
  if (torrents.length > 0) return torrents.map((name) => join(folder, name));
  throw new CliError(
    ExitCode.error,
    `${cleanText(folder)} has no .torrent file in it.`,
    'Leave --data out to make a torrent of the folder itself.',
  );
}

/** A wrong magnet is a wrong magnet; a right one still has nothing to seed. */
function noData(text: string): CliError {
  try {
    parseMagnet(text);
  } catch (error) {
    const known = explainError(error);
    if (known !== undefined) return known;
    throw error;
  }
  return new CliError(
    ExitCode.usage,
    'A magnet names no data to seed.',
    'Give its torrent file with --data, or fetch it with shoal get.',
  );
}

function noTorrent(path: string): CliError {
  return new CliError(
    ExitCode.usage,
    `${cleanText(path)} is no .torrent, and --data says where the data of torrents lies.`,
    'Leave --data out to make a torrent of it.',
  );
}
