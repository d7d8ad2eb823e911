/**
 * The peers of every swarm, for one address family. A swarm names its peers by three numbers in a
 * table of its own (open-set.ts); all methods take that table and the place of the three, change
 * them, and make no object.
 *
 * An answer is two runs of records as they lie there: of leechers and of seeders.
 */
import type { Random } from '@shoal/units';
import { PEER_ID_LENGTH } from '../../protocol/udp-layout.ts';
import { AnswerArcs } from './answer-arcs.ts';
import { isKeyed, maySpeakFor } from './client-tag.ts';
import type { KnownPeer } from './known-peer.ts';
import { OpenSet } from './open-set.ts';
import type { PeerSink } from './peer-sink.ts';
import { QuickRandom } from './quick-random.ts';
import type { Announce } from './swarm-store.ts';
import { ageOf } from './ticks.ts';

/** Peers that are looked at to find one that was not heard of for long. */
const SAMPLE_COUNT = 16;
/**
 * A client at a new address is looked for among so many peers at most: about a microsecond. In larger
 * swarms one peer that is gone makes no difference, and leaves with its lifetime.
 */
const MAX_SEARCHED_COUNT = 1_024;
/** Who was heard of at another address within so many seconds has several, and keeps them. */
const MIN_MOVE_AGE_S = 60;

/** What `announce` found. */
export const PEER_ADDED = 0;
const PEER_KNOWN = 1;
/** Known as a leecher, a seeder from here on. */
export const PEER_COMPLETED = 2;

export class PeerSets {
  /** How many peers the last `sweep` looked at. */
  sweptCount = 0;
  readonly #set: OpenSet;
  readonly #random: QuickRandom;
  readonly #arcs: AnswerArcs;
  /** A peer that is asked for, as bytes and as words. */
  readonly #asked: Uint8Array;
  readonly #askedWords: Uint16Array;

  // The peer that announced last, so that the answer to it need not look for it again.
  #announcedTable: Int32Array | undefined;
  #announcedAt = 0;
  #announcedPosition = -1;

  /** @param recordLength - 6 for IPv4, 18 for IPv6 */
  constructor(recordLength: 6 | 18, random: Random, keepsPeerIds: boolean) {
    const key = new Int32Array(new Uint8Array(random.bytes(8)).buffer);
    this.#set = new OpenSet(recordLength, key, keepsPeerIds);
    this.#random = new QuickRandom(random);
    this.#arcs = new AnswerArcs(this.#random);
    this.#asked = new Uint8Array(recordLength);
    this.#askedWords = new Uint16Array(this.#asked.buffer);
  }

  /** Peers of all swarms. */
  get count(): number {
    return this.#set.totalCount;
  }

  /** Bytes of all runs. */
  get byteLength(): number {
    return this.#set.byteLength;
  }

  /**
   * Adds or refreshes a peer; a client that has moved takes the place of what it was.
   * @param tick - the time in seconds, modulo 2^16
   */
  announce(table: Int32Array, at: number, announce: Announce, tick: number): number {
    const set = this.#set;
    set.open(table, at);
    const { isSeeder } = announce;
    const known = set.find(announce.peerWords);
    if (known >= 0) {
      set.peers.setNote(known, announce, tick);
      const wasSeeder = set.isSeeder(known);
      this.#remember(table, at, isSeeder === wasSeeder ? known : set.turn(known, isSeeder));
      return isSeeder && !wasSeeder ? PEER_COMPLETED : PEER_KNOWN;
    }
    const former = this.#findFormer(announce.clientTag, tick);
    const wasSeeder = former >= 0 && set.isSeeder(former);
    if (former >= 0) set.removeAt(former);
    this.#remember(table, at, set.add(announce, tick));
    if (former < 0) return PEER_ADDED;
    return isSeeder && !wasSeeder ? PEER_COMPLETED : PEER_KNOWN;
  }

  /** Looks a peer up. @returns whether it is there; `known` then says what is known of it */
  find(table: Int32Array, at: number, peer: Uint16Array, known: KnownPeer): boolean {
    this.#set.open(table, at);
    const position = this.#set.find(peer);
    if (position < 0) return false;
    const { peers } = this.#set;
    known.heardTick = peers.tickOf(position);
    known.isSeeder = this.#set.isSeeder(position);
    known.clientTag = peers.clientTagOf(position);
    return true;
  }

  /** Shows `count` peers from position `from` on, which must be there. */
  read(table: Int32Array, at: number, from: number, count: number, sink: PeerSink): void {
    const set = this.#set;
    set.open(table, at);
    for (let position = from; position < from + count; position++)
      set.peers.show(position, set.isSeeder(position), sink);
  }

