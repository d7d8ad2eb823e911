/** How many connected peers have each piece. Seeders are one number, not one a piece. */
import type { Bitfield } from '@shoal/units';

export class Availability {
  readonly #counts: Uint16Array;
  #seederCount = 0;

  constructor(pieceCount: number) {
    this.#counts = new Uint16Array(pieceCount);
  }

  get seederCount(): number {
    return this.#seederCount;
  }

  /** Peers without all pieces that have this one: what rarest-first sorts by. */
  amongLeechers(piece: number): number {
    return this.#counts[piece]!;
  }

  /** All peers that have this piece. */
  of(piece: number): number {
    return this.#counts[piece]! + this.#seederCount;
  }

  addSeeder(): void {
    this.#seederCount++;
  }

  removeSeeder(): void {
    this.#seederCount--;
  }

  add(piece: number): void {
    this.#counts[piece]!++;
  }

  remove(piece: number): void {
    this.#counts[piece]!--;
  }

  /** One byte a piece, capped at 255, for screens. A copy. */
  snapshot(): Uint8Array {
    return Uint8Array.from(this.#counts, (count) => Math.min(255, count + this.#seederCount));
  }

  /** Whether every piece that is missing from `have` is with some peer. */
  coversAllBut(have: Bitfield): boolean {
    if (this.#seederCount > 0) return true;
    for (let piece = 0; piece < this.#counts.length; piece++)
      if (this.#counts[piece] === 0 && !have.has(piece)) return false;
    return true;
  }
}
