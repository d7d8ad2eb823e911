/** The engine as apps see it. `engine.ts` and `torrent.ts` carry it out. */
import type { Info, Metainfo } from '@shoal/metainfo';
import type { PeerAddress } from '@shoal/units';
import type {
  EngineSnapshot,
  FilePriority,
  Limits,
  PeerSnapshot,
  PeerSource,
  TorrentDetail,
  TorrentSummary,
  TrackerSnapshot,
} from './state/snapshot.ts';

/** What a magnet says; what is missing comes from peers (BEP 9). */
export interface MagnetSource {
  readonly magnet: string;
}

/** How the pieces lie on disk: in the torrent's own files, or a chunk folder. */
export type StoreKind = 'files' | 'chunks';

/** How to add a torrent. Everything but the source and the folder may be left out. */
export interface AddOptions {
  readonly source: { readonly metainfo: Metainfo } | MagnetSource;
  /** Files go below this folder. */
  readonly outputFolder: string;
  /** More trackers, each a tier of its own. */
  readonly trackers?: readonly string[];
  /** Peers to connect to at once and again when they are lost. */
  readonly peers?: readonly PeerAddress[];
  readonly limits?: Partial<Limits>;
  readonly sequential?: boolean;
  /** Indexes of `info.files` to fetch; all when left out. */
  readonly selectedFiles?: readonly number[];
  /** Whether it starts paused; left out, it is as the last run left it, and runs when it is new. */
  readonly paused?: boolean;
  /** Seeding what is known to be complete and unchanged: skip the check when marks agree. Default false. */
  readonly trustComplete?: boolean;
  /** `chunks`: each piece a file of its own in `NAME.parts`, beside a copy of the .torrent. Default `files`. */
  readonly store?: StoreKind;
}

/** Discrete facts, for logs and `--json`. `infoHash` is hex. */
export type EngineEvent =
  | { readonly type: 'torrent-added'; readonly infoHash: string; readonly name: string }
  | { readonly type: 'metadata'; readonly infoHash: string; readonly name: string }
  | {
      readonly type: 'checked';
      readonly infoHash: string;
      readonly goodPieces: number;
      readonly pieceCount: number;
    }
  | { readonly type: 'piece'; readonly infoHash: string; readonly index: number }
  | { readonly type: 'hash-failed'; readonly infoHash: string; readonly index: number }
  | {
      readonly type: 'peer-joined';
      readonly infoHash: string;
      readonly address: string;
      readonly client: string;
    }
  | {
      readonly type: 'peer-left';
      readonly infoHash: string;
      readonly address: string;
      readonly reason: string;
      /** Payload over this connection, bytes. */
      readonly downloaded: number;
      readonly uploaded: number;
    }
  | {
      readonly type: 'peer-banned';
      readonly infoHash: string;
      readonly address: string;
      readonly reason: string;
    }
  | {
      readonly type: 'tracker';
      readonly infoHash: string;
      readonly url: string;
      readonly ok: boolean;
      readonly message: string;
      readonly peerCount: number;
      /** It is not asked again: no later try could mend what is wrong. */
      readonly isOff: boolean;
    }
  | {
      readonly type: 'complete';
      readonly infoHash: string;
      readonly name: string;
      /** Bytes that are wanted. */
      readonly length: number;
      /** Bytes of the pieces that came since it was complete last; 0 when all lay here already. */
      readonly fetchedLength: number;
      /** Since it began, or went on after it was complete. */
      readonly elapsedMs: number;
    }
  | {
      readonly type: 'torrent-error';
      readonly infoHash: string;
      readonly code: string;
      readonly message: string;
    }
  /** What the last run left of it cannot be believed: it goes on with less, and hashes what is on disk. */
  | { readonly type: 'state-damaged'; readonly infoHash: string; readonly message: string }
  /** Another process has it, and so it was not restored. */
  | {
      readonly type: 'torrent-in-use';
      readonly infoHash: string;
      readonly name: string;
      readonly message: string;
    }
  | { readonly type: 'torrent-removed'; readonly infoHash: string };

/** An address of a torrent's pool. */
export interface KnownPeerSnapshot {
  /** `1.2.3.4:6881` */
  readonly address: string;
  readonly source: PeerSource;
  readonly status: 'idle' | 'dialling' | 'connected';
}

/** Where one piece stands. */
export interface PieceSnapshot {
  readonly state: 'have' | 'missing' | 'fetching' | 'verifying';
  /** Blocks received of `blockCount`, while it is being fetched. */
  readonly receivedCount: number;
  readonly blockCount: number;
  /** Addresses it is being fetched from. */
  readonly sources: readonly string[];
}

