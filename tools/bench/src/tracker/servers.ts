/** The trackers that are measured, each on the first core of the machine. */
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../free-port.ts';
import { ServerProcess } from '../server-process.ts';
import { shoalProgram } from '../shoal-program.ts';
import { infoHashes } from './workload.ts';

const ON_FIRST_CORE = ['taskset', '--cpu-list', '0'];

interface TrackerServer {
  readonly process: ServerProcess;
  /** For HTTP and UDP alike. */
  readonly port: number;
  close(): Promise<void>;
}

export interface TrackerProgram {
  readonly name: string;
  start(): Promise<TrackerServer>;
}

export const shoalTracker: TrackerProgram = {
  name: 'Shoal',
  async start() {
    const port = await freePort();
    const where = `127.0.0.1:${port}`;
    const process = await ServerProcess.start({
      argv: [
        ...ON_FIRST_CORE,
        ...shoalProgram('shoal-tracker'),
        ...['--http', where, '--udp', where, '--json'],
      ],
      ready: /"event":"ready"/,
    });
    return { process, port, close: () => process.stop() };
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
  async start() {
    const port = await freePort();
    const folder = await mkdtemp(join(tmpdir(), 'shoal-bench-opentracker-'));
    await chmod(folder, 0o755);
    await writeFile(
      join(folder, 'whitelist'),
      infoHashes.map((hash) => `${Buffer.from(hash).toString('hex')}\n`).join(''),
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
