/** The blocks one peer was asked for, and how many to keep under way with it. */
import { BLOCK_LENGTH } from '@shoal/units';
import type { ActivePiece } from '../picking/active-piece.ts';

/** Requests a peer takes when its extended handshake names no `reqq` (libtorrent's default). */
const DEFAULT_REQUEST_LIMIT = 250;
/** Where the queue begins; it grows by one with each prompt block, so it doubles every round trip. */
const FIRST_DEPTH = 8;
const LEAST_DEPTH = 2;
/** A block that took longer waited behind others: more of them would not make the peer faster. */
const PROMPT_MS = 500;
/** A slow peer holds no more than it sends in this time, so that its blocks do not lie blocked. */
const QUEUE_TIME_S = 3;
/** What keeps a fast peer on the same machine busy between two turns of our event loop. */
const FAST_LENGTH = 2 * 1024 * 1024;
/** A peer that rejects so many pieces gives nothing now: it is left alone for a while. */
const REFUSED_LIMIT = 16;
/** After this time what was rejected may be asked for again. */
const REFUSED_MS = 10_000;

/** Block numbers are `piece * blocksPerPiece + block`. */
export class RequestQueue {
  readonly #sentAtMs = new Map<number, number>();
  /** Asked for long ago and given to others since; taken all the same if they come. */
  readonly #lapsed = new Set<number>();
  /** Pieces it rejected a request for though it did not choke us. */
  readonly #refused = new Set<number>();
  #refusedAtMs = 0;
  #arrivingPiece: ActivePiece | undefined;
  #arrivingBlock = 0;
  #arrivingSinceMs = 0;
  #depth = FIRST_DEPTH;
  #slowStart = true;
  /** The shortest seen: a later one has the wait in the peer's queue in it, which we make ourselves. */
  #roundTripMs: number | undefined;
  /** The peer's `reqq` (BEP 10). */
  limit = DEFAULT_REQUEST_LIMIT;

  get size(): number {
    return this.#sentAtMs.size;
  }

  has(block: number): boolean {
    return this.#sentAtMs.has(block);
  }

  hasLapsed(block: number): boolean {
    return this.#lapsed.has(block);
  }

  blocks(): IterableIterator<number> {
    return this.#sentAtMs.keys();
  }

  add(block: number, nowMs: number): void {
    this.#lapsed.delete(block);
    this.#sentAtMs.set(block, nowMs);
  }

  /** The request is over: answered, rejected or cancelled. @returns whether it was under way */
  delete(block: number): boolean {
    return this.#sentAtMs.delete(block) || this.#lapsed.delete(block);
  }

  /** A block came: grows the queue in slow start and measures the round trip. */
  answered(block: number, nowMs: number): void {
    const sentAtMs = this.#sentAtMs.get(block);
    this.delete(block);
    if (sentAtMs === undefined) return;
    const tookMs = nowMs - sentAtMs;
    if (this.#slowStart && tookMs < PROMPT_MS) this.#depth++;
    this.#roundTripMs = Math.min(this.#roundTripMs ?? tookMs, tookMs);
  }

  /** The piece into which a block of this peer is coming right now. */
  get arrivingPiece(): ActivePiece | undefined {
    return this.#arrivingPiece;
  }

  /** The first bytes of a block are here, and the peer may write into the piece. */
  beginArrival(piece: ActivePiece, block: number, nowMs: number): void {
    this.#arrivingPiece = piece;
    this.#arrivingBlock = block;
    this.#arrivingSinceMs = nowMs;
  }

  /** The block that is coming right now, while there is an `arrivingPiece`. */
  get arrivingBlock(): number {
    return this.#arrivingBlock;
  }

  get arrivingSinceMs(): number {
    return this.#arrivingSinceMs;
  }

  /** The block is whole. @returns the piece it was written into */
  endArrival(): ActivePiece | undefined {
    const piece = this.#arrivingPiece;
    this.#arrivingPiece = undefined;
    return piece;
  }

  /** The rest of the block will not be written: another may write there. */
  dropArrival(): void {
    this.#arrivingPiece?.dropWrite(this.#arrivingBlock);
    this.#arrivingPiece = undefined;
  }

  get refusedPieces(): ReadonlySet<number> {
    return this.#refused;
  }

  /** The peer rejected a request while it did not choke us: it does not give this piece now. */
  refuse(pieceIndex: number, nowMs: number): void {
    this.#refused.add(pieceIndex);
    this.#refusedAtMs = nowMs;
  }

  /** What was rejected may be asked for again. @returns whether there was something */
  forgive(nowMs: number): boolean {
    if (this.#refused.size === 0 || nowMs - this.#refusedAtMs < REFUSED_MS) return false;
    this.#refused.clear();
    return true;
  }

  /**
   * How many more blocks to ask for now, so that the pipe stays full:
   * `max(2 x rate x round trip, 2 MiB)`, no more than the peer sends in 3 s, within its `reqq`.
   */
  room(bytesPerS: number): number {
    if (this.#refused.size >= REFUSED_LIMIT) return 0;
    const fast = Math.max(FAST_LENGTH, (2 * bytesPerS * (this.#roundTripMs ?? 0)) / 1_000);
    const steady = Math.ceil(Math.min(bytesPerS * QUEUE_TIME_S, fast) / BLOCK_LENGTH);
    // Until its rate was measured there is nothing else to go by.
    if (bytesPerS > 0 && this.#depth > Math.max(FIRST_DEPTH, steady) * 2) this.#slowStart = false;
    const wanted = this.#slowStart ? this.#depth : Math.max(LEAST_DEPTH, steady);
    const depth = Math.min(wanted, this.limit, Math.ceil(fast / BLOCK_LENGTH));
    // Asking for a few at a time saves system calls; an empty pipe is filled at once.
    const room = depth - this.size;
    return room >= depth >> 2 ? Math.max(0, room) : 0;
  }

  /** The peer choked us: when it serves us again, its rate of long ago says nothing. */
  startOver(): void {
    this.#slowStart = true;
    this.#depth = FIRST_DEPTH;
  }

  /** The peer is too slow: all that is under way may be asked of others. @returns those blocks */
  lapse(): number[] {
    const blocks = [...this.#sentAtMs.keys()];
    this.#sentAtMs.clear();
    for (const block of blocks) this.#lapsed.add(block);
    this.#slowStart = false;
    this.#depth = LEAST_DEPTH;
    return blocks;
  }

  /** Forgets everything. @returns the blocks that were under way */
  clear(): number[] {
    const blocks = [...this.#sentAtMs.keys()];
    this.#sentAtMs.clear();
    this.#lapsed.clear();
    return blocks;
  }
}
