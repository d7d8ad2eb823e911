/** The addresses that a torrent knows: a bounded number, and few of one network. Pure. */
import { formatPeerAddress, isLoopback, type PeerAddress } from '@shoal/units';
import type { PeerSource } from '../state/snapshot.ts';
import { isMoreTrusted, isWorse, type KnownPeer } from './known-peer.ts';
import { networkOf } from './network-of.ts';

/** Addresses kept per torrent. */
const DEFAULT_LIMIT = 2000;
/** Addresses kept per IP address (/64 of IPv6) other than loopback: no one floods a victim through us. */
const HOST_LIMIT = 8;

export class AddressBook<Peer extends KnownPeer> {
  readonly #limit: number;
  readonly #peers = new Map<string, Peer>();
  readonly #networkCounts = new Map<string, number>();

  constructor(limit = DEFAULT_LIMIT) {
    this.#limit = limit;
  }

  get size(): number {
    return this.#peers.size;
  }

  /** In the order in which they were added. */
  values(): IterableIterator<Peer> {
    return this.#peers.values();
  }

  find(address: PeerAddress): Peer | undefined {
    return this.#peers.get(formatPeerAddress(address));
  }

  /** Adds an address that is not there yet, whether there is room for it or not. */
  add(peer: Peer): void {
    const network = networkOf(peer.address);
    this.#peers.set(formatPeerAddress(peer.address), peer);
    this.#networkCounts.set(network, (this.#networkCounts.get(network) ?? 0) + 1);
  }

  remove(peer: Peer): void {
    const network = networkOf(peer.address);
    this.#peers.delete(formatPeerAddress(peer.address));
    const left = this.#networkCounts.get(network)! - 1;
    if (left > 0) this.#networkCounts.set(network, left);
    else this.#networkCounts.delete(network);
  }

  /**
   * Makes room for an address if it can: an idle one that failed, or is less trusted, gives way.
   * @returns false when there is no place for it
   */
  makeRoom(address: PeerAddress, source: PeerSource): boolean {
    const count = this.#networkCounts.get(networkOf(address)) ?? 0;
    if (count >= HOST_LIMIT && !isLoopback(address)) return false;
    if (this.#peers.size < this.#limit) return true;
    let worst: Peer | undefined;
    for (const peer of this.#peers.values()) {
      if (peer.status !== 'idle' || peer.isKept) continue;
      if (worst === undefined || isWorse(peer, worst)) worst = peer;
    }
    if (worst === undefined) return false;
    if (worst.failureCount === 0 && !isMoreTrusted(source, worst.source)) return false;
    this.remove(worst);
    return true;
  }
}
