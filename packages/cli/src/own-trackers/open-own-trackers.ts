/** The trackers that the flags ask a program to serve itself. */
import type { Teller } from '../reporter.ts';
import type { SwarmFlags } from '../swarm-flags.ts';
import { OwnTrackers, type OwnTrackersOptions } from './own-trackers.ts';

/**
 * Opens them, and says of each where it is.
 * @returns undefined with `--serve-tracker off`
 * @throws TrackerError `port-taken`, `cannot-listen`
 */
export async function openOwnTrackers(
  { serveTracker, host }: Pick<SwarmFlags, 'serveTracker' | 'host'>,
  teller: Pick<Teller, 'event' | 'note'>,
  ports: Pick<OwnTrackersOptions, 'clock' | 'random' | 'log'>,
): Promise<OwnTrackers | undefined> {
  if (serveTracker === 'off') return undefined;
  const handleServing = (url: string): void => {
    teller.event('tracker-serving', { url });
    teller.note(`This peer is the tracker at ${url} now.`);
  };
  const trackers = new OwnTrackers({ ...ports, handleServing });
  if (serveTracker !== undefined) await trackers.serve(host, serveTracker);
  return trackers;
}
