/** What the admin page shows, as `/stats.json` and each event of `/events` carry it. */
import type { TrackerStats } from '@shoal/tracker/server';
import type { Quantiles } from './answer-quantiles.ts';
import type { ClientShare } from './client-shares.ts';
import type { ProcessRow } from './process-loads.ts';

/** The ways to ask a tracker, as its statistics name them. */
export const TRANSPORTS = ['http', 'udp', 'ws'] as const;

export type TransportName = (typeof TRANSPORTS)[number];

export interface AdminSnapshot {
  readonly version: string;
  readonly nodeVersion: string;
  readonly uptimeS: number;
  readonly swarmCount: number;
  readonly peerCount: number;
  /** As the last look through all swarms found them. */
  readonly seederCount: number;
  readonly leecherCount: number;
  /** Over the last five seconds. */
  readonly announcesPerS: number;
  readonly scrapesPerS: number;
  readonly refusalsPerS: number;
  /** Over the last minute; left out when nothing was answered. */
  readonly answerTimes?: Quantiles;
  /** Announces in each of the last 300 seconds at most, the latest last. */
  readonly announceHistory: readonly number[];
  /** The largest first. */
  readonly torrents: readonly TorrentRow[];
  /** The most frequent first. */
  readonly clients: readonly ClientShare[];
  /** Counts since the start, of the transports that listen. */
  readonly requests: Partial<Pick<TrackerStats, TransportName>>;
  /** How it goes with other processes; left out when swarms are not shared. */
  readonly sharing?: TrackerStats['sharing'];
  /** Of all processes. */
  readonly memoryLength: number;
  /** 1 is one core; of all processes. */
  readonly cpuRatio: number;
  /** Left out when there is one alone. */
  readonly processes?: readonly ProcessRow[];
}

/** One swarm for people: its infohash in hex. */
export interface TorrentRow {
  readonly infoHash: string;
  readonly seederCount: number;
  readonly leecherCount: number;
  readonly completedCount: number;
}
