/**
 * What screens and scripts see of the engine: plain frozen data, rebuilt at most a few times a
 * second and the same object while nothing changed, so that it feeds `useSyncExternalStore`.
 *
 * Lengths in bytes, rates in bytes a second, ratios as numbers (1 = as much up as down).
 */
import type { Bitfield } from '@shoal/units';

/** See `torrent-status.ts` for the moves between them. */
export type TorrentStatusName =
  | 'metadata' // a magnet: the info dict is being fetched
  | 'checking' // hashing what lies on disk
  | 'downloading' // something that is wanted is missing
  | 'seeding' // everything that is wanted is there, and something is
  | 'paused'
  | 'error' // stopped by this machine (disk full …): `error` says why
  | 'closed';

/** None of those that were asked answered, or one did and refuses: `message` of that one says why. */
export type TrackerTrouble = 'no-answer' | 'refusal';

/** One line of the torrent list: cheap, made for every torrent. */
export interface TorrentSummary {
  /** Hex. */
  readonly infoHash: string;
  readonly name: string;
  readonly status: TorrentStatusName;
  /** One sentence, when status is `error`. */
  readonly error: string | undefined;
  readonly totalLength: number;
  /** Bytes of the files that are selected. */
  readonly wantedLength: number;
  /** Verified bytes of `wantedLength`; before the first check, those that the last run left. */
  readonly haveLength: number;
  /** Files, pad files left out; 0 until the metadata is here. */
  readonly fileCount: number;
  /** As many of them as are wanted. */
  readonly wantedFileCount: number;
  /** 0..1 while status is `checking`. */
  readonly checkedFraction: number;
  readonly pieceCount: number;
  readonly havePieceCount: number;
  /** It is stopped, was never checked, and no run has left word: nobody knows what of it is here. */
  readonly isUnchecked: boolean;
  /** Payload, all time. */
  readonly downloaded: number;
  readonly uploaded: number;
  readonly downBytesPerS: number;
  readonly upBytesPerS: number;
  /** Seconds until the wanted files are complete; undefined when nothing comes. */
  readonly etaS: number | undefined;
  readonly ratio: number;
  readonly peerCount: number;
  readonly seederCount: number;
  /** Addresses known, connected or not. */
  readonly knownPeerCount: number;
  /** Why none of its trackers has taken it in; undefined when one has, none was asked, or it has none. */
  readonly trackerTrouble: TrackerTrouble | undefined;
  readonly isPrivate: boolean;
  /** Wall time, milliseconds since 1970. */
  readonly addedAtMs: number;
}

export interface EngineSnapshot {
  readonly torrents: readonly TorrentSummary[];
  readonly downBytesPerS: number;
  readonly upBytesPerS: number;
  readonly limits: Limits;
  /** The port peers reach us on. */
  readonly port: number;
  /** Hex. */
  readonly peerId: string;
}

/** Bytes a second; undefined is no limit. */
export interface Limits {
  readonly downBytesPerS: number | undefined;
  readonly upBytesPerS: number | undefined;
}

/** Who names addresses; `resume` is a state that does not say. */
export const PEER_SOURCES = [
  'tracker',
  'pex',
  'dht',
  'lsd',
  'manual',
  'incoming',
  'resume',
] as const;

export type PeerSource = (typeof PEER_SOURCES)[number];

export interface PeerSnapshot {
  /** `1.2.3.4:6881` */
  readonly address: string;
  readonly client: string;
  readonly source: PeerSource;
  readonly incoming: boolean;
  readonly isEncrypted: boolean;
  /** 0..1 of its pieces. */
  readonly progress: number;
  readonly downBytesPerS: number;
  readonly upBytesPerS: number;
  readonly downloaded: number;
  readonly uploaded: number;
  readonly amChoking: boolean;
  readonly amInterested: boolean;
  readonly peerChoking: boolean;
  readonly peerInterested: boolean;
  readonly isSnubbed: boolean;
  readonly isOptimistic: boolean;
  /** Blocks we asked for and wait for. */
  readonly requestCount: number;
}

export type FilePriority = 'off' | 'low' | 'normal' | 'high';

export interface FileSnapshot {
  /** Its index in `info.files`, pad files counted: what `setFilePriority` takes. */
  readonly index: number;
  /** Path joined by `/`. */
  readonly path: string;
  readonly length: number;
  readonly haveLength: number;
  readonly priority: FilePriority;
  readonly firstPiece: number;
  /** Inclusive; firstPiece - 1 for an empty file. */
  readonly lastPiece: number;
}

export interface TrackerSnapshot {
  readonly url: string;
  readonly tier: number;
  readonly status: 'idle' | 'announcing' | 'working' | 'error' | 'off';
  /** What came of the last announce; undefined before that, and again once it is stopped. */
  readonly lastOutcome: 'accepted' | 'refused' | 'failed' | undefined;
  /** Wall time, milliseconds since 1970. */
  readonly lastAnnounceAtMs: number | undefined;
  readonly nextAnnounceAtMs: number | undefined;
  readonly seederCount: number | undefined;
  readonly leecherCount: number | undefined;
  readonly peerCount: number | undefined;
  /** The last error or warning, one sentence. */
  readonly message: string | undefined;
  /** What it has heard of us, in bytes since `started`; undefined before it has answered. */
  readonly reported:
    | { readonly uploaded: number; readonly downloaded: number; readonly left: number }
    | undefined;
}

export interface LogLine {
  /** Wall time, milliseconds since 1970. */
  readonly atMs: number;
  readonly level: 'info' | 'warn' | 'error';
  readonly text: string;
}

/** Rates of the last minutes, one sample a second, oldest first (at most 300). */
export interface RateHistory {
  readonly down: readonly number[];
  readonly up: readonly number[];
}

/** Everything about one torrent, made only while somebody looks. */
export interface TorrentDetail extends TorrentSummary {
  readonly pieceLength: number;
  /** A copy: pieces we have. */
  readonly pieces: Bitfield;
  /** Pieces being fetched now. */
  readonly activePieces: readonly number[];
  /** How many connected peers have each piece, capped at 255. */
  readonly availability: Uint8Array;
  readonly files: readonly FileSnapshot[];
  readonly peers: readonly PeerSnapshot[];
  readonly trackers: readonly TrackerSnapshot[];
  readonly log: readonly LogLine[];
  readonly history: RateHistory;
  readonly limits: Limits;
  readonly sequential: boolean;
  /** Bytes received that failed their hash. */
  readonly wasted: number;
  /** Folder on disk. */
  readonly outputFolder: string;
  readonly magnet: string;
}
