/** Peers without a tracker: the interface, whatever network answers. */
import type { InfoHash, PeerAddress } from '@shoal/units';

/** Gets the peers of one swarm as they are found; the same peer may come again. */
export type PeersListener = (infoHash: InfoHash, peers: readonly PeerAddress[]) => void;

/**
 * Gives the peers of the infohashes it is told of, and tells others that we are one of them.
 *
 * Never join the swarm of a private torrent (BEP 27): that is the caller's duty, for an infohash
 * does not show it.
 */
export interface Discovery {
  /** Where a peer was learnt, for screens and logs. */
  readonly source: 'lsd' | 'dht';

  /** UDP port of our node while it runs, where there is such a thing: peers are told of it (BEP 5). */
  readonly port?: number | undefined;

  /**
   * Opens its sockets. Swarms joined before are announced now.
   * @param peerPort - where peers reach us, 1..65535: what others are told
   * @throws DiscoveryError `port-taken`, `no-network`
   */
  start(peerPort: number): Promise<void>;

  /** Announces us in a swarm and looks for its peers, now and at intervals. Idempotent. */
  join(infoHash: InfoHash): void;

  /** Ends what `join` began; others forget us when our last announce has aged. Idempotent. */
  leave(infoHash: InfoHash): void;

  /** Announces and looks again as soon as the protocol's limits allow. Without meaning before `join`. */
  announceNow(infoHash: InfoHash): void;

  /** Another way into the network: a peer that runs a node of it (BEP 5, `port`). */
  addNode?(address: PeerAddress): void;

  /** Our address as others see it, where an id must go with it (BEP 42). Cheap when it is known already. */
  handleOwnAddress?(address: PeerAddress): void;

  /** @returns unsubscribe */
  onPeers(listener: PeersListener): () => void;

  /** Closes its sockets and timers. Swarms stay joined, so it may be started again. Idempotent. */
  stop(): Promise<void>;
}

/** What went wrong, as a closed set. */
export type DiscoveryErrorCode =
  | 'bad-message' // bytes from another that are no message of the protocol
  | 'bad-address' // a bootstrap node that is no HOST:PORT
  | 'port-taken' // the port was asked for and another has it
  | 'no-network'; // no socket could be opened

/** Every error this package throws; that of the system is the `cause`. */
export class DiscoveryError extends Error {
  override readonly name = 'DiscoveryError';
  readonly code: DiscoveryErrorCode;

  constructor(code: DiscoveryErrorCode, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.code = code;
  }
}
