/**
 * A set of infohashes that does not change, as plain data: a million of them are three objects, and
 * go from process to process as they are.
 */
import type { InfoHash, Random } from '@shoal/units';
import { halfSipHash } from './swarm/half-sip-hash.ts';
import { readInfoHashWords } from './swarm/swarm-store.ts';

const WORDS = 5;
/** Slots for one infohash: what is not there is known after five looks on average. */
const SLOTS_EACH = 1.5;

/** Open addressing: an infohash is in the slot that its hash names, or in one of those behind it. */
export interface InfoHashTable {
  /** Different infohashes. */
  readonly count: number;
  /** Whether the infohash of nothing but zeros is one of them: it looks like an empty slot. */
  readonly hasZeros: boolean;
  /** Secret of the hash, two words: nobody can pick infohashes that share a slot. */
  readonly key: Int32Array;
  /** Five words a slot, zeros for an empty one; one at least is empty. */
  readonly slots: Int32Array;
}

/** Makes a table of few infohashes; `InfoHashTableBuilder` makes one of many, bit by bit. */
export function infoHashTable(infoHashes: readonly InfoHash[], random: Random): InfoHashTable {
  const builder = new InfoHashTableBuilder(infoHashes.length, random);
  for (const infoHash of infoHashes) builder.add(infoHash);
  return builder.finish();
}

/** Whether an infohash is in the table. @param infoHash - five words */
export function tableHas(table: InfoHashTable, infoHash: Int32Array): boolean {
  const at = findSlot(table.slots, table.key, infoHash);
  return isEmpty(table.slots, at) ? table.hasZeros && isEmpty(infoHash, 0) : true;
}

/** A table that is being filled; its memory is taken at once, so that no call takes long. */
export class InfoHashTableBuilder {
  readonly #maxCount: number;
  readonly #key: Int32Array;
  readonly #slots: Int32Array;
  readonly #infoHash = new Int32Array(WORDS);
  #count = 0;
  #hasZeros = false;

  /** @param maxCount - so many different infohashes fit */
  constructor(maxCount: number, random: Random) {
    this.#maxCount = maxCount;
    this.#key = new Int32Array(new Uint8Array(random.bytes(8)).buffer);
    this.#slots = new Int32Array(WORDS * (1 + Math.ceil(SLOTS_EACH * maxCount)));
  }

  /**
   * Adds an infohash unless it is there.
   * @param bytes - its 20 bytes
   * @throws RangeError when no more fit
   */
  add(bytes: Uint8Array): void {
    readInfoHashWords(this.#infoHash, bytes, 0);
    const isZeros = isEmpty(this.#infoHash, 0);
    const at = findSlot(this.#slots, this.#key, this.#infoHash);
    if (isZeros ? this.#hasZeros : !isEmpty(this.#slots, at)) return;
    if (this.#count === this.#maxCount)
      throw new RangeError(`more than ${this.#maxCount} infohashes`);
    this.#count++;
    if (isZeros) this.#hasZeros = true;
    else this.#slots.set(this.#infoHash, at);
  }

  /** The table; nothing may be added from now on. */
  finish(): InfoHashTable {
    return {
      count: this.#count,
      hasZeros: this.#hasZeros,
      key: this.#key,
      slots: this.#slots,
    };
  }
}

/** Where the slot begins that holds an infohash, or that is empty and would hold it. */
function findSlot(slots: Int32Array, key: Int32Array, infoHash: Int32Array): number {
  const slotCount = slots.length / WORDS;
  const share = (halfSipHash(key, infoHash, WORDS) >>> 0) / 2 ** 32;
  let at = WORDS * Math.floor(share * slotCount);
  while (!isEmpty(slots, at) && !isAt(slots, at, infoHash)) {
    at += WORDS;
    if (at === slots.length) at = 0;
  }
  return at;
}

function isAt(slots: Int32Array, at: number, infoHash: Int32Array): boolean {
  for (let word = 0; word < WORDS; word++) if (slots[at + word] !== infoHash[word]) return false;
  return true;
}

function isEmpty(slots: Int32Array, at: number): boolean {
  for (let word = 0; word < WORDS; word++) if (slots[at + word] !== 0) return false;
  return true;
}
