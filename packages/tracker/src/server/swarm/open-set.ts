/**
 * One set of peers, laid open to look into and to change. Used again for one set after another, so
 * that no call has to make an object of it.
 *
 * A set is three numbers in a table: [run, leecher count, seeder count]. In its run the leechers come
 * first, then the seeders, without a gap: what a peer is follows from where it is.
 */
import { PeerRun } from './peer-run.ts';
import { NO_RUN, RunPages } from './run-pages.ts';
import type { Announce } from './swarm-store.ts';

/** Where the three numbers stand. */
const AT_RUN = 0;
export const AT_LEECHERS = 1;
export const AT_SEEDERS = 2;

export class OpenSet {
  /** Peers of all sets. */
  totalCount = 0;
  readonly #pages: RunPages;
  #table: Int32Array = new Int32Array();
  #at = 0;
  #run = NO_RUN;
  #leechers = 0;
  #size = 0;
  #peers: PeerRun;
  /** Another one, to move a set from run to run. */
  #spare: PeerRun;

  /**
   * @param recordLength - 6 for IPv4, 18 for IPv6
   * @param key - the secret of indexes: two words
   * @param keepsPeerIds - 23 bytes more a peer
   */
  constructor(recordLength: 6 | 18, key: Int32Array, keepsPeerIds: boolean) {
    this.#pages = new RunPages(recordLength, keepsPeerIds);
    this.#peers = new PeerRun(this.#pages, recordLength, key);
    this.#spare = new PeerRun(this.#pages, recordLength, key);
  }

  /** Bytes of the runs of all sets. */
  get byteLength(): number {
    return this.#pages.byteLength;
  }

  get leecherCount(): number {
    return this.#leechers;
  }

  get size(): number {
    return this.#size;
  }

  /** Its peers, while it has any; another object after one was added. */
  get peers(): PeerRun {
    return this.#peers;
  }

  /** Turns to the set whose numbers stand at `at`. */
  open(table: Int32Array, at: number): void {
    this.#table = table;
    this.#at = at;
    this.#run = table[at + AT_RUN]!;
    this.#leechers = table[at + AT_LEECHERS]!;
    this.#size = this.#leechers + table[at + AT_SEEDERS]!;
    if (this.#run !== NO_RUN) this.#peers.open(this.#run);
  }

  /** The position of a peer, or -1. */
  find(peer: Uint16Array): number {
    return this.#size === 0 ? -1 : this.#peers.find(peer, this.#size);
  }

  isSeeder(position: number): boolean {
    return position >= this.#leechers;
  }

  /** Adds a peer that is not there. @returns its position */
  add(announce: Announce, tick: number): number {
    const { isSeeder } = announce;
    if (this.#run === NO_RUN || this.#size === this.#peers.capacity) this.#resize(this.#size + 1);
    const leechers = this.#leechers;
    const last = this.#size++;
    this.totalCount++;
    if (!isSeeder && leechers < last) this.#peers.move(leechers, last);
    const position = isSeeder ? last : leechers;
    this.#peers.put(position, announce, tick);
    this.#setLeechers(isSeeder ? leechers : leechers + 1);
    return position;
  }

  /** Makes a seeder of a leecher, or the other way round. @returns its position */
  turn(position: number, isSeeder: boolean): number {
    const border = isSeeder ? this.#leechers - 1 : this.#leechers;
    this.#peers.swap(position, border);
    this.#setLeechers(isSeeder ? border : border + 1);
    return border;
  }

  /** The last leecher fills the gap of a leecher, the last seeder the gap that is then left. */
  removeAt(position: number): void {
    this.#peers.forget(position);
    const last = this.#size - 1;
    const isLeecher = position < this.#leechers;
    const lastLeecher = this.#leechers - 1;
    const gap = isLeecher ? lastLeecher : position;
    if (isLeecher && position < lastLeecher) this.#peers.move(lastLeecher, position);
    if (gap < last) this.#peers.move(last, gap);
    this.#size--;
    this.totalCount--;
    this.#setLeechers(isLeecher ? lastLeecher : this.#leechers);
  }

  /** Removes all peers; `shrink` gives their memory back. */
  empty(): void {
    this.totalCount -= this.#size;
    this.#size = 0;
    this.#setLeechers(0);
  }

  /** After removals: a run that is mostly empty is changed for a smaller one. */
  shrink(): void {
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
