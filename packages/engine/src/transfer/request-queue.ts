/** The blocks one peer was asked for, and how many to keep under way with it. */
import type { ActivePiece } from '../picking/active-piece.ts';
import { PipeDepth } from './pipe-depth.ts';
import { StrayBlocks } from './stray-blocks.ts';

/** Requests a peer takes when its extended handshake names no `reqq` (libtorrent's default). */
const DEFAULT_REQUEST_LIMIT = 250;
/** Requests that leave together, at most. */
const TOGETHER = 32;
/** A peer that rejects so many pieces gives nothing now: it is left alone for a while. */
const REFUSED_LIMIT = 16;
/** After this time what was rejected may be asked for again. */
const REFUSED_MS = 10_000;

/** Block numbers are `piece * blocksPerPiece + block`. */
export class RequestQueue {
  readonly strays = new StrayBlocks();
  readonly #depth = new PipeDepth();
  readonly #sentAtMs = new Map<number, number>();
  /** Asked for long ago and given to others since; taken all the same if they come. When they were asked for. */
  readonly #lapsed = new Map<number, number>();
  /** Pieces it rejected a request for though it did not choke us. */
  readonly #refused = new Set<number>();
  #refusedAtMs = 0;
  #leftUnanswered = false;
  #arrivingPiece: ActivePiece | undefined;
  #arrivingBlock = 0;
  #arrivingSinceMs = 0;
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

  add(block: number, sentAtMs: number, nowMs = sentAtMs): void {
    if (this.#sentAtMs.size === 0) this.#depth.begin(nowMs);
    // Asked for twice, it may come twice.
    if (this.#lapsed.delete(block)) this.strays.withdrawn(1);
    this.#sentAtMs.set(block, sentAtMs);
  }

  /** A lapsed block comes after all: it is under way since it was asked for. */
  revive(block: number, nowMs: number): void {
    const sentAtMs = this.#lapsed.get(block)!;
    this.#lapsed.delete(block);
    this.add(block, sentAtMs, nowMs);
  }

  /** The request is withdrawn: rejected or cancelled. @returns whether it was under way */
  delete(block: number): boolean {
    const wasUnderWay = this.#sentAtMs.delete(block);
    if (this.#lapsed.delete(block) || wasUnderWay) this.strays.withdrawn(1);
    return wasUnderWay;
  }

  /** The same for all blocks of `first..end`, `end` left out. @returns those that were under way */
  dropRange(first: number, end: number): number[] {
    const isWithin = (block: number): boolean => block >= first && block < end;
    for (const block of this.#lapsed.keys()) if (isWithin(block)) this.delete(block);
    const blocks = [...this.#sentAtMs.keys()].filter(isWithin);
    for (const block of blocks) this.delete(block);
    return blocks;
  }

  /** A block came. */
  answered(block: number, nowMs: number): void {
    const sentAtMs = this.#sentAtMs.get(block);
    this.#sentAtMs.delete(block);
    this.#lapsed.delete(block);
    this.#leftUnanswered = false;
    if (sentAtMs !== undefined) this.#depth.answered(sentAtMs, nowMs);
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

  /** How many more blocks to ask for now, so that the pipe stays full, within its `reqq`. */
  room(nowMs: number): number {
    if (this.#refused.size >= REFUSED_LIMIT) return 0;
    const depth = Math.min(this.#depth.blocks(nowMs), this.limit);
    // Asking for several at a time saves system calls; an empty pipe is filled at once.
    const room = depth - this.size;
    return room >= Math.min(depth >> 2, TOGETHER) ? Math.max(0, room) : 0;
  }

  /** It choked us with requests under way, and has sent none of what it was asked for since. */
  get leftUnanswered(): boolean {
    return this.#leftUnanswered;
  }

  /** The peer choked us. */
  startOver(): void {
    this.#depth.startOver();
    if (this.size > 0) this.#leftUnanswered = true;
  }

  /** The peer is too slow: all that is under way may be asked of others. @returns those blocks */
  lapse(): number[] {
    const blocks = [...this.#sentAtMs.keys()];
    for (const [block, sentAtMs] of this.#sentAtMs) this.#lapsed.set(block, sentAtMs);
    this.#sentAtMs.clear();
    this.#depth.collapse();
    return blocks;
  }

  /** Forgets everything. @returns the blocks that were under way */
  clear(): number[] {
    const blocks = [...this.#sentAtMs.keys()];
    this.strays.withdrawn(this.#sentAtMs.size + this.#lapsed.size);
    this.#sentAtMs.clear();
    this.#lapsed.clear();
    return blocks;
  }
}
