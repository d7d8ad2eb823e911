/** What a torrent tells its trackers and hears from them, whatever the transport. */
import type { InfoHash, PeerAddress, PeerId } from '@shoal/units';

/** Counts at the time of an announce, in bytes, since `started`. */
export interface TransferStats {
  readonly uploaded: number;
  readonly downloaded: number;
  readonly left: number;
}

/** The tracker took us in, or said why it does not, or could not be asked. */
export type AnnounceOutcome = 'accepted' | 'refused' | 'failed';

/** One tracker as screens show it. Wall times in milliseconds since 1970. */
export interface TrackerState {
  readonly url: string;
  readonly tier: number;
  readonly status: 'idle' | 'announcing' | 'working' | 'error' | 'off';
  /** What came of the last announce; undefined before that, and again once it is stopped. */
  readonly lastOutcome: AnnounceOutcome | undefined;
  readonly lastAnnounceAtMs: number | undefined;
  readonly nextAnnounceAtMs: number | undefined;
  readonly seederCount: number | undefined;
  readonly leecherCount: number | undefined;
  readonly peerCount: number | undefined;
  readonly message: string | undefined;
  /** What the last announce that it answered said. */
  readonly reported: TransferStats | undefined;
}

/** What the announcer needs from its torrent. */
export interface AnnouncerTorrent {
  readonly infoHash: InfoHash;
  readonly peerId: PeerId;
  /** Our listening port. */
  readonly port: number;
  stats(): TransferStats;
  /** How many more peers are wanted now; 0 asks for none. */
  wantedPeerCount(): number;
  handlePeers(peers: readonly PeerAddress[], url: string): void;
  /** The tracker says under which address it sees us: 4 or 16 bytes. BEP 24. */
  handleExternalIp?(url: string, ip: Uint8Array): void;
  /** After each answer, good or bad: `message` is an error or warning in one sentence. */
  handleAnnounced(url: string, ok: boolean, message: string | undefined, peerCount: number): void;
}
