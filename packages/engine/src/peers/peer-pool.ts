/** The addresses a torrent knows and which of them to dial next. Pure; time is passed in. */
import { formatPeerAddress, type PeerAddress, type Random } from '@shoal/units';
import { peerPriority } from '@shoal/wire';
import type { PeerSource } from '../state/snapshot.ts';
import { AddressBook } from './address-book.ts';
import { addNewest } from './keep-newest.ts';
import { isDiallable, isMoreTrusted, type KnownPeer } from './known-peer.ts';

/**
 * How a connection ended: it broke, or the peer failed us; neither side has anything left for the
 * other; or we left, and nobody has failed.
 */
export type Parting = 'lost' | 'done' | 'left';

type Entry = { -readonly [Fact in keyof KnownPeer]: KnownPeer[Fact] };

/** The first back-off; each failure doubles it. */
const BACK_OFF_MS = 15_000;
const LONGEST_BACK_OFF_MS = 3_600_000;
/** Failures in a row after which an address is dropped. */
const FAILURE_LIMIT = 10;
/** A connection that lasted this long clears the failures before it. */
const LONG_CONNECTION_MS = 60_000;
/** Banned hosts and own addresses that are remembered. */
const REFUSED_LIMIT = 1000;

/** One entry per address, a bounded number of them, each with a back-off of its own. */
export class PeerPool {
  readonly #random: Random;
  readonly #book: AddressBook<Entry>;
  /** Banned hosts, and own addresses as `host:port`. */
  readonly #refused = new Set<string>();
  #seeding = false;
  #own: readonly PeerAddress[] = [];

  constructor(options: { limit?: number; random: Random }) {
    this.#book = new AddressBook(options.limit);
    this.#random = options.random;
  }

  get size(): number {
    return this.#book.size;
  }

  entries(): Iterable<KnownPeer> {
    return this.#book.values();
  }

