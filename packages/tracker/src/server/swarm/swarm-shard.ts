/**
 * One slice of the swarms: an open-addressing table from infohash to swarm, all in typed arrays.
 *
 * A swarm is 16 words of 32 bits, one cache line:
 * | 0..4 | 5 | 6..8 | 9..11 | 12 | 13 | 14 | 15 |
 * |---|---|---|---|---|---|---|---|
 * | infohash | its hash | IPv4 peers | IPv6 peers | completed | newer | older | queue |
 *
 * Two queues order the swarms by their last announce. A swarm that was announced once waits in the
 * first and is shed before any in the second, so that a flood of made-up infohashes sheds only
 * itself.
 */
import { halfSipHash } from './half-sip-hash.ts';
import { AT_LEECHERS, AT_SEEDERS } from './open-set.ts';
import { NO_RUN } from './run-pages.ts';
import type { SwarmCounts } from './swarm-store.ts';

/** Where the fields of a swarm stand among its words. */
const AT_PEERS_V4 = 6;
const AT_PEERS_V6 = 9;
export const AT_COMPLETED = 12;
const AT_HASH = 5;
const AT_NEWER = 13;
const AT_OLDER = 14;
const AT_QUEUE = 15;

const SWARM_BITS = 4;
const SWARM_LENGTH = 1 << SWARM_BITS;
const NONE = -1;
const FIRST_CAPACITY = 8;
const GROWTH = 1.5;
/** With fewer than one of so many places in use they are moved together. */
const PACKED_BELOW = 4;

/** The queues, in the order in which they are shed. */
const ONCE = 0;
const AGAIN = 1;

export class SwarmShard {
  /** The words of all swarms; another array after the table has grown. */
  table = new Int32Array(FIRST_CAPACITY << SWARM_BITS);
  count = 0;
  /** How often swarms have got other numbers. */
  packCount = 0;
  readonly #key: Int32Array;
  /** Swarm number + 1 by hash; a power of two, at most two thirds full. */
  #index = new Int32Array(2 * FIRST_CAPACITY);
  /** Swarms from here on were never used. */
  #freshFrom = 0;
  #firstFree = NONE;
  readonly #newest = Int32Array.of(NONE, NONE);
  readonly #oldest = Int32Array.of(NONE, NONE);

  /** @param key - of the hash, the same for all shards */
  constructor(key: Int32Array) {
    this.#key = key;
  }

  /** Numbers below this may be swarms. */
  get end(): number {
    return this.#freshFrom;
  }

  /** Bytes of the table and its index. */
  get byteLength(): number {
    return this.table.byteLength + this.#index.byteLength;
  }

