/** What of a torrent outlives the program: given back to its parts, and gathered from them. */
import type { Opened } from './open-content.ts';
import { PEER_LIMIT, type ResumeState } from './state/resume.ts';
import type { TorrentNetwork } from './torrent-network.ts';
import type { TorrentRecord } from './torrent-record.ts';
import type { Traffic } from './transfer/traffic.ts';

/** The parts that have some of it. */
export interface KeptParts {
  readonly record: TorrentRecord;
  readonly traffic: Traffic;
  readonly network: TorrentNetwork;
}

/** Takes up the last run. */
export function takeState({ record, traffic, network }: KeptParts, state: ResumeState): void {
  record.take(state);
  for (const url of record.trackerTiers.flat()) network.sources.announcer.addTracker(url);
  traffic.addFormer(state);
  network.restorePeers(state.peers);
}

/**
 * For the next run. The data is made durable first.
 * @param opened - undefined until the metadata is here
 * @throws EngineError `state-unwritable`
 */
export async function composeState(
  { record, traffic, network }: KeptParts,
  opened: Opened | undefined,
  isPaused: () => boolean,
): Promise<ResumeState> {
  const claim = await opened?.check.claimable();
  return {
    ...(claim ?? { pieces: undefined, marks: [] }),
    ...record.compose(opened?.content),
    ...traffic.totals,
    ...traffic.limits,
    isPaused: isPaused(),
    peers: network.knownPeers(PEER_LIMIT),
  };
}
