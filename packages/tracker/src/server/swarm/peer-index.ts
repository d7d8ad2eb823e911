/**
 * Finds a peer in a long run: an open-addressing table of 4-byte slots, which lies in the run itself.
 *
 * Slot: 0 is empty; else 10 bits of the hash | 22 bits position + 1. Linear probing; a removal moves
 * later slots back, so that no marks of deleted ones pile up.
 */
import { halfSipHash } from './half-sip-hash.ts';
import type { Page, RunShape } from './run-pages.ts';

const POSITION_BITS = 22;
const POSITION_MASK = (1 << POSITION_BITS) - 1;

/** The index of one run at a time: the one that was opened last. */
export class PeerIndex {
  readonly #key: Int32Array;
  readonly #wordCount: number;
  /** A record as 32-bit words, for the hash. */
  readonly #hashed: Int32Array;
  readonly #hashedCount: number;
  #words!: Uint16Array;
  #slots!: Int32Array;
  /** Where the records begin among the words, and the slots among the slots. */
  #recordsAt = 0;
  #slotsAt = 0;
  #mask = 0;

  /** @param key - two words, random and secret */
  constructor(recordLength: number, key: Int32Array) {
    this.#key = key;
    this.#wordCount = recordLength / 2;
    this.#hashedCount = Math.ceil(recordLength / 4);
    this.#hashed = new Int32Array(this.#hashedCount);
  }

  open(page: Page, shape: RunShape, begin: number): void {
    this.#words = page.words;
    this.#slots = page.slots;
    this.#recordsAt = begin >> 1;
    this.#slotsAt = (begin + shape.indexAt) >> 2;
    this.#mask = shape.slotCount - 1;
  }

  /** The position of a peer, or -1. */
  find(peer: Uint16Array): number {
    const hash = this.#hash(peer, 0);
    const tag = hash & ~POSITION_MASK;
    for (let at = hash & this.#mask; ; at = (at + 1) & this.#mask) {
      const slot = this.#slots[this.#slotsAt + at]!;
      if (slot === 0) return -1;
      if ((slot & ~POSITION_MASK) !== tag) continue;
      const position = (slot & POSITION_MASK) - 1;
      if (this.#isRecord(position, peer)) return position;
    }
  }

  /** Enters the record at a position, which is in no slot yet. */
  add(position: number): void {
    const hash = this.#hashAt(position);
    let at = hash & this.#mask;
    while (this.#slots[this.#slotsAt + at] !== 0) at = (at + 1) & this.#mask;
    this.#slots[this.#slotsAt + at] = (hash & ~POSITION_MASK) | (position + 1);
  }

  /** Forgets the record at a position, which must still lie there. */
  remove(position: number): void {
    const slots = this.#slots;
    const first = this.#slotsAt;
    const mask = this.#mask;
    let gap = this.#slotOf(position);
    for (let at = (gap + 1) & mask; slots[first + at] !== 0; at = (at + 1) & mask) {
      const slot = slots[first + at]!;
      const home = this.#hashAt((slot & POSITION_MASK) - 1) & mask;
      // It may fill the gap unless its home lies behind the gap, up to where it stands.
      if (((at - home) & mask) < ((at - gap) & mask)) continue;
      slots[first + gap] = slot;
      gap = at;
    }
    slots[first + gap] = 0;
  }

  /** The record at `from` is about to be copied to `to`. */
  move(from: number, to: number): void {
    this.#point(this.#slotOf(from), to);
  }

  /** The records at two positions are about to change places. */
  swap(a: number, b: number): void {
    const aSlot = this.#slotOf(a);
    const bSlot = this.#slotOf(b);
    this.#point(aSlot, b);
    this.#point(bSlot, a);
  }

  #point(at: number, position: number): void {
    const slot = this.#slots[this.#slotsAt + at]!;
    this.#slots[this.#slotsAt + at] = (slot & ~POSITION_MASK) | (position + 1);
  }

  /** The slot of a position that is in the index. */
  #slotOf(position: number): number {
    const hash = this.#hashAt(position);
    const wanted = (hash & ~POSITION_MASK) | (position + 1);
    let at = hash & this.#mask;
    while (this.#slots[this.#slotsAt + at] !== wanted) at = (at + 1) & this.#mask;
    return at;
  }

  #isRecord(position: number, peer: Uint16Array): boolean {
    const at = this.#recordsAt + position * this.#wordCount;
    for (let word = 0; word < this.#wordCount; word++)
      if (this.#words[at + word] !== peer[word]) return false;
    return true;
  }

  #hashAt(position: number): number {
    return this.#hash(this.#words, this.#recordsAt + position * this.#wordCount);
  }

  #hash(words: Uint16Array, at: number): number {
    const hashed = this.#hashed;
    for (let word = 0, from = at; word < this.#hashedCount; word++, from += 2) {
      const isLast = from + 1 === at + this.#wordCount;
      hashed[word] = words[from]! | (isLast ? 0 : words[from + 1]! << 16);
    }
    return halfSipHash(this.#key, hashed, this.#hashedCount);
  }
}
