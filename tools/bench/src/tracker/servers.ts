/** The trackers that are measured. */
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../free-port.ts';
import { ServerProcess } from '../server-process.ts';
import { shoalProgram } from '../shoal-program.ts';
import { infoHashesOf, type Workload } from './workload.ts';

const ON_FIRST_CORE = ['taskset', '--cpu-list', '0'];

export interface TrackerServer {
  readonly process: ServerProcess;
  /** A program that it needs, which costs CPU too. */
  readonly besides?: { readonly name: string; readonly process: ServerProcess };
  /** For HTTP and UDP alike. */
  readonly port: number;
  close(): Promise<void>;
}

export interface TrackerProgram {
  readonly name: string;
  start(workload: Workload): Promise<TrackerServer>;
}

interface ShoalOptions {
  readonly flags?: readonly string[];
  /** Else it may run on both cores, beside the generator. */
  readonly isOnFirstCore?: boolean;
}

async function startShoal(options: ShoalOptions): Promise<TrackerServer> {
  const port = await freePort();
  const where = `127.0.0.1:${port}`;
  const process = await ServerProcess.start({
    argv: [
      ...(options.isOnFirstCore === false ? [] : ON_FIRST_CORE),
      ...shoalProgram('shoal-tracker'),
      ...['--http', where, '--udp', where, '--json', ...(options.flags ?? [])],
    ],
    ready: /"event":"ready"/,
  });
  return { process, port, close: () => process.stop() };
}

export const shoalTracker: TrackerProgram = { name: 'Shoal', start: () => startShoal({}) };

/** Next to shared swarms. */
export const shoalMemory: TrackerProgram = { ...shoalTracker, name: 'Shoal, --store memory' };

/** One process that may use both cores, as `shoalWorkers` may. */
export const shoalUnpinned: TrackerProgram = {
  name: 'Shoal, one process',
  start: () => startShoal({ isOnFirstCore: false }),
};

export const shoalWorkers: TrackerProgram = {
  name: 'Shoal, --workers 2',
  start: () => startShoal({ isOnFirstCore: false, flags: ['--workers', '2'] }),
};

/** With a redis-server of its own that keeps nothing on disk. */
export const shoalRedis: TrackerProgram = {
  name: 'Shoal, --store redis://',
  async start() {
    const redisPort = await freePort();
    const keepNothing = ['--save', '', '--appendonly', 'no'];
    const redis = await ServerProcess.start({
      argv: ['redis-server', '--port', `${redisPort}`, '--bind', '127.0.0.1', ...keepNothing],
      ready: redisPort,
    });
    const tracker = await startShoal({ flags: ['--store', `redis://127.0.0.1:${redisPort}/0`] });
    return {
      ...tracker,
      besides: { name: 'redis-server', process: redis },
      async close() {
        await tracker.close();
        await redis.stop();
      },
    };
  },
};

export const bittorrentTracker: TrackerProgram = {
  name: 'bittorrent-tracker',
  async start() {
    const port = await freePort();
    const script = join(import.meta.dirname, '..', 'rivals', 'bittorrent-tracker.ts');
    const server = await ServerProcess.start({
      argv: [...ON_FIRST_CORE, process.execPath, script, String(port)],
      ready: /^ready$/m,
    });
    return { process: server, port, close: () => server.stop() };
  },
};

/** Debian builds it with a whitelist; it gives up root and takes the folder for its root. */
export const opentracker: TrackerProgram = {
  name: 'opentracker',
  async start(workload) {
    const port = await freePort();
    const folder = await mkdtemp(join(tmpdir(), 'shoal-bench-opentracker-'));
    await chmod(folder, 0o755);
    await writeFile(
      join(folder, 'whitelist'),
      infoHashesOf(workload)
        .map((hash) => `${Buffer.from(hash).toString('hex')}\n`)
        .join(''),
    );
    const listen = ['-i', '127.0.0.1', '-p', String(port), '-P', String(port)];
    const process = await ServerProcess.start({
      argv: [
        ...ON_FIRST_CORE,
        ...['opentracker', ...listen, '-u', 'nobody', '-d', folder, '-w', 'whitelist'],
      ],
      ready: port,
    });
    return {
      process,
      port,
      async close() {
        await process.stop();
        await rm(folder, { recursive: true });
      },
    };
  },
};
