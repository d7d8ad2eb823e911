/** Who left, and what a peer is known by: a bad block may outlast the connection it came on. */
import { idToHex, type PeerAddress, type PeerId } from '@shoal/units';
import type { PeerKey } from '../picking/active-piece.ts';
import { putNewest } from './keep-newest.ts';

/** What a peer is known by. */
export interface KnownBy {
  /** The other end of its connection. */
  readonly address: PeerAddress;
  readonly peerId: PeerId;
  /** The same when we dialled it; undefined when it dialled us, from a port that says nothing. */
  readonly dialled: PeerAddress | undefined;
}

/** Peers that left and are remembered; past it the oldest are let go. */
const DEFAULT_LIMIT = 2_000;

export class FormerPeers {
  readonly #limit: number;
  readonly #peers = new Map<PeerKey, KnownBy>();

  constructor(limit = DEFAULT_LIMIT) {
    this.#limit = limit;
  }

  add(key: PeerKey, { address, peerId, dialled }: KnownBy): void {
    putNewest(this.#peers, key, { address, peerId, dialled }, this.#limit);
  }

  get(key: PeerKey): KnownBy | undefined {
    return this.#peers.get(key);
  }

  values(): Iterable<KnownBy> {
    return this.#peers.values();
  }
}

/** One text for all connections of a peer: its IP address and its peer id. */
export function peerName({ address, peerId }: KnownBy): string {
  return `${address.host} ${idToHex(peerId)}`;
}
