/** aria2c: one process a torrent. */
import { join } from 'node:path';
import type { Arena } from '../arena.ts';
import type { Program } from '../program.ts';
import type { Client, Job } from './client.ts';

/** DHT must be on for UDP trackers to be asked; without entry points it talks to nobody. */
function start(arena: Arena, job: Job, args: readonly string[]): Program {
  return arena.start(job.host, `aria2 on ${job.host.v4}`, [
    'aria2c',
    '--no-conf',
    '--enable-dht=true',
    `--dht-file-path=${join(job.folder, '..', `dht-${job.host.v4}.dat`)}`,
    '--enable-dht6=false',
    '--bt-enable-lpd=false',
    '--listen-port=6881',
    '--dht-listen-port=6881',
    '--file-allocation=none',
    '--allow-overwrite=true',
    '--console-log-level=notice',
    '--summary-interval=0',
    `--dir=${job.folder}`,
    ...args,
    job.torrent.path,
  ]);
}

/** @param flags - more of its flags */
export function aria2With(name: string, ...flags: readonly string[]): Client {
  return {
    name,
    programs: ['aria2c'],
    makesEmptyFiles: true,
    async seed(arena, job) {
      start(arena, job, ['--check-integrity=true', '--seed-ratio=0.0', ...flags]);
    },
    async leech(arena, job) {
      const program = start(arena, job, ['--seed-time=0', ...flags]);
      return () => program.done(arena.signal);
    },
  };
}

export const aria2 = aria2With('aria2');
