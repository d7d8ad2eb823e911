/**
 * What the load generators announce: every peer of every torrent in turn, again and again. Peers
 * come from 8 addresses, 127.0.0.2 up, and differ by port on each; 50 peers are asked for.
 */
import { createHash } from 'node:crypto';

export const SOURCE_COUNT = 8;
export const WANTED_COUNT = 50;

export interface Workload {
  readonly torrentCount: number;
  /** 1, or all 8: addresses that each torrent has peers on. */
  readonly sourcesPerTorrent: number;
  readonly portsPerSource: number;
}

/** By what the table calls them. */
export const WORKLOADS = {
  '1,000 torrents': { torrentCount: 1_000, sourcesPerTorrent: 8, portsPerSource: 6 },
  '100,000 torrents': { torrentCount: 100_000, sourcesPerTorrent: 1, portsPerSource: 2 },
  '1 M peers': { torrentCount: 1_000, sourcesPerTorrent: 8, portsPerSource: 125 },
} as const satisfies Record<string, Workload>;

export type WorkloadName = keyof typeof WORKLOADS;

/** Peers of all torrents together. */
export function peerCountOf(workload: Workload): number {
  return SOURCE_COUNT * peersPerSource(workload);
}

/** Announces of one source until each of its peers was announced once. */
export function peersPerSource(workload: Workload): number {
  return torrentsPerSource(workload) * workload.portsPerSource;
}

/** All infohashes: 20 bytes each, the same in every process. */
export function infoHashesOf({ torrentCount }: Workload): readonly Uint8Array[] {
  return Array.from({ length: torrentCount }, (_, index) =>
    createHash('sha1').update(`torrent ${index}`).digest(),
  );
}

/** The address of source n, 0 up. */
export function sourceAddress(n: number): string {
  return `127.0.0.${2 + n}`;
}

/** One announce of the endless sequence of one source. */
export interface Turn {
  torrent: number;
  port: number;
  /** The first port of every four has everything. */
  left: number;
}

/** Writes the n-th announce of a source into `turn`, so that none is made per request. */
export function fillTurn(turn: Turn, workload: Workload, source: number, n: number): Turn {
  const ownCount = torrentsPerSource(workload);
  const stride = SOURCE_COUNT / workload.sourcesPerTorrent;
  const peer = Math.floor(n / ownCount) % workload.portsPerSource;
  turn.torrent = (n % ownCount) * stride + (source % stride);
  turn.port = 20_000 + peer;
  turn.left = peer % 4 === 0 ? 0 : 1_000_000;
  return turn;
}

function torrentsPerSource({ torrentCount, sourcesPerTorrent }: Workload): number {
  return (torrentCount * sourcesPerTorrent) / SOURCE_COUNT;
}
