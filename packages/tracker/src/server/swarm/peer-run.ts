/**
 * One run of peers, laid open: records, ages and index as positions 0, 1, 2 … Used again for one
 * run after another, so that looking into a swarm makes no object.
 */
import { PeerIndex } from './peer-index.ts';
import type { PeerSink } from './peer-sink.ts';
import type { Page, RunPages, RunShape } from './run-pages.ts';

export class PeerRun {
  readonly #pages: RunPages;
  readonly #index: PeerIndex;
  readonly #recordLength: number;
  readonly #wordCount: number;
  #page!: Page;
  #shape!: RunShape;
  /** Where the run begins in its page, in bytes, and its records and ages among the words. */
  #begin = 0;
  #recordsAt = 0;
  #agesAt = 0;

  /** @param indexKey - the secret of the index: two words */
  constructor(pages: RunPages, recordLength: number, indexKey: Int32Array) {
    this.#pages = pages;
    this.#index = new PeerIndex(recordLength, indexKey);
    this.#recordLength = recordLength;
    this.#wordCount = recordLength / 2;
  }

  get capacity(): number {
    return this.#shape.capacity;
  }

  /** Turns to another run. */
  open(run: number): void {
    this.#page = this.#pages.page(run);
    this.#shape = this.#pages.shape(run);
    this.#begin = this.#pages.begin(run);
    this.#recordsAt = this.#begin >> 1;
    this.#agesAt = (this.#begin + this.#shape.agesAt) >> 1;
    this.#index.open(this.#page, this.#shape, this.#begin);
  }

  /** The position of a peer among the first `size`, or -1. */
  find(peer: Uint16Array, size: number): number {
    if (this.#isIndexed) return this.#index.find(peer);
    const { words } = this.#page;
    const step = this.#wordCount;
    // The second pair of bytes tells most peers apart: ports are much alike, networks too.
    const second = peer[1]!;
    for (let position = 0, at = this.#recordsAt; position < size; position++, at += step) {
      if (words[at + 1] !== second) continue;
      let word = 0;
      while (word < step && words[at + word] === peer[word]) word++;
      if (word === step) return position;
    }
    return -1;
  }

  /** Writes a peer to a position that is in no use. */
  put(position: number, peer: Uint16Array, tick: number): void {
    const at = this.#recordsAt + position * this.#wordCount;
    for (let word = 0; word < this.#wordCount; word++) this.#page.words[at + word] = peer[word]!;
    if (this.#isIndexed) this.#index.add(position);
    this.setTick(position, tick);
  }

  /** The peer at a position goes: nobody finds it any more, and another may be moved there. */
  forget(position: number): void {
    if (this.#isIndexed) this.#index.remove(position);
  }

  /** Moves a peer to a position that is in no use. */
  move(from: number, to: number): void {
    if (this.#isIndexed) this.#index.move(from, to);
    const { words } = this.#page;
    const fromAt = this.#recordsAt + from * this.#wordCount;
    const toAt = this.#recordsAt + to * this.#wordCount;
    for (let word = 0; word < this.#wordCount; word++) words[toAt + word] = words[fromAt + word]!;
    this.setTick(to, this.tickOf(from));
  }

  /** Two peers change places. */
  swap(a: number, b: number): void {
    if (a === b) return;
    if (this.#isIndexed) this.#index.swap(a, b);
    const { words } = this.#page;
    const aAt = this.#recordsAt + a * this.#wordCount;
    const bAt = this.#recordsAt + b * this.#wordCount;
    for (let word = 0; word < this.#wordCount; word++) {
      const kept = words[aAt + word]!;
      words[aAt + word] = words[bAt + word]!;
      words[bAt + word] = kept;
    }
    const kept = this.tickOf(a);
    this.setTick(a, this.tickOf(b));
    this.setTick(b, kept);
  }

  /** When the peer at a position was heard of. */
  tickOf(position: number): number {
    return this.#page.words[this.#agesAt + position]!;
  }

  setTick(position: number, tick: number): void {
    this.#page.words[this.#agesAt + position] = tick;
  }

  show(position: number, isSeeder: boolean, sink: PeerSink): void {
    const at = this.#begin + position * this.#recordLength;
    sink.addPeer(this.#page.bytes, at, this.tickOf(position), isSeeder);
  }

  /** Takes the first `size` peers of another run; this one is empty and large enough. */
  takeAll(other: PeerRun, size: number): void {
    const { words } = this.#page;
    const records = size * this.#wordCount;
    const otherWords = other.#page.words;
    words.set(otherWords.subarray(other.#recordsAt, other.#recordsAt + records), this.#recordsAt);
    words.set(otherWords.subarray(other.#agesAt, other.#agesAt + size), this.#agesAt);
    if (this.#isIndexed)
      for (let position = 0; position < size; position++) this.#index.add(position);
  }

  /**
   * Copies `count` of the `size` records from position `from` on. They are a ring that begins behind
   * the one left out, and the last is followed by the first.
   * @param without - the one left out, counted from `from`, or -1
   * @param skipped - the copy begins behind so many of the others
   * @returns bytes written
   */
  copyRing(
    from: number,
    size: number,
    without: number,
    skipped: number,
    count: number,
    into: Uint8Array,
    at: number,
  ): number {
    const others = without < 0 ? size : size - 1;
    const first = Math.min(count, others - skipped);
    const begin = without + 1;
    const written = this.#copyArc(from, size, begin + skipped, first, into, at);
    return written + this.#copyArc(from, size, begin, count - first, into, at + written);
  }

  /** @param start - counted from `from`, below 2 x size */
  #copyArc(
    from: number,
    size: number,
    start: number,
    count: number,
    into: Uint8Array,
    at: number,
  ): number {
    if (count === 0) return 0;
    const { bytes } = this.#page;
    const length = this.#recordLength;
    const first = start >= size ? start - size : start;
    const head = Math.min(count, size - first);
    const ringAt = this.#begin + from * length;
    const startAt = ringAt + first * length;
    bytes.copy(into, at, startAt, startAt + head * length);
    if (head < count)
      bytes.copy(into, at + head * length, ringAt, ringAt + (count - head) * length);
    return count * length;
  }

  get #isIndexed(): boolean {
    return this.#shape.slotCount > 0;
  }
}
