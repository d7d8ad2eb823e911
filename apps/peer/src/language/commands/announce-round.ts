/** One announce by hand: waited for until the trackers have answered, but not for their intervals. */

import type { TorrentHandle, TrackerSnapshot } from '@shoal/engine';
import type { CommandContext } from '../command-context.ts';
import { CommandError } from '../command-error.ts';

/** A tracker that allows no announce for longer than this is asked later. */
const PATIENCE_MS = 4_000;
const LOOK_EVERY_MS = 250;

/** A tracker after a round. */
export interface RoundResult {
  readonly tracker: TrackerSnapshot;
  /** It answered in this round, well or not. */
  readonly isHeard: boolean;
}

/** It knows of us and expects the next announce. */
export function isConnected({ status, nextAnnounceAtMs }: TrackerSnapshot): boolean {
  return status === 'working' || (status === 'announcing' && nextAnnounceAtMs !== undefined);
}

/**
 * @param announce - starts the round and resolves when it is over
 * @param url - this tracker is waited for; any when left out
 */
export async function announceRound(
  context: CommandContext,
  torrent: TorrentHandle,
  announce: () => Promise<unknown>,
  url?: string,
): Promise<readonly RoundResult[]> {
  const before = new Map(
    (await context.detail(torrent)).trackers.map((tracker) => [
      tracker.url,
      tracker.lastAnnounceAtMs,
    ]),
  );
  const isHeard = (tracker: TrackerSnapshot): boolean =>
    tracker.lastAnnounceAtMs !== before.get(tracker.url);
  const isWaitedFor = (tracker: TrackerSnapshot): boolean =>
    url === undefined || tracker.url === url;
  let isOver = false;
  void announce().then(() => {
    isOver = true;
  });
  const { clock } = context.host;
  for (const startedMs = clock.nowMs(); ; await context.sleep(LOOK_EVERY_MS)) {
    const trackers = torrent.getDetail().trackers.filter(isWaitedFor);
    const isUnderWay = trackers.some(({ status }) => status === 'announcing');
    if (trackers.some(isHeard) && !isUnderWay) break;
    if (!isUnderWay && (isOver || clock.nowMs() - startedMs > PATIENCE_MS)) break;
  }
  return torrent
    .getDetail()
    .trackers.filter(isWaitedFor)
    .map((tracker) => ({ tracker, isHeard: isHeard(tracker) }));
}

/** @throws CommandError `no-tracker` unless one is connected */
export async function demandTracker(
  context: CommandContext,
  torrent: TorrentHandle,
): Promise<readonly TrackerSnapshot[]> {
  const { name, trackers } = await context.detail(torrent);
  const connected = trackers.filter(isConnected);
  if (connected.length > 0) return connected;
  throw new CommandError(
    'no-tracker',
    `No tracker of ${name} is connected`,
    trackers.length === 0 ? 'add one with /connect_tracker URL' : 'connect with /connect_tracker',
  );
}
