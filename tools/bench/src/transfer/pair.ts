/** A program's seeder and its leecher, side by side on loopback. */
import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Contender, Sample } from '../contender.ts';
import { timedRun } from '../process-cost.ts';
import type { ServerProcess } from '../server-process.ts';
import { DelayRelay } from './delay-relay.ts';
import { PAYLOAD_NAME, type Payload } from './payload.ts';

/** How a client is run for the race. */
export interface PeerProgram {
  readonly name: string;
  /** Seeds `payload.folder`; ready when its check of the file is done. */
  seed(payload: Payload): Promise<Seeder>;
}

interface Seeder {
  readonly process: ServerProcess;
  /** Where it listens. */
  readonly port: number;
  /** Fetches the payload from the seeder at `port` into `folder` and ends once it is complete. */
  leechArgv(folder: string, port: number): string[];
  close(): Promise<void>;
}

/**
 * Rate in MiB/s, from the leecher's start to its end; CPU of seeder and leecher in seconds a GiB.
 * @param roundTripMs - of the line between the two; 0 is loopback as it is
 */
export async function openPair(
  program: PeerProgram,
  payload: Payload,
  roundTripMs: number,
): Promise<Contender> {
  const seeder = await program.seed(payload);
  const relay = roundTripMs > 0 ? await DelayRelay.open(seeder.port, roundTripMs) : undefined;
  const gibibytes = payload.length / 1024 ** 3;
  return {
    name: program.name,
    async measure(): Promise<Sample> {
      const folder = await mkdtemp(join(payload.root, 'leech-'));
      try {
        const before = seeder.process.cost();
        const leecher = await timedRun(seeder.leechArgv(folder, relay?.port ?? seeder.port));
        const seeding = seeder.process.cost();
        await promisify(execFile)('cmp', [
          join(payload.folder, PAYLOAD_NAME),
          join(folder, PAYLOAD_NAME),
        ]);
        return {
          rate: (gibibytes * 1024) / leecher.elapsedS,
          cpu: [(seeding.cpuS - before.cpuS) / gibibytes, leecher.cpuS / gibibytes],
          peakBytes: leecher.peakBytes,
        };
      } finally {
        await rm(folder, { recursive: true });
      }
    },
    async close() {
      await relay?.close();
      await seeder.close();
    },
  };
}
