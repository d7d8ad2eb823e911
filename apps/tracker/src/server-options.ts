/** What every process of the tracker does alike, as the flags say. */
import type { TrackerServerOptions } from '@shoal/tracker/server';
import type { Log } from '@shoal/units';
import { systemClock, systemRandom } from './adapters.ts';
import { admissionOptions } from './admission-flags.ts';
import { serverLimits } from './limit-flags.ts';
import type { TrackerFlags } from './tracker-flags.ts';

/** @param processCount - processes that answer on the same ports: each takes its part of the limits */
export function serverOptions(
  flags: TrackerFlags,
  processCount: number,
  log: Log,
): TrackerServerOptions {
  return {
    ...admissionOptions(flags, processCount),
    ...serverLimits(flags, processCount),
    intervalS: flags.interval,
    clock: systemClock,
    random: systemRandom,
    log,
  };
}
