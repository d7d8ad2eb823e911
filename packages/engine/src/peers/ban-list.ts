/** Whom we do not talk to any more: single peers, and the IP addresses that too many of them share. */
import { formatPeerAddress, isLoopback, type PeerAddress } from '@shoal/units';
import { type KnownBy, peerName } from './former-peers.ts';
import { putNewest } from './keep-newest.ts';

export interface BannedHost {
  /** IP address in its canonical text form. */
  readonly host: string;
  /** One short sentence for people. */
  readonly reason: string;
}

/** Bans that are kept; past it the oldest is let go. */
const DEFAULT_LIMIT = 10_000;
/** Peers of one IP address that are banned before the address itself is. */
const OFFENCE_LIMIT = 3;

/**
 * Honest peers share an IP address with liars, behind one router or on one machine, so the peer is
 * banned: its IP address with its peer id, and with the port where it was dialled. As ids and ports
 * cost a liar nothing, the IP address is banned with the third peer of it; loopback never is. Bounded.
 */
export class BanList {
  readonly #limit: number;
  /** Host -> reason. */
  readonly #hosts = new Map<string, string>();
  /** Names and addresses of peers. */
  readonly #peers = new Map<string, true>();
  /** Host -> its peers that are banned. */
  readonly #offences = new Map<string, number>();

  constructor(limit = DEFAULT_LIMIT) {
    this.#limit = limit;
  }

  /** Bans a host; a second ban keeps the first reason and counts as fresh. */
  banHost(host: string, reason: string): void {
    putNewest(this.#hosts, host, this.#hosts.get(host) ?? reason, this.#limit);
  }

  /** Bans one peer. @returns whether its IP address is banned with it */
  banPeer(peer: KnownBy, reason: string): boolean {
    const { host } = peer.address;
    const name = peerName(peer);
    const isKnown = this.#peers.has(name);
    putNewest(this.#peers, name, true, this.#limit);
    if (peer.dialled !== undefined)
      putNewest(this.#peers, formatPeerAddress(peer.dialled), true, this.#limit);
    if (isKnown || isLoopback(peer.address)) return this.hasHost(host);
    const count = (this.#offences.get(host) ?? 0) + 1;
    putNewest(this.#offences, host, count, this.#limit);
    if (count >= OFFENCE_LIMIT) this.banHost(host, reason);
    return this.hasHost(host);
  }

  /** Lets a host in again, with the peers of it that are not banned themselves. */
  forgiveHost(host: string): void {
    this.#hosts.delete(host);
    this.#offences.delete(host);
  }

  hasHost(host: string): boolean {
    return this.#hosts.has(host);
  }

  /** Whether nobody is talked to at this address. */
  hasAddress(address: PeerAddress): boolean {
    return this.hasHost(address.host) || this.#peers.has(formatPeerAddress(address));
  }

  hasPeer(peer: KnownBy): boolean {
    return (
      this.hasHost(peer.address.host) ||
      this.#peers.has(peerName(peer)) ||
      (peer.dialled !== undefined && this.hasAddress(peer.dialled))
    );
  }

  /** The banned hosts, oldest first. */
  hosts(): readonly BannedHost[] {
    return Array.from(this.#hosts, ([host, reason]) => ({ host, reason }));
  }
}