  /** Bytes that the table grows by with the next swarm: 0 while there is room. */
  get growthLength(): number {
    if (this.#firstFree !== NONE || this.#freshFrom < this.table.length >> SWARM_BITS) return 0;
    return Math.ceil(this.table.byteLength * (GROWTH - 1));
  }

  /** Where the words of a swarm begin in `table`. */
  static at(swarm: number): number {
    return swarm << SWARM_BITS;
  }

  /** Where the three numbers of its peers of one family stand (open-set.ts). */
  static setAt(swarm: number, family: 4 | 6): number {
    return (swarm << SWARM_BITS) + (family === 4 ? AT_PEERS_V4 : AT_PEERS_V6);
  }

  /** Fills in the counts of a swarm, 0 for -1. */
  fillCounts(swarm: number, counts: SwarmCounts): void {
    if (swarm < 0) {
      counts.seederCount = counts.leecherCount = counts.completedCount = 0;
      return;
    }
    const { table } = this;
    const v4 = SwarmShard.setAt(swarm, 4);
    const v6 = SwarmShard.setAt(swarm, 6);
    counts.seederCount = table[v4 + AT_SEEDERS]! + table[v6 + AT_SEEDERS]!;
    counts.leecherCount = table[v4 + AT_LEECHERS]! + table[v6 + AT_LEECHERS]!;
    counts.completedCount = table[SwarmShard.at(swarm) + AT_COMPLETED]!;
  }

  /** The number of a swarm, or -1. @param hash - of the infohash */
  find(infoHash: Int32Array, hash: number): number {
    const mask = this.#index.length - 1;
    for (let slot = hash & mask; ; slot = (slot + 1) & mask) {
      const swarm = this.#index[slot]! - 1;
      if (swarm < 0) return NONE;
      const at = swarm << SWARM_BITS;
      if (this.table[at + AT_HASH] === hash && this.#isNamed(at, infoHash)) return swarm;
    }
  }

  /** Adds a swarm that is not there, without peers. @returns its number */
  add(infoHash: Int32Array, hash: number): number {
    const swarm = this.#takeFree();
    const { table } = this;
    const at = swarm << SWARM_BITS;
    table.fill(0, at, at + SWARM_LENGTH);
    table.set(infoHash, at);
    table[at + AT_HASH] = hash;
    table[at + AT_PEERS_V4] = NO_RUN;
    table[at + AT_PEERS_V6] = NO_RUN;
    this.count++;
    if (this.count * 3 > this.#index.length * 2) this.#growIndex();
    this.#enter(swarm, hash);
    this.#push(swarm, ONCE);
    return swarm;
  }

  /** A swarm that was there was announced to again: it is the newest of those. */
  touch(swarm: number): void {
    if (this.#newest[AGAIN] === swarm) return;
    this.#unlink(swarm);
    this.#push(swarm, AGAIN);
  }

  /** Removes a swarm, whose peers are gone already. */
  remove(swarm: number): void {
    this.#leave(swarm);
    this.#unlink(swarm);
    const at = swarm << SWARM_BITS;
    this.table[at + AT_QUEUE] = NONE;
    this.table[at + AT_OLDER] = this.#firstFree;
    this.#firstFree = swarm;
    this.count--;
  }

  /**
   * Moves the swarms together and gives memory back when few are left of many: a place that was used
   * once is kept and looked at for ever otherwise. All of them get other numbers.
   * @returns whether it did
   */
  pack(): boolean {
    if (this.#freshFrom <= FIRST_CAPACITY || this.count * PACKED_BELOW > this.#freshFrom)
      return false;
    const before = this.table;
    const oldest = [...this.#oldest];
    const capacity = Math.max(FIRST_CAPACITY, Math.ceil(GROWTH * this.count));
    this.table = new Int32Array(capacity << SWARM_BITS);
    this.#index = new Int32Array(2 ** Math.ceil(Math.log2(2 * capacity)));
    this.#firstFree = NONE;
    this.#freshFrom = 0;
    for (const queue of [ONCE, AGAIN]) {
      this.#oldest[queue] = this.#newest[queue] = NONE;
      for (let from = oldest[queue]!; from !== NONE; ) {
        const at = from << SWARM_BITS;
        const swarm = this.#freshFrom++;
        this.table.set(before.subarray(at, at + SWARM_LENGTH), swarm << SWARM_BITS);
        this.#enter(swarm, before[at + AT_HASH]!);
        this.#push(swarm, queue);
        from = before[at + AT_NEWER]!;
      }
    }
    this.packCount++;
    return true;
  }

  /** Whether a number below `end` is a swarm. */
  has(swarm: number): boolean {
    return this.table[(swarm << SWARM_BITS) + AT_QUEUE] !== NONE;
  }

  /** The swarm that is shed next, other than `kept`; -1 when there is none. */
  oldest(kept: number): number {
    for (let queue = ONCE; queue <= AGAIN; queue++) {
      let swarm = this.#oldest[queue]!;
      if (swarm === kept) swarm = this.table[(swarm << SWARM_BITS) + AT_NEWER]!;
      if (swarm !== NONE && swarm !== undefined) return swarm;
    }
    return NONE;
  }

  hashOf(infoHash: Int32Array): number {
    return halfSipHash(this.#key, infoHash, 5);
  }

  #isNamed(at: number, infoHash: Int32Array): boolean {
    const { table } = this;
    return (
      table[at] === infoHash[0] &&
      table[at + 1] === infoHash[1] &&
      table[at + 2] === infoHash[2] &&
      table[at + 3] === infoHash[3] &&
      table[at + 4] === infoHash[4]
    );
  }

  #takeFree(): number {
    if (this.#firstFree !== NONE) {
      const swarm = this.#firstFree;
      this.#firstFree = this.table[(swarm << SWARM_BITS) + AT_OLDER]!;
      return swarm;
    }
    const capacity = this.table.length >> SWARM_BITS;
    if (this.#freshFrom === capacity) {
      const grown = new Int32Array(Math.ceil(capacity * GROWTH) << SWARM_BITS);
      grown.set(this.table);
      this.table = grown;
    }
    return this.#freshFrom++;
  }

  #enter(swarm: number, hash: number): void {
    const mask = this.#index.length - 1;
    let slot = hash & mask;
    while (this.#index[slot] !== 0) slot = (slot + 1) & mask;
    this.#index[slot] = swarm + 1;
  }

  /** Takes a swarm out of the index and moves later slots back over the gap. */
  #leave(swarm: number): void {
    const { table } = this;
    const index = this.#index;
    const mask = index.length - 1;
    let gap = table[(swarm << SWARM_BITS) + AT_HASH]! & mask;
    while (index[gap] !== swarm + 1) gap = (gap + 1) & mask;
    for (let slot = (gap + 1) & mask; index[slot] !== 0; slot = (slot + 1) & mask) {
      const home = table[((index[slot]! - 1) << SWARM_BITS) + AT_HASH]! & mask;
      if (((slot - home) & mask) < ((slot - gap) & mask)) continue;
      index[gap] = index[slot]!;
      gap = slot;
    }
    index[gap] = 0;
  }

  #growIndex(): void {
    const entries = this.#index.filter((entry) => entry !== 0);
    this.#index = new Int32Array(this.#index.length * 2);
    for (const entry of entries)
      this.#enter(entry - 1, this.table[((entry - 1) << SWARM_BITS) + AT_HASH]!);
  }

  #push(swarm: number, queue: number): void {
    const { table } = this;
    const at = swarm << SWARM_BITS;
    const before = this.#newest[queue]!;
    table[at + AT_QUEUE] = queue;
    table[at + AT_NEWER] = NONE;
    table[at + AT_OLDER] = before;
    if (before === NONE) this.#oldest[queue] = swarm;
    else table[(before << SWARM_BITS) + AT_NEWER] = swarm;
    this.#newest[queue] = swarm;
  }

  #unlink(swarm: number): void {
    const { table } = this;
    const at = swarm << SWARM_BITS;
    const queue = table[at + AT_QUEUE]!;
    const newer = table[at + AT_NEWER]!;
    const older = table[at + AT_OLDER]!;
    if (newer === NONE) this.#newest[queue] = older;
    else table[(newer << SWARM_BITS) + AT_OLDER] = older;
    if (older === NONE) this.#oldest[queue] = newer;
    else table[(older << SWARM_BITS) + AT_NEWER] = newer;
  }
}
