/** libtorrent, the engine of qBittorrent and Deluge, by way of Debian's python3-libtorrent. */
import { join } from 'node:path';
import type { Arena } from '../arena.ts';
import type { Program } from '../program.ts';
import type { TorrentMaker } from '../torrent-maker.ts';
import type { Client, Job } from './client.ts';

/** Debian's own: another Python on the path does not see Debian's modules. */
const PYTHON = '/usr/bin/python3';
/** What a case that runs it needs. */
const PACKAGE = 'python3-libtorrent';

/** By the names of its `settings_pack`. */
type Settings = Readonly<Record<string, boolean | number | string>>;

function start(arena: Arena, role: 'seed' | 'leech', job: Job, more: Settings): Program {
  const { host, torrent, folder } = job;
  const settings = { listen_interfaces: '0.0.0.0:6881,[::]:6881', ...more };
  const order = JSON.stringify({ role, source: torrent.path, folder, settings });
  const script = join(import.meta.dirname, 'libtorrent_peer.py');
  return arena.start(host, `libtorrent on ${host.v4}`, [PYTHON, script, order]);
}

/** @param more - settings beside its own: TCP and trackers only */
export function libtorrentWith(name: string, more: Settings): Client {
  return {
    name,
    programs: [PACKAGE],
    makesEmptyFiles: true,
    async seed(arena, job) {
      await start(arena, 'seed', job, more).line(/^complete$/m, arena.signal);
    },
    async leech(arena, job) {
      const program = start(arena, 'leech', job, more);
      return () => program.done(arena.signal);
    },
  };
}

export const libtorrent = libtorrentWith('libtorrent', {});

/** @param flags - of its `create_torrent`: how files are aligned, which versions are written */
export function libtorrentCreate(name: string, ...flags: readonly string[]): TorrentMaker {
  return {
    name,
    programs: [PACKAGE],
    keepsEmptyFiles: true,
    // transmission-show 3.00 reads no torrent of version 2 beside version 1.
    printsInfoHash: true,
    argv: (payload, url, out) => {
      const script = join(import.meta.dirname, 'libtorrent_create.py');
      return [PYTHON, script, payload, url, out, ...flags];
    },
  };
}