  /** Removes a peer, if it is there and not another client's own. */
  remove(table: Int32Array, at: number, { peerWords, clientTag }: Announce): void {
    const set = this.#set;
    set.open(table, at);
    const position = set.find(peerWords);
    if (position < 0 || !maySpeakFor(set.peers.clientTagOf(position), clientTag)) return;
    this.#removeAt(position);
    set.shrink();
  }

  /** Removes all peers of the set. */
  clear(table: Int32Array, at: number): void {
    this.#set.open(table, at);
    this.#announcedTable = undefined;
    this.#set.empty();
    this.#set.shrink();
  }

  /**
   * Copies at most `maxCount` peers, chosen at random, but never `self`.
   * @param self - the asking peer if it may be in the set: the one that announced last
   * @returns bytes written
   */
  copy(
    table: Int32Array,
    at: number,
    self: Uint16Array | undefined,
    leechersOnly: boolean,
    maxCount: number,
    into: Uint8Array,
    intoAt: number,
  ): number {
    const set = this.#set;
    set.open(table, at);
    const { leecherCount, size } = set;
    const seeders = leechersOnly ? 0 : size - leecherCount;
    if (maxCount <= 0 || leecherCount + seeders === 0) return 0;
    const selfAt = self === undefined ? -1 : this.#recall(table, at, self);
    return this.#arcs.copy(set.peers, leecherCount, seeders, selfAt, maxCount, into, intoAt);
  }

  /**
   * Writes the peer ids of peers of the set, 20 bytes each, zeros for one that nobody knows.
   * @param peers - their records
   */
  copyIds(table: Int32Array, at: number, peers: Uint8Array, into: Uint8Array): void {
    const set = this.#set;
    const { length } = this.#asked;
    set.open(table, at);
    for (let from = 0, to = 0; from < peers.length; from += length, to += PEER_ID_LENGTH) {
      this.#asked.set(peers.subarray(from, from + length));
      const position = set.find(this.#askedWords);
      if (position >= 0) set.peers.copyId(position, into, to);
      else into.fill(0, to, to + PEER_ID_LENGTH);
    }
  }

  /** Removes the peer heard of the longest time ago among some chosen at random. */
  shed(table: Int32Array, at: number, tick: number): void {
    const set = this.#set;
    set.open(table, at);
    let oldest = 0;
    let oldestAge = -1;
    for (let sample = Math.min(SAMPLE_COUNT, set.size); sample > 0; sample--) {
      const position = this.#random.below(set.size);
      const age = this.#age(position, tick);
      if (age > oldestAge) {
        oldest = position;
        oldestAge = age;
      }
    }
    this.#removeAt(oldest);
    set.shrink();
  }

  /**
   * Removes peers not heard of for more than `lifetime` ticks, from position `from` on, at most
   * `count` looked at.
   * @returns the position to go on from, -1 when the end was reached
   */
  sweep(
    table: Int32Array,
    at: number,
    from: number,
    count: number,
    tick: number,
    lifetime: number,
  ): number {
    const set = this.#set;
    set.open(table, at);
    let position = from;
    this.sweptCount = 0;
    for (; this.sweptCount < count && position < set.size; this.sweptCount++) {
      if (this.#age(position, tick) > lifetime) this.#removeAt(position);
      else position++;
    }
    const isEnd = position >= set.size;
    set.shrink();
    return isEnd ? -1 : position;
  }

  /** Where a client stands that says it is known from another address; -1 for nowhere. */
  #findFormer(clientTag: number, tick: number): number {
    const { size, peers } = this.#set;
    if (size === 0 || size > MAX_SEARCHED_COUNT || !isKeyed(clientTag)) return -1;
    const position = peers.findClient(clientTag, size);
    return position >= 0 && this.#age(position, tick) >= MIN_MOVE_AGE_S ? position : -1;
  }

  #remember(table: Int32Array, at: number, position: number): void {
    this.#announcedTable = table;
    this.#announcedAt = at;
    this.#announcedPosition = position;
  }

  /** The position of the peer that announced last if this is its set, found anew otherwise. */
  #recall(table: Int32Array, at: number, peer: Uint16Array): number {
    const isKept = this.#announcedTable === table && this.#announcedAt === at;
    return isKept ? this.#announcedPosition : this.#set.find(peer);
  }

  #age(position: number, tick: number): number {
    return ageOf(this.#set.peers.tickOf(position), tick);
  }

  #removeAt(position: number): void {
    this.#announcedTable = undefined;
    this.#set.removeAt(position);
  }
}
