/** Opens the accounts of a private tracker. */
import { MemberAccounts, peerLifetimeOf, TrackerError } from '@shoal/tracker/server';
import type { Log } from '@shoal/units';
import { systemClock, systemRandom } from '../adapters.ts';
import { explainUsers } from './user-actions.ts';

/**
 * Each process that answers has its own way to them.
 * @param path - the database; undefined for a public tracker
 * @throws CliError when the database cannot be opened
 */
export async function openAccounts(
  path: string | undefined,
  intervalS: number,
  log: Log,
): Promise<MemberAccounts | undefined> {
  if (path === undefined) return undefined;
  try {
    const peerLifetimeS = peerLifetimeOf(intervalS);
    const ports = { clock: systemClock, random: systemRandom, log };
    return await MemberAccounts.open({ path, peerLifetimeS, ...ports });
  } catch (error) {
    throw error instanceof TrackerError ? explainUsers(error) : error;
  }
}