/** What a person does by hand with one torrent's peers and trackers: the command language. */
export interface TorrentByHand {
  knownPeers(): readonly KnownPeerSnapshot[];
  /** Announces `started` to the trackers (to `url` too, when given). Resolves when each has answered or failed. */
  connectTracker(url?: string): Promise<readonly TrackerSnapshot[]>;
  /** Announces now, or as soon as a tracker's minimum interval allows it. Resolves when all have answered. */
  updateTracker(): Promise<readonly TrackerSnapshot[]>;
  /** Announces `stopped`; no more announces until `connectTracker`. Transfers go on. */
  disconnectTracker(): Promise<void>;
  /** @throws EngineError `connect-failed`, `peer-banned`, `peer-refused` */
  connectPeer(address: PeerAddress): Promise<PeerSnapshot>;
  /** Closes it, and does not dial it again by itself. @throws EngineError `no-such-peer` */
  disconnectPeer(address: PeerAddress): void;
  findPeer(address: PeerAddress): PeerSnapshot | undefined;
  /**
   * Round-trip time in milliseconds: over an open connection by a request that must be answered,
   * else by connect and handshake. @throws EngineError `connect-failed`
   */
  ping(address: PeerAddress): Promise<number>;
  /**
   * Asks that peer for that piece now, ahead of everything else. Resolves when the piece is verified.
   * @param handleProgress - called with received and all blocks, and whether the peer chokes us
   * @throws EngineError `no-such-peer`, `no-such-piece`, `peer-lacks-piece`, `connect-failed` when it leaves
   */
  requestPiece(
    address: PeerAddress,
    pieceIndex: number,
    handleProgress?: (receivedCount: number, blockCount: number, isChoked: boolean) => void,
    signal?: AbortSignal,
  ): Promise<void>;
  /**
   * Unchokes the peer and suggests the piece to it (BEP 6).
   * @returns a function that tells how many bytes of the piece it took since
   * @throws EngineError `no-such-peer`, `no-such-piece`, `piece-missing` when we lack it
   */
  offerPiece(address: PeerAddress, pieceIndex: number): () => number;
  /** @throws EngineError `no-such-peer` */
  setPeerChoked(address: PeerAddress, choked: boolean): void;
  /** @throws EngineError `no-such-piece` */
  pieceState(pieceIndex: number): PieceSnapshot;
  /** Hashes one piece on disk; a bad one is lost and fetched again. @throws EngineError `no-such-piece` */
  recheckPiece(pieceIndex: number): Promise<boolean>;
}

/** One torrent, for the one who added it. */
export interface TorrentHandle {
  /** Hex. */
  readonly infoHash: string;
  /** What a person does with single peers, pieces and trackers. */
  readonly byHand: TorrentByHand;
  /** The info dict; undefined until the metadata of a magnet is here. */
  readonly info: Info | undefined;
  readonly storeKind: StoreKind;
  /** The folder the files, or the chunks, lie below. */
  readonly storeFolder: string;
  /** The summary now. */
  getSummary(): TorrentSummary;
  /** The detail now: the same object until something changed and 200 ms passed. */
  getDetail(): TorrentDetail;
  pause(): void;
  resume(): void;
  /** Hashes again all that lies on disk. */
  verify(): Promise<void>;
  setLimits(limits: Partial<Limits>): void;
  setSequential(on: boolean): void;
  setFilePriority(fileIndex: number, priority: FilePriority): void;
  /** Many at once, by index: no moment comes in which only some have changed. */
  setFilePriorities(changes: ReadonlyMap<number, FilePriority>): void;
  addPeer(address: PeerAddress): void;
  addTracker(url: string): void;
  /** Announces now, within the tracker's minimum interval. */
  announce(): void;
}

/** What goes with a torrent that is removed; all stays when left out. */
export interface RemoveOptions {
  /** Its resume state. */
  readonly forget?: boolean;
  /** Its files on disk. */
  readonly eraseData?: boolean;
}

/** Many torrents behind one listening port. */
export interface EngineHandle {
  readonly port: number;
  /**
   * One that is being removed is added when it is gone.
   * @throws EngineError `duplicate` when the torrent is there already, `bad-magnet`, `bad-selection`,
   * `state-locked`, `state-unwritable`, `closed`
   */
  add(options: AddOptions): Promise<TorrentHandle>;
  torrent(infoHash: string): TorrentHandle | undefined;
  /**
   * Adds every torrent of the state folder that is not here: what was there when it ended goes on. One that
   * another process has is left to it, with an event.
   * @param fallbackFolder - the output folder of those whose state is too damaged to name theirs
   */
  restore(fallbackFolder: string): Promise<readonly TorrentHandle[]>;
  /**
   * Announces `stopped`, closes its peers; `forget` also drops its resume state. Data stays, but
   * with `eraseData`: then the torrent's own files are deleted, never through a link. Resolves when
   * trackers have heard it, or had 3 s to.
   * @throws StoreError when they cannot be deleted; the torrent is gone from here all the same
   */
  remove(infoHash: string, options?: RemoveOptions): Promise<void>;
  /** Limits of all torrents together; kept for the next run. */
  setLimits(limits: Partial<Limits>): void;
  /** Closes all connections with an IP address and makes none any more, in this run and the next. */
  banHost(host: string): void;
  /** Lets it in again. @returns whether it was banned by hand */
  unbanHost(host: string): boolean;
  /** Called at most 5 times a second, after something changed. @returns unsubscribe */
  subscribe(listener: () => void): () => void;
  getSnapshot(): EngineSnapshot;
  /** @returns unsubscribe */
  onEvent(listener: (event: EngineEvent) => void): () => void;
  /** Announces `stopped` (waits at most 3 s for answers), writes resume state, closes everything. Idempotent. */
  close(): Promise<void>;
}
