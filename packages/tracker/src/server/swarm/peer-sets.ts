/**
 * The peers of every swarm, for one address family. A swarm names its peers by three numbers in a
 * table of its own: [run, leecher count, seeder count]; all methods take that table and the place of
 * the three, change them, and make no object.
 *
 * In a run the leechers come first, then the seeders, without a gap: what a peer is follows from
 * where it is, and an answer is two runs of records as they lie there.
 */
import type { Random } from '@shoal/units';
import { AnswerArcs } from './answer-arcs.ts';
import { PeerRun } from './peer-run.ts';
import type { PeerSink } from './peer-sink.ts';
import { QuickRandom } from './quick-random.ts';
import { NO_RUN, RunPages } from './run-pages.ts';
import { ageOf } from './ticks.ts';

/** Where the three numbers stand. */
const AT_RUN = 0;
export const AT_LEECHERS = 1;
export const AT_SEEDERS = 2;

/** Peers that are looked at to find one that was not heard of for long. */
const SAMPLE_COUNT = 16;

/** What `announce` found. */
export const PEER_ADDED = 0;
const PEER_KNOWN = 1;
/** Known as a leecher, a seeder from here on. */
export const PEER_COMPLETED = 2;

/** What is known of one peer. */
export interface KnownPeer {
  /** When it was heard of: seconds modulo 2^16. */
  heardTick: number;
  isSeeder: boolean;
}

export class PeerSets {
  /** Peers of all swarms. */
  count = 0;
  /** How many peers the last `sweep` looked at. */
  sweptCount = 0;
  readonly #pages: RunPages;
  readonly #random: QuickRandom;
  readonly #arcs: AnswerArcs;

  // The set that is open: kept here so that no call has to make an object of it.
  #table: Int32Array = new Int32Array();
  #at = 0;
  #run = NO_RUN;
  #leechers = 0;
  #size = 0;
  #peers: PeerRun;
  /** Another one, to move a set from run to run. */
  #spare: PeerRun;

  // The peer that announced last, so that the answer to it need not look for it again.
  #announcedTable: Int32Array | undefined;
  #announcedAt = 0;
  #announcedPosition = -1;

  /** @param recordLength - 6 for IPv4, 18 for IPv6 */
  constructor(recordLength: 6 | 18, random: Random) {
    this.#pages = new RunPages(recordLength);
    const key = new Int32Array(new Uint8Array(random.bytes(8)).buffer);
    this.#peers = new PeerRun(this.#pages, recordLength, key);
    this.#spare = new PeerRun(this.#pages, recordLength, key);
    this.#random = new QuickRandom(random);
    this.#arcs = new AnswerArcs(this.#random);
  }

  /** Bytes of all runs. */
  get byteLength(): number {
    return this.#pages.byteLength;
  }

  /** Adds or refreshes a peer. @param tick - the time in seconds, modulo 2^16 */
  announce(
    table: Int32Array,
    at: number,
    peer: Uint16Array,
    isSeeder: boolean,
    tick: number,
  ): number {
    this.#open(table, at);
    const known = this.#find(peer);
    if (known < 0) {
      this.#remember(this.#add(peer, isSeeder, tick));
      return PEER_ADDED;
    }
    this.#peers.setTick(known, tick);
    const wasSeeder = known >= this.#leechers;
    this.#remember(isSeeder === wasSeeder ? known : this.#turn(known, isSeeder));
    return isSeeder && !wasSeeder ? PEER_COMPLETED : PEER_KNOWN;
  }

  /** Looks a peer up. @returns whether it is there; `known` then says what is known of it */
  find(table: Int32Array, at: number, peer: Uint16Array, known: KnownPeer): boolean {
    this.#open(table, at);
    const position = this.#find(peer);
    if (position < 0) return false;
    known.heardTick = this.#peers.tickOf(position);
    known.isSeeder = position >= this.#leechers;
    return true;
  }

  /** Shows `count` peers from position `from` on, which must be there. */
  read(table: Int32Array, at: number, from: number, count: number, sink: PeerSink): void {
    this.#open(table, at);
    for (let position = from; position < from + count; position++)
      this.#peers.show(position, position >= this.#leechers, sink);
  }

  /** Removes a peer, if it is there. */
  remove(table: Int32Array, at: number, peer: Uint16Array): void {
    this.#open(table, at);
    const position = this.#find(peer);
    if (position < 0) return;
    this.#removeAt(position);
    this.#shrink();
  }

