/**
 * Where each piece stands; the only writer of that state.
 *
 *   missing --start--> active --verifying--> verifying --verified--> have
 *      ^                 |                       |                     |
 *      +----abandon------+-------failed----------+------lost-----------+
 *
 * A piece that is missing and wanted stands in the order (`piece-order.ts`); in every other state
 * it does not. Wanted is apart from state: a piece of files that are off may be had all the same.
 */
import { Bitfield, type PieceIndex, type PieceLayout, type Random } from '@shoal/units';
import { ActivePiece, type PeerKey } from './active-piece.ts';
import { Availability } from './availability.ts';
import { PieceOrder, type PieceRank } from './piece-order.ts';

/** Rank of a piece that is not wanted. */
export const OFF = 3;
export type PieceWish = PieceRank | typeof OFF;
/** A piece that failed so often is fetched from one peer alone, so that the next failure has one culprit. */
const SOLO_AFTER_FAILURES = 2;

export class PieceTracker {
  readonly layout: PieceLayout;
  readonly have: Bitfield;
  readonly availability: Availability;
  readonly #order: PieceOrder;
  readonly #active = new Map<PieceIndex, ActivePiece>();
  readonly #verifying = new Set<PieceIndex>();
  /** How often a piece failed since it was verified last. */
  readonly #failures = new Map<PieceIndex, number>();
  readonly #wishes: Uint8Array;
  #wantedCount: number;
  #missingWantedCount: number;
  /** Bytes of the active and verifying pieces: what memory they may take. */
  #activeLength = 0;
  #cursor = 0;

  constructor(layout: PieceLayout, random: Random) {
    this.layout = layout;
    this.have = new Bitfield(layout.pieceCount);
    this.availability = new Availability(layout.pieceCount);
    this.#order = new PieceOrder(layout.pieceCount, random);
    this.#wishes = new Uint8Array(layout.pieceCount).fill(1);
    this.#wantedCount = layout.pieceCount;
    this.#missingWantedCount = layout.pieceCount;
    this.#order.fill(1, 0);
  }

  get active(): ReadonlyMap<PieceIndex, ActivePiece> {
    return this.#active;
  }

  get activeLength(): number {
    return this.#activeLength;
  }

  /** Everything that is wanted is there and verified. */
  get isDone(): boolean {
    return this.#missingWantedCount === 0;
  }

  get wantedCount(): number {
    return this.#wantedCount;
  }

  get missingWantedCount(): number {
    return this.#missingWantedCount;
  }

  /** Wanted pieces that nobody was asked for yet. */
  get pickableCount(): number {
    return this.#order.length;
  }

  /** No piece below this one is pickable: where a sequential search begins. */
  firstPickable(): number {
    while (this.#cursor < this.layout.pieceCount && !this.#order.has(this.#cursor)) this.#cursor++;
    return this.#cursor;
  }

  get order(): PieceOrder {
    return this.#order;
  }

  isWanted(piece: number): boolean {
    return this.#wishes[piece] !== OFF;
  }

  get verifyingCount(): number {
    return this.#verifying.size;
  }

  isVerifying(piece: PieceIndex): boolean {
    return this.#verifying.has(piece);
  }

  /** Sets how much a piece is wanted; 0 first, 3 (OFF) not at all. */
  setWish(piece: PieceIndex, wish: PieceWish): void {
    const before = this.isWanted(piece);
    this.#wishes[piece] = wish;
    const after = this.isWanted(piece);
    if (before !== after) {
      const change = after ? 1 : -1;
      this.#wantedCount += change;
      if (!this.have.has(piece)) this.#missingWantedCount += change;
    }
    this.#reorder(piece);
  }

  /** Begins to fetch a missing piece. */
  start(piece: PieceIndex, owner: PeerKey, nowMs: number): ActivePiece {
    const isSolo = (this.#failures.get(piece) ?? 0) >= SOLO_AFTER_FAILURES;
    const active = new ActivePiece(this.layout, piece, owner, nowMs, isSolo);
    this.#active.set(piece, active);
    this.#activeLength += active.length;
    this.#order.delete(piece);
    return active;
  }

  /** Gives up an active piece: its blocks are dropped. */
  abandon(piece: PieceIndex): void {
    this.#leaveActive(piece);
    this.#reorder(piece);
  }

  /** All blocks are here: hashing and writing begin. */
  verifying(piece: PieceIndex): void {
    const length = this.#active.get(piece)!.length;
    this.#leaveActive(piece);
    this.#verifying.add(piece);
    this.#activeLength += length;
  }

  /** The piece is on disk and its hash is right. @returns whether it was missing until now */
  verified(piece: PieceIndex): boolean {
    this.#leaveVerifying(piece);
    this.#failures.delete(piece);
    if (this.#active.has(piece)) this.#leaveActive(piece);
    if (!this.have.add(piece)) return false;
    if (this.isWanted(piece)) this.#missingWantedCount--;
    this.#order.delete(piece);
    return true;
  }

  /** The hash was wrong, or it could not be written. */
  failed(piece: PieceIndex): void {
    this.#leaveVerifying(piece);
    this.#failures.set(piece, (this.#failures.get(piece) ?? 0) + 1);
    this.#reorder(piece);
  }

  /** A piece that was good could not be stored: nobody's fault but this machine's. */
  notStored(piece: PieceIndex): void {
    this.#leaveVerifying(piece);
    this.#reorder(piece);
  }

  /** A piece we had is gone or bad on disk. @returns whether we had it */
  lost(piece: PieceIndex): boolean {
    if (!this.have.delete(piece)) return false;
    if (this.isWanted(piece)) this.#missingWantedCount++;
    this.#reorder(piece);
    return true;
  }

  /** A connected peer has (or no more has) a piece. */
  peerHas(piece: PieceIndex): void {
    this.availability.add(piece);
    if (this.#order.has(piece)) this.#reorder(piece);
  }

  peerLost(piece: PieceIndex): void {
    this.availability.remove(piece);
    if (this.#order.has(piece)) this.#reorder(piece);
  }

  #reorder(piece: PieceIndex): void {
    const wish = this.#wishes[piece]!;
    const idle = !this.#active.has(piece) && !this.#verifying.has(piece) && !this.have.has(piece);
    if (wish === OFF || !idle) this.#order.delete(piece);
    else {
      this.#order.set(piece, wish as PieceRank, this.availability.amongLeechers(piece));
      this.#cursor = Math.min(this.#cursor, piece);
    }
  }

  #leaveActive(piece: PieceIndex): void {
    const active = this.#active.get(piece);
    if (active === undefined) return;
    this.#active.delete(piece);
    this.#activeLength -= active.length;
  }

  #leaveVerifying(piece: PieceIndex): void {
    if (this.#verifying.delete(piece)) this.#activeLength -= this.layout.lengthOf(piece);
  }
}
