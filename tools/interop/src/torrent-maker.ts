/** Makes the .torrent of a payload; its infohash is always read by transmission-show. */
import { basename, join } from 'node:path';
import type { Arena } from './arena.ts';
import type { TorrentFile } from './clients/client.ts';
import { shoalProgram } from './clients/shoal.ts';
import { output } from './run.ts';

/** A name, whether it leaves empty files out, and what to run. */
export interface TorrentMaker {
  readonly name: string;
  readonly keepsEmptyFiles: boolean;
  argv(payload: string, announceUrl: string, out: string): string[];
}

export const shoalCreate: TorrentMaker = {
  name: 'shoal create',
  keepsEmptyFiles: true,
  argv: (payload, url, out) => [
    ...shoalProgram('shoal'),
    ...['create', payload, '-t', url, '-o', out, '--piece-length', '64K'],
  ],
};

export const transmissionCreate: TorrentMaker = {
  name: 'transmission-create',
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
  await output(maker.argv(payload, announceUrl, path), { signal: arena.signal });
  return { path, infoHash: await readInfoHash(path) };
}

/**
 * Makes `NAME.torrent` of a path with `shoal create`, in pieces of 64 KiB.
 * @param flags - more of its flags: trackers, web seeds, `--force` for another torrent of it
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