  /** As a seeder we dial seeders last; a leecher again, those that were set aside. */
  setSeeding(seeding: boolean): void {
    if (this.#seeding && !seeding)
      for (const peer of this.#book.values()) if (peer.hold === 'set-aside') ready(peer, 0);
    this.#seeding = seeding;
  }

  /** Our own addresses as others see them, one a family: equals are dialled by BEP 40. */
  setOwn(own: readonly PeerAddress[]): void {
    if (own === this.#own) return;
    this.#own = own;
    for (const peer of this.#book.values()) peer.lot = this.#lotOf(peer.address);
  }

  /** The canonical peer priority, higher is better; undefined while our own address is not known. BEP 40. */
  priorityOf(address: PeerAddress): number | undefined {
    const own = this.#own.find(({ family }) => family === address.family);
    return own && peerPriority(own, address);
  }

  /**
   * Takes an address in; ready to be dialled at once.
   * @returns false when it was known, is refused, or no place was left for it
   */
  add(
    address: PeerAddress,
    source: PeerSource,
    nowMs: number,
    options: { isSeeder?: boolean } = {},
  ): boolean {
    const known = this.#book.find(address);
    if (known !== undefined) {
      known.isSeeder = options.isSeeder ?? known.isSeeder;
      if (isMoreTrusted(source, known.source)) known.source = source;
      return false;
    }
    if (!isDiallable(address) || this.#isRefused(address)) return false;
    if (source !== 'manual' && !this.#book.makeRoom(address, source)) return false;
    this.#book.add({
      address,
      source,
      isSeeder: options.isSeeder ?? false,
      isKept: false,
      status: 'idle',
      failureCount: 0,
      hold: undefined,
      readyAtMs: nowMs,
      dialledAtMs: undefined,
      connectedAtMs: undefined,
      lot: this.#lotOf(address),
    });
    return true;
  }

  /** Adds an address of the user's if it is new; from now on it is dialled again and again. */
  keep(address: PeerAddress): void {
    this.#refused.delete(formatPeerAddress(address));
    this.add(address, 'manual', 0);
    const peer = this.#book.find(address);
    if (peer === undefined) return;
    peer.isKept = true;
    if (peer.hold !== undefined) ready(peer, 0);
  }

  /** The best address to dial now; it counts as dialling until the caller says how that went. */
  next(nowMs: number): PeerAddress | undefined {
    let best: Entry | undefined;
    for (const peer of this.#book.values()) {
      if (!isWaiting(peer) || peer.readyAtMs > nowMs) continue;
      if (best === undefined || this.#compare(peer, best) < 0) best = peer;
    }
    if (best === undefined) return undefined;
    this.dialling(best.address, nowMs);
    return best.address;
  }

  /** It is dialled, ready for that or not: `next` leaves it out until the caller says how that went. */
  dialling(address: PeerAddress, nowMs: number): void {
    const peer = this.#book.find(address);
    if (peer?.status !== 'idle') return;
    peer.status = 'dialling';
    peer.dialledAtMs = nowMs;
  }

  /** When `next` will have an address: now, later, or undefined when nothing is waiting. */
  nextReadyAtMs(nowMs: number): number | undefined {
    let earliest = Number.POSITIVE_INFINITY;
    for (const peer of this.#book.values())
      if (isWaiting(peer)) earliest = Math.min(earliest, peer.readyAtMs);
    return earliest === Number.POSITIVE_INFINITY ? undefined : Math.max(earliest, nowMs);
  }

  /** A connection stands, whoever dialled. */
  connected(address: PeerAddress, nowMs: number): void {
    const peer = this.#book.find(address);
    if (peer === undefined || peer.status === 'connected') return;
    peer.status = 'connected';
    peer.connectedAtMs = nowMs;
  }

  /** Its peer is connected at another address: no dial is worth it until `wake` says so. */
  rest(address: PeerAddress): void {
    const peer = this.#book.find(address);
    if (peer === undefined) return;
    peer.status = 'idle';
    peer.hold = 'elsewhere';
  }

  /** An address that rests is worth a dial now. */
  wake(address: PeerAddress, nowMs: number): void {
    const peer = this.#book.find(address);
    if (peer?.hold === 'elsewhere') ready(peer, nowMs);
  }

  /** A dial failed, or the handshake after it. */
  failed(address: PeerAddress, nowMs: number): void {
    const peer = this.#book.find(address);
    if (peer !== undefined) this.#backOff(peer, nowMs);
  }

  /** A dial was given up before it was over: the address is as it was. */
  release(address: PeerAddress): void {
    const peer = this.#book.find(address);
    if (peer?.status === 'dialling') peer.status = 'idle';
  }

  /** An established connection ended. */
  disconnected(address: PeerAddress, nowMs: number, parting: Parting): void {
    const peer = this.#book.find(address);
    if (peer === undefined) return;
    const lasted = nowMs - (peer.connectedAtMs ?? nowMs);
    if (lasted >= LONG_CONNECTION_MS) peer.failureCount = 0;
    if (parting === 'lost') this.#backOff(peer, nowMs);
    else if (parting === 'done') this.#setAside(peer, nowMs);
    else {
      peer.status = 'idle';
      ready(peer, nowMs);
    }
  }

  /** Drops an address and takes it in no more, unless the user names it (`keep`). */
  avoid(address: PeerAddress): void {
    this.forget(address);
    this.#refuse(formatPeerAddress(address));
  }

  /** Drops every address of a host and refuses it from now on. */
  ban(host: string): void {
    for (const peer of [...this.#book.values()])
      if (peer.address.host === host) this.#book.remove(peer);
    this.#refuse(host);
  }

  /** Takes back a ban. */
  forgive(host: string): void {
    this.#refused.delete(host);
  }

  /** Who named the address; undefined when it is not known. */
  sourceOf(address: PeerAddress): PeerSource | undefined {
    return this.#book.find(address)?.source;
  }

  /** Drops the addresses that these sources named, but for the user's. */
  forgetFrom(sources: ReadonlySet<PeerSource>): void {
    for (const peer of [...this.#book.values()])
      if (sources.has(peer.source) && !peer.isKept) this.#book.remove(peer);
  }

  forget(address: PeerAddress): void {
    const peer = this.#book.find(address);
    if (peer !== undefined) this.#book.remove(peer);
  }

  #lotOf(address: PeerAddress): number {
    const priority = this.priorityOf(address);
    return priority === undefined ? this.#random.below(2 ** 32) : 2 ** 32 - 1 - priority;
  }

  #isRefused(address: PeerAddress): boolean {
    return this.#refused.has(address.host) || this.#refused.has(formatPeerAddress(address));
  }

  #refuse(name: string): void {
    addNewest(this.#refused, name, REFUSED_LIMIT);
  }

  #backOff(peer: Entry, nowMs: number): void {
    peer.status = 'idle';
    const delayMs = Math.min(BACK_OFF_MS * 2 ** peer.failureCount, LONGEST_BACK_OFF_MS);
    peer.failureCount++;
    if (peer.failureCount >= FAILURE_LIMIT && !peer.isKept) {
      this.#book.remove(peer);
      return;
    }
    // Three quarters to five quarters of it, so that peers lost together do not come back together.
    ready(peer, nowMs + (delayMs * (750 + this.#random.below(501))) / 1000);
  }

  /** Keeps the address, so that hearing of it again brings no new dial. */
  #setAside(peer: Entry, nowMs: number): void {
    this.#backOff(peer, nowMs);
    if (!peer.isKept) peer.hold = 'set-aside';
  }

  /** Below 0 when `a` is to be dialled before `b`. */
  #compare(a: Entry, b: Entry): number {
    if (a.isKept !== b.isKept) return a.isKept ? -1 : 1;
    if (this.#seeding && a.isSeeder !== b.isSeeder) return a.isSeeder ? 1 : -1;
    if (a.failureCount !== b.failureCount) return a.failureCount - b.failureCount;
    return a.lot - b.lot;
  }
}

/** It waits for its turn to be dialled, now or later. */
function isWaiting({ status, hold }: KnownPeer): boolean {
  return status === 'idle' && hold === undefined;
}

/** It may be dialled from then on. */
function ready(peer: Entry, atMs: number): void {
  peer.hold = undefined;
  peer.readyAtMs = atMs;
}
