/** Makes the .torrent of a payload; its infohash is always read by a program that is not ours. */
import { basename, join } from 'node:path';
import type { Arena } from './arena.ts';
import type { TorrentFile } from './clients/client.ts';
import { shoalProgram } from './clients/shoal.ts';
import { output } from './run.ts';

export interface TorrentMaker {
  readonly name: string;
  /** What a case with it needs beside what all need. */
  readonly programs: readonly string[];
  /** False for one that leaves files of 0 bytes out. */
  readonly keepsEmptyFiles: boolean;
  /** It does so itself; else transmission-show does. */
  readonly printsInfoHash?: boolean;
  argv(payload: string, announceUrl: string, out: string): string[];
}

export const shoalCreate: TorrentMaker = {
  name: 'shoal create',
  programs: [],
  keepsEmptyFiles: true,
  argv: (payload, url, out) => [
    ...shoalProgram('shoal'),
    ...['create', payload, '-t', url, '-o', out, '--piece-length', '64K'],
  ],
};

export const transmissionCreate: TorrentMaker = {
  name: 'transmission-create',
  programs: ['transmission-create'],
  keepsEmptyFiles: false,
  argv: (payload, url, out) => {
    return ['transmission-create', '-t', url, '-s', '64', '-o', out, payload];
  },
};

export async function makeTorrent(
  arena: Arena,
  maker: TorrentMaker,
  payload: string,
  announceUrl: string,
): Promise<TorrentFile> {
  const path = join(arena.folder, 'payload.torrent');
  const said = await output(maker.argv(payload, announceUrl, path), { signal: arena.signal });
  return { path, infoHash: maker.printsInfoHash ? said.trim() : await readInfoHash(path) };
}

/**
 * Makes `NAME.torrent` of a path with `shoal create`, in pieces of 64 KiB.
 * @param flags - more of its flags: trackers, web seeds
 */
export async function createTorrent(
  arena: Arena,
  payload: string,
  ...flags: readonly string[]
): Promise<TorrentFile> {
  const path = join(arena.folder, `${basename(payload)}.torrent`);
  await output(
    [...shoalProgram('shoal'), 'create', payload, '-o', path, '--piece-length', '64K', ...flags],
    { signal: arena.signal },
  );
  return { path, infoHash: await readInfoHash(path) };
}

/** @returns the infohash as transmission-show prints it: hex, lower case */
export async function readInfoHash(torrentPath: string): Promise<string> {
  const shown = await output(['transmission-show', torrentPath]);
  const found = shown.match(/^\s*Hash: ([0-9a-f]{40})$/m)?.[1];
  if (found === undefined) throw new Error(`transmission-show names no hash:\n${shown}`);
  return found;
}
