/** transmission-daemon, steered by transmission-remote on the same host. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Arena } from '../arena.ts';
import { until } from '../until.ts';
import type { Client, Job } from './client.ts';

const RPC = '127.0.0.1:9091';

/** By the names of its `settings.json`. */
type Settings = Readonly<Record<string, boolean | number | string>>;

/** TCP and trackers only; no queue, no port mapping. */
function settingsOf(job: Job, more: Settings): string {
  return JSON.stringify({
    'dht-enabled': false,
    'download-dir': job.folder,
    'download-queue-enabled': false,
    'lpd-enabled': false,
    'peer-port': 51_413,
    'pex-enabled': false,
    'port-forwarding-enabled': false,
    'rpc-authentication-required': false,
    'rpc-bind-address': '127.0.0.1',
    'rpc-port': 9091,
    'rpc-whitelist-enabled': false,
    'utp-enabled': false,
    ...more,
  });
}

async function start(arena: Arena, job: Job, more: Settings): Promise<void> {
  const home = await arena.subfolder(`transmission-${job.host.v4}`);
  await writeFile(join(home, 'settings.json'), settingsOf(job, more));
  const name = `transmission on ${job.host.v4}`;
  const argv = ['transmission-daemon', '--foreground', '--config-dir', home];
  const daemon = arena.start(job.host, name, argv);
  await daemon.line(/RPC Server:? Serving/i, arena.signal);
  await arena.ask(job.host, ['transmission-remote', RPC, '--add', job.torrent.path]);
}

/** Waits until the daemon has all of the torrent. */
async function complete(arena: Arena, job: Job): Promise<void> {
  await until('Transmission to have it all', arena.signal, async () => {
    const info = await arena.ask(job.host, [
      'transmission-remote',
      RPC,
      '--torrent',
      '1',
      '--info',
    ]);
    return /Percent Done: 100%/.test(info) && /State: (Seeding|Idle)/.test(info) ? true : undefined;
  });
}

/** @param more - settings beside its own */
export function transmissionWith(name: string, more: Settings): Client {
  return {
    name,
    programs: ['transmission-daemon', 'transmission-remote'],
    makesEmptyFiles: false,
    async seed(arena, job) {
      await start(arena, job, more);
      await complete(arena, job);
    },
    async leech(arena, job) {
      await start(arena, job, more);
      return () => complete(arena, job);
    },
  };
}

export const transmission = transmissionWith('transmission', {});