  /** Removes all peers of the set. */
  clear(table: Int32Array, at: number): void {
    this.#open(table, at);
    this.#announcedTable = undefined;
    this.count -= this.#size;
    this.#size = 0;
    this.#setLeechers(0);
    this.#shrink();
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
    this.#open(table, at);
    const seeders = leechersOnly ? 0 : this.#size - this.#leechers;
    if (maxCount <= 0 || this.#leechers + seeders === 0) return 0;
    const selfAt = self === undefined ? -1 : this.#recall(self);
    return this.#arcs.copy(this.#peers, this.#leechers, seeders, selfAt, maxCount, into, intoAt);
  }

  /** Removes the peer heard of the longest time ago among some chosen at random. */
  shed(table: Int32Array, at: number, tick: number): void {
    this.#open(table, at);
    let oldest = 0;
    let oldestAge = -1;
    for (let sample = Math.min(SAMPLE_COUNT, this.#size); sample > 0; sample--) {
      const position = this.#random.below(this.#size);
      const age = this.#age(position, tick);
      if (age > oldestAge) {
        oldest = position;
        oldestAge = age;
      }
    }
    this.#removeAt(oldest);
    this.#shrink();
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
    this.#open(table, at);
    let position = from;
    this.sweptCount = 0;
    for (; this.sweptCount < count && position < this.#size; this.sweptCount++) {
      if (this.#age(position, tick) > lifetime) this.#removeAt(position);
      else position++;
    }
    const isEnd = position >= this.#size;
    this.#shrink();
    return isEnd ? -1 : position;
  }

  #open(table: Int32Array, at: number): void {
    this.#table = table;
    this.#at = at;
    this.#run = table[at + AT_RUN]!;
    this.#leechers = table[at + AT_LEECHERS]!;
    this.#size = this.#leechers + table[at + AT_SEEDERS]!;
    if (this.#run !== NO_RUN) this.#peers.open(this.#run);
  }

  #find(peer: Uint16Array): number {
    return this.#size === 0 ? -1 : this.#peers.find(peer, this.#size);
  }

  #remember(position: number): void {
    this.#announcedTable = this.#table;
    this.#announcedAt = this.#at;
    this.#announcedPosition = position;
  }

  /** The position of the peer that announced last if this is its set, found anew otherwise. */
  #recall(peer: Uint16Array): number {
    const isKept = this.#announcedTable === this.#table && this.#announcedAt === this.#at;
    return isKept ? this.#announcedPosition : this.#find(peer);
  }

  #age(position: number, tick: number): number {
    return ageOf(this.#peers.tickOf(position), tick);
  }

  /** @returns its position */
  #add(peer: Uint16Array, isSeeder: boolean, tick: number): number {
    if (this.#run === NO_RUN || this.#size === this.#peers.capacity) this.#resize(this.#size + 1);
    const leechers = this.#leechers;
    const last = this.#size++;
    this.count++;
    if (!isSeeder && leechers < last) this.#peers.move(leechers, last);
    const position = isSeeder ? last : leechers;
    this.#peers.put(position, peer, tick);
    this.#setLeechers(isSeeder ? leechers : leechers + 1);
    return position;
  }

  /** Makes a seeder of a leecher, or the other way round. @returns its position */
  #turn(position: number, isSeeder: boolean): number {
    const border = isSeeder ? this.#leechers - 1 : this.#leechers;
    this.#peers.swap(position, border);
    this.#setLeechers(isSeeder ? border : border + 1);
    return border;
  }

  /** The last leecher fills the gap of a leecher, the last seeder the gap that is then left. */
  #removeAt(position: number): void {
    this.#announcedTable = undefined;
    this.#peers.forget(position);
    const last = this.#size - 1;
    const isLeecher = position < this.#leechers;
    const lastLeecher = this.#leechers - 1;
    const gap = isLeecher ? lastLeecher : position;
    if (isLeecher && position < lastLeecher) this.#peers.move(lastLeecher, position);
    if (gap < last) this.#peers.move(last, gap);
    this.#size--;
    this.count--;
    this.#setLeechers(isLeecher ? lastLeecher : this.#leechers);
  }

  /** After removals: a run that is mostly empty is changed for a smaller one. */
  #shrink(): void {
    if (this.#run === NO_RUN) return;
    if (this.#size === 0) {
      this.#pages.free(this.#run);
      this.#setRun(NO_RUN);
    } else if (this.#size * 4 <= this.#peers.capacity) this.#resize(this.#size);
  }

  /** Moves the set to the smallest run for `size` peers. */
  #resize(size: number): void {
    const oldRun = this.#run;
    const oldPeers = this.#peers;
    this.#setRun(this.#pages.allocate(size));
    this.#peers = this.#spare;
    this.#spare = oldPeers;
    this.#peers.open(this.#run);
    if (oldRun === NO_RUN) return;
    this.#peers.takeAll(oldPeers, this.#size);
    this.#pages.free(oldRun);
  }

  #setRun(run: number): void {
    this.#run = run;
    this.#table[this.#at + AT_RUN] = run;
  }

  #setLeechers(leechers: number): void {
    this.#leechers = leechers;
    this.#table[this.#at + AT_LEECHERS] = leechers;
    this.#table[this.#at + AT_SEEDERS] = this.#size - leechers;
  }
}
