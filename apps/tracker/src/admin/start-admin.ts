/** Starts the admin server that the flags ask for. */
import { explaining } from '@shoal/cli';
import type { Log } from '@shoal/units';
import { systemClock } from '../adapters.ts';
import { addressOf } from '../listen-address.ts';
import type { RunningTracker } from '../running-tracker.ts';
import type { TrackerFlags } from '../tracker-flags.ts';
import { AdminServer } from './admin-server.ts';

/**
 * @returns undefined when none was asked for
 * @throws CliError when it cannot listen; the tracker is closed then
 */
export async function startAdmin(
  { admin = 'off', adminHost = [] }: Pick<TrackerFlags, 'admin' | 'adminHost'>,
  tracker: RunningTracker,
  log: Log,
): Promise<AdminServer | undefined> {
  try {
    const address = await addressOf(admin);
    if (address === undefined) return undefined;
    return await explaining('The admin address', () =>
      AdminServer.listen({ ...address, tracker, names: adminHost, clock: systemClock, log }),
    );
  } catch (error) {
    await tracker.close();
    throw error;
  }
}
