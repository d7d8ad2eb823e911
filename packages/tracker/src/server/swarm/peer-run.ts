/**
 * One run of peers, laid open: records, notes and index as positions 0, 1, 2 … Used again for one
 * run after another, so that looking into a swarm makes no object.
 */
import { PEER_ID_LENGTH } from '../../protocol/udp-layout.ts';
import { PeerIndex } from './peer-index.ts';
import type { PeerSink } from './peer-sink.ts';
import type { Page, RunPages, RunShape } from './run-pages.ts';
import type { Announce } from './swarm-store.ts';

/** Where the peer id stands in a note, in bytes. */
const AT_PEER_ID = 6;

export class PeerRun {
  readonly #pages: RunPages;
  readonly #index: PeerIndex;
  readonly #recordLength: number;
  readonly #wordCount: number;
  readonly #noteWordCount: number;
  #page!: Page;
  #shape!: RunShape;
  /** Where the run begins in its page, in bytes, and its records and notes among the words. */
  #begin = 0;
  #recordsAt = 0;
  #notesAt = 0;

  /** @param indexKey - the secret of the index: two words */
  constructor(pages: RunPages, recordLength: number, indexKey: Int32Array) {
    this.#pages = pages;
    this.#index = new PeerIndex(recordLength, indexKey);
    this.#recordLength = recordLength;
    this.#wordCount = recordLength / 2;
    this.#noteWordCount = pages.noteLength / 2;
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
    this.#notesAt = (this.#begin + this.#shape.notesAt) >> 1;
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

  /** The position of a client's peer among the first `size`, or -1. */
  findClient(clientTag: number, size: number): number {
    const { words } = this.#page;
    const low = clientTag & 0xffff;
    const high = clientTag >>> 16;
    const step = this.#noteWordCount;
    for (let position = 0, at = this.#notesAt + 1; position < size; position++, at += step)
      if (words[at] === low && words[at + 1] === high) return position;
    return -1;
  }

  /** Writes a peer to a position that is in no use. */
  put(position: number, announce: Announce, tick: number): void {
    const { peerWords } = announce;
    const at = this.#recordsAt + position * this.#wordCount;
    for (let word = 0; word < this.#wordCount; word++)
      this.#page.words[at + word] = peerWords[word]!;
    if (this.#isIndexed) this.#index.add(position);
    this.setNote(position, announce, tick);
  }

  /** The peer at a position goes: nobody finds it any more, and another may be moved there. */
  forget(position: number): void {
    if (this.#isIndexed) this.#index.remove(position);
  }

  /** Moves a peer to a position that is in no use. */
  move(from: number, to: number): void {
    if (this.#isIndexed) this.#index.move(from, to);
    const records = this.#wordCount;
    this.#copyWords(this.#recordsAt + from * records, this.#recordsAt + to * records, records);
    this.#copyWords(this.#noteAt(from), this.#noteAt(to), this.#noteWordCount);
  }

  /** Two peers change places. */
  swap(a: number, b: number): void {
    if (a === b) return;
    if (this.#isIndexed) this.#index.swap(a, b);
    const records = this.#wordCount;
    this.#swapWords(this.#recordsAt + a * records, this.#recordsAt + b * records, records);
    this.#swapWords(this.#noteAt(a), this.#noteAt(b), this.#noteWordCount);
  }

  /** When the peer at a position was heard of. */
  tickOf(position: number): number {
    return this.#page.words[this.#noteAt(position)]!;
  }

  /** By which client. */
  clientTagOf(position: number): number {
    const { words } = this.#page;
    const at = this.#noteAt(position);
    return words[at + 1]! | (words[at + 2]! << 16);
  }

  /** Notes what the last announce of a peer said. */
  setNote(position: number, announce: Announce, tick: number): void {
    const { words } = this.#page;
    const at = this.#noteAt(position);
    const { clientTag } = announce;
    words[at] = tick;
    words[at + 1] = clientTag;
    words[at + 2] = clientTag >>> 16;
    if (this.#pages.keepsPeerIds) this.#setPeerId(2 * at + AT_PEER_ID, announce);
  }

  /** Writes the 20 bytes of a peer id, zeros when it is not known. */
  copyId(position: number, into: Uint8Array, at: number): void {
    const idAt = 2 * this.#noteAt(position) + AT_PEER_ID;
    const { bytes } = this.#page;
    const isKept = this.#pages.keepsPeerIds;
    for (let byte = 0; byte < PEER_ID_LENGTH; byte++)
      into[at + byte] = isKept ? bytes[idAt + byte]! : 0;
  }

  show(position: number, isSeeder: boolean, sink: PeerSink): void {
    const at = this.#begin + position * this.#recordLength;
    const { bytes } = this.#page;
    const ids = this.#pages.keepsPeerIds ? bytes : undefined;
    const idAt = 2 * this.#noteAt(position) + AT_PEER_ID;
    const clientTag = this.clientTagOf(position);
    sink.addPeer(bytes, at, this.tickOf(position), isSeeder, clientTag, ids, idAt);
  }

  /** Takes the first `size` peers of another run; this one is empty and large enough. */
  takeAll(other: PeerRun, size: number): void {
    const { words } = this.#page;
    const records = size * this.#wordCount;
    const otherWords = other.#page.words;
    words.set(otherWords.subarray(other.#recordsAt, other.#recordsAt + records), this.#recordsAt);
    const notes = size * this.#noteWordCount;
    words.set(otherWords.subarray(other.#notesAt, other.#notesAt + notes), this.#notesAt);
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

  /** Where the note of a peer begins among the words. */
  #noteAt(position: number): number {
    return this.#notesAt + position * this.#noteWordCount;
  }

  #copyWords(from: number, to: number, count: number): void {
    const { words } = this.#page;
    for (let word = 0; word < count; word++) words[to + word] = words[from + word]!;
  }

  #swapWords(a: number, b: number, count: number): void {
    const { words } = this.#page;
    for (let word = 0; word < count; word++) {
      const kept = words[a + word]!;
      words[a + word] = words[b + word]!;
      words[b + word] = kept;
    }
  }

  #setPeerId(at: number, { peerIds, peerIdAt }: Announce): void {
    const { bytes } = this.#page;
    for (let byte = 0; byte < PEER_ID_LENGTH; byte++) bytes[at + byte] = peerIds[peerIdAt + byte]!;
  }

  get #isIndexed(): boolean {
    return this.#shape.slotCount > 0;
  }
}
