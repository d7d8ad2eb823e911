/** What an announce and a scrape say, whatever carries them. BEP 3, 15, 48. */
import type { InfoHash, PeerAddress, PeerId } from '@shoal/units';

/** Why the client announces; an announce at its interval has none. */
export type AnnounceEvent = 'started' | 'completed' | 'stopped';

/** What a client tells a tracker. Byte counts since `started`. */
export interface AnnounceRequest {
  readonly infoHash: InfoHash;
  readonly peerId: PeerId;
  /** Where we listen, 1..65535. */
  readonly port: number;
  readonly uploaded: number;
  readonly downloaded: number;
  /** Bytes still missing; 0 says that we are a seeder. */
  readonly left: number;
  readonly event?: AnnounceEvent;
  /** How many peers are wanted; -1 leaves it to the tracker. */
  readonly numWant: number;
  /** 32 random bits that stay the same while our address changes. BEP 7, 15. */
  readonly key: number;
  /** What the tracker gave as `tracker id` last time, one character a byte. */
  readonly trackerId?: string;
}

/** What a tracker answers. */
export interface AnnounceResponse {
  /** Seconds until the next announce, as the tracker said it: not yet held within limits. */
  readonly intervalS: number;
  /** Seconds that must pass even when we want more peers. */
  readonly minIntervalS?: number;
  readonly peers: readonly PeerAddress[];
  readonly seederCount?: number;
  readonly leecherCount?: number;
  /** How often a download was completed, ever. */
  readonly completedCount?: number;
  readonly trackerId?: string;
  readonly warning?: string;
  /** Our address as the tracker sees it, 4 or 16 bytes. BEP 24. */
  readonly externalIp?: Uint8Array;
}

/** One swarm in a scrape; all 0 for a swarm the tracker does not know. */
export interface ScrapeCounts {
  readonly seederCount: number;
  /** How often a download was completed, ever. */
  readonly completedCount: number;
  readonly leecherCount: number;
}
