/** One piece that is being fetched: its bytes and the state of each of its blocks. */
import type { PieceIndex, PieceLayout } from '@shoal/units';

/** Key of a peer inside one torrent; 0 is nobody. */
export type PeerKey = number;

/**
 * Each block is free, requested (of 1.. peers), or received. Whoever fetched a block is kept, so
 * that the sender of a bad one is found.
 */
export class ActivePiece {
  readonly index: PieceIndex;
  readonly length: number;
  readonly blockCount: number;
  /** The peer that began it: others join only when it leaves, chokes or is slow. */
  owner: PeerKey;
  readonly startedAtMs: number;
  /** To be fetched from its owner alone: it failed before, and who lied is not known. */
  readonly isSolo: boolean;
  /** Nobody who gives blocks has it: its free ones are no reason to wait with endgame. */
  isStranded = false;
  /** The whole piece; taken when the first block comes. */
  bytes: Uint8Array | undefined;
  readonly senders: Int32Array;
  readonly #requestCounts: Uint8Array;
  readonly #received: Uint8Array;
  /** Who is sending each block right now: only one may write into `bytes` at a place. */
  readonly #writers: Int32Array;
  /** Blocks that were taken from a slow writer: that is done once, or slow peers would take turns. */
  readonly #passedOn = new Set<number>();
  #freeCount: number;
  #receivedCount = 0;
  /** No block before this one is free. */
  #freeFrom = 0;

  constructor(
    layout: PieceLayout,
    index: PieceIndex,
    owner: PeerKey,
    nowMs: number,
    isSolo = false,
  ) {
    this.index = index;
    this.length = layout.lengthOf(index);
    this.blockCount = layout.blockCount(index);
    this.owner = owner;
    this.startedAtMs = nowMs;
    this.isSolo = isSolo;
    this.senders = new Int32Array(this.blockCount);
    this.#requestCounts = new Uint8Array(this.blockCount);
    this.#received = new Uint8Array(this.blockCount);
    this.#writers = new Int32Array(this.blockCount);
    this.#freeCount = this.blockCount;
  }

  /** Blocks that nobody was asked for. */
  get freeCount(): number {
    return this.#freeCount;
  }

  get receivedCount(): number {
    return this.#receivedCount;
  }

  get isComplete(): boolean {
    return this.#receivedCount === this.blockCount;
  }

  isReceived(block: number): boolean {
    return this.#received[block] === 1;
  }

  requestCount(block: number): number {
    return this.#requestCounts[block]!;
  }

  /** The next free block, marked as requested; undefined when none is free. */
  takeFree(): number | undefined {
    if (this.#freeCount === 0) return undefined;
    let block = this.#freeFrom;
    while (this.#received[block] === 1 || this.#requestCounts[block] !== 0) block++;
    this.#freeFrom = block + 1;
    this.isStranded = false;
    this.requested(block);
    return block;
  }

  /** One more peer was asked for a block that is not received. */
  requested(block: number): void {
    if (this.#requestCounts[block] === 0) this.#freeCount--;
    this.#requestCounts[block]!++;
  }

  /** One request for this block is over: it came, or it will not (choke, reject, cancel, gone). */
  released(block: number): void {
    if (this.#requestCounts[block] === 0) return;
    this.#requestCounts[block]!--;
    if (this.#requestCounts[block] === 0 && this.#received[block] === 0) {
      this.#freeCount++;
      this.#freeFrom = Math.min(this.#freeFrom, block);
    }
  }

  /** Whether a peer is sending this block right now. */
  isWritten(block: number): boolean {
    return this.#writers[block] !== 0;
  }

  /** A peer begins to send a block. @returns false when it is here or another peer is writing it */
  beginWrite(block: number, peer: PeerKey): boolean {
    if (this.#received[block] === 1 || this.#writers[block] !== 0) return false;
    this.#writers[block] = peer;
    return true;
  }

  /** Marks a block as taken from a slow writer. @returns false when it was before */
  passOn(block: number): boolean {
    if (this.#passedOn.has(block)) return false;
    this.#passedOn.add(block);
    return true;
  }

  /** The peer that was writing is gone, and nothing writes there any more. */
  dropWrite(block: number): void {
    this.#writers[block] = 0;
  }

  /** The block is whole. Call `released` for the request apart. */
  received(block: number, peer: PeerKey): void {
    this.#writers[block] = 0;
    if (this.#received[block] === 1) return;
    if (this.#requestCounts[block] === 0) this.#freeCount--;
    this.#received[block] = 1;
    this.#receivedCount++;
    this.senders[block] = peer;
  }
}
