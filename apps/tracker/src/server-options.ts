/** What every process of the tracker is told alike, from flags and files. */
import type { TrackerServerOptions } from '@shoal/tracker/server';
import type { Log } from '@shoal/units';
import { readAccessLists } from './access-lists.ts';
import { systemClock, systemRandom } from './adapters.ts';
import { admissionOptions } from './admission-flags.ts';
import { serverLimits } from './limit-flags.ts';
import type { TrackerFlags } from './tracker-flags.ts';
import { isWorker } from './workers/worker-protocol.ts';

/** @throws CliError when a list cannot be read */
export async function readServerOptions(
  flags: TrackerFlags,
  log: Log,
): Promise<TrackerServerOptions> {
  const processCount = isWorker() ? flags.workers : 1;
  return {
    ...admissionOptions(flags, processCount),
    ...serverLimits(flags, processCount),
    ...(await readAccessLists(flags)),
    intervalS: flags.interval,
    clock: systemClock,
    random: systemRandom,
    log,
  };
}
