/**
 * The pieces that may be picked, rarest first, kept sorted as availability changes.
 *
 * One array of pieces in buckets; the key of a bucket is (priority, availability), so all of a
 * higher priority come first, and within it the rarest. A piece moves to a neighbouring bucket by
 * one swap with the edge, so a `have` costs O(1) and a bitfield O(pieces). Seeders are not counted
 * here: they change no order (`availability.ts`).
 */
import type { Random } from '@shoal/units';

/** Availability above this is all the same: a piece that 63 peers have is not rare. */
const AVAILABILITY_CAP = 63;
const AVAILABILITIES = AVAILABILITY_CAP + 1;
/** high, normal, low. */
const PRIORITIES = 3;
const BUCKETS = PRIORITIES * AVAILABILITIES;
const ABSENT = -1;

/** Priority of a piece in the order: 0 is fetched first. */
export type PieceRank = 0 | 1 | 2;

export class PieceOrder {
  /** The pieces in order. Only the first `#length` count. */
  readonly #order: Int32Array;
  /** Where each piece stands in `#order`, or ABSENT. */
  readonly #place: Int32Array;
  /** `#starts[b]` is where bucket b begins; bucket b ends where b + 1 begins. */
  readonly #starts = new Int32Array(BUCKETS + 1);
  readonly #bucketOf: Uint8Array;
  readonly #random: Random;

  constructor(pieceCount: number, random: Random) {
    this.#order = new Int32Array(pieceCount);
    this.#place = new Int32Array(pieceCount).fill(ABSENT);
    this.#bucketOf = new Uint8Array(pieceCount);
    this.#random = random;
  }

  get length(): number {
    return this.#starts[BUCKETS]!;
  }

  has(piece: number): boolean {
    return (this.#place[piece] ?? ABSENT) !== ABSENT;
  }

  /** Puts all pieces in, alike, where none is: of two million each set by itself takes seconds. */
  fill(rank: PieceRank, availability: number): void {
    const bucket = bucketAt(rank, availability);
    for (let piece = 0; piece < this.#place.length; piece++) {
      this.#order[piece] = piece;
      this.#place[piece] = piece;
    }
    this.#bucketOf.fill(bucket);
    this.#starts.fill(this.#place.length, bucket + 1);
  }

  /** Puts a piece in, or moves it to its new place. */
  set(piece: number, rank: PieceRank, availability: number): void {
    if (!this.has(piece)) this.#append(piece);
    this.#move(piece, bucketAt(rank, availability));
  }

  /** Takes a piece out; nothing happens when it is not in. */
  delete(piece: number): void {
    if (!this.has(piece)) return;
    this.#move(piece, BUCKETS - 1);
    this.#swap(this.#place[piece]!, this.length - 1);
    this.#place[piece] = ABSENT;
    this.#starts[BUCKETS]!--;
  }

  /**
   * The best piece that `accepts`: of the first bucket that holds one, a random one; `near` is
   * taken before others of the same bucket (neighbours read and write faster).
   */
  first(accepts: (piece: number) => boolean, near: number): number | undefined {
    for (let bucket = 0; bucket < BUCKETS; bucket++) {
      const start = this.#starts[bucket]!;
      const size = this.#starts[bucket + 1]! - start;
      if (size === 0) continue;
      if (near >= 0 && near < this.#place.length && this.has(near))
        if (this.#bucketOf[near] === bucket && accepts(near)) return near;
      const offset = this.#random.below(size);
      for (let n = 0; n < size; n++) {
        const piece = this.#order[start + ((offset + n) % size)]!;
        if (accepts(piece)) return piece;
      }
    }
    return undefined;
  }

  /** A random one that `accepts`, of the best priority that has any: how the first pieces are picked. */
  random(accepts: (piece: number) => boolean): number | undefined {
    for (let rank = 0; rank < PRIORITIES; rank++) {
      const start = this.#starts[rank * AVAILABILITIES]!;
      const size = this.#starts[(rank + 1) * AVAILABILITIES]! - start;
      if (size === 0) continue;
      const offset = this.#random.below(size);
      for (let n = 0; n < size; n++) {
        const piece = this.#order[start + ((offset + n) % size)]!;
        if (accepts(piece)) return piece;
      }
    }
    return undefined;
  }

  /** The pieces in order, for tests and screens. */
  *pieces(): Generator<number> {
    for (let at = 0; at < this.length; at++) yield this.#order[at]!;
  }

  #append(piece: number): void {
    const at = this.length;
    this.#order[at] = piece;
    this.#place[piece] = at;
    this.#bucketOf[piece] = BUCKETS - 1;
    this.#starts[BUCKETS]!++;
  }

  /** Down: swap with the first of its bucket, and move that edge past it; up: the same at the other end. */
  #move(piece: number, to: number): void {
    const starts = this.#starts;
    let bucket = this.#bucketOf[piece]!;
    let place = this.#place[piece]!;
    for (; bucket > to; bucket--) {
      const first = starts[bucket]!++;
      if (place !== first) this.#swap(place, first);
      place = first;
    }
    for (; bucket < to; bucket++) {
      const last = --starts[bucket + 1]!;
      if (place !== last) this.#swap(place, last);
      place = last;
    }
    this.#bucketOf[piece] = to;
  }

  #swap(a: number, b: number): void {
    const atA = this.#order[a]!;
    const atB = this.#order[b]!;
    this.#order[a] = atB;
    this.#order[b] = atA;
    this.#place[atA] = b;
    this.#place[atB] = a;
  }
}

function bucketAt(rank: PieceRank, availability: number): number {
  return rank * AVAILABILITIES + Math.min(availability, AVAILABILITY_CAP);
}
