/** Starts the admin server that the flags ask for. */
import type { Log } from '@shoal/units';
import { systemClock } from '../adapters.ts';
import { explainListening } from '../explain-listening.ts';
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
    const options = { tracker, names: adminHost, clock: systemClock, log };
    return await AdminServer.listen({ ...address, ...options });
  } catch (error) {
    await tracker.close();
    throw explainListening(error, '--admin');
  }
}
