/** The blocks that peers were asked for: who is asked for which, and how that ends without the block. */
import { BLOCK_LENGTH, type Clock, type PieceIndex, type PieceLayout } from '@shoal/units';
import type { PeerConnection } from '../peers/peer-connection.ts';
import type { ActivePiece } from '../picking/active-piece.ts';
import type { PieceTracker } from '../picking/piece-tracker.ts';
import type { RateLimiter } from './rate-limiter.ts';

export interface RequestsUnderWayOptions {
  readonly tracker: PieceTracker;
  /** Gets back what was granted for blocks that need not come; those that do are owed (`block-intake.ts`). */
  readonly limiter: RateLimiter;
  readonly clock: Clock;
  peers(): Iterable<PeerConnection>;
}

/**
 * Each peer keeps its own in its `RequestQueue`, each piece how often each of its blocks was asked
 * for: here the two are changed together.
 */
export class RequestsUnderWay {
  readonly #options: RequestsUnderWayOptions;
  readonly #tracker: PieceTracker;
  readonly #layout: PieceLayout;
  readonly #blocksPerPiece: number;

  constructor(options: RequestsUnderWayOptions) {
    this.#options = options;
    this.#tracker = options.tracker;
    this.#layout = options.tracker.layout;
    this.#blocksPerPiece = Math.ceil(this.#layout.pieceLength / BLOCK_LENGTH);
  }

  /** The number of a block in the queues of peers. */
  numberOf(pieceIndex: PieceIndex, block: number): number {
    return pieceIndex * this.#blocksPerPiece + block;
  }

  /** Whether a peer may still send a block that it was asked for, be it long ago. */
  isAsked({ requests }: PeerConnection, number: number): boolean {
    return requests.has(number) || requests.hasLapsed(number);
  }

  /** Whom blocks of a piece are under way with, for screens. */
  *sourcesOf(pieceIndex: PieceIndex): Generator<PeerConnection> {
    const first = this.numberOf(pieceIndex, 0);
    const end = first + this.#layout.blockCount(pieceIndex);
    for (const peer of this.#options.peers())
      for (const number of peer.requests.blocks())
        if (number >= first && number < end) {
          yield peer;
          break;
        }
  }

  /** The peer rejected one. @param block - index in its piece */
  reject(peer: PeerConnection, pieceIndex: PieceIndex, block: number, nowMs: number): void {
    const { requests } = peer;
    const number = this.numberOf(pieceIndex, block);
    if (!requests.delete(number)) return;
    this.#giveBack(this.#layout.blockLength(pieceIndex, block));
    const piece = this.#tracker.active.get(pieceIndex);
    piece?.released(block);
    // It will not give this piece now, or not while it chokes us; another may.
    if (piece?.owner === peer.key) piece.owner = 0;
    if (peer.session.peerChoking) peer.allowedToUs.delete(pieceIndex);
    else requests.refuse(pieceIndex, nowMs);
  }

  /** The peer choked us: without BEP 6 every request is void; with it, each is rejected by itself. */
  choke(peer: PeerConnection): void {
    peer.requests.startOver();
    if (!peer.supportsFast) this.#release(peer, peer.requests.clear());
    else this.#disown(peer);
  }

  /** The peer snubs us: others may be asked, and what it sends all the same is taken. */
  lapse(peer: PeerConnection): void {
    this.#release(peer, peer.requests.lapse());
  }

  /** The peer is gone. */
  forget(peer: PeerConnection): void {
    peer.requests.dropArrival();
    this.#release(peer, peer.requests.clear());
  }

  /** No peer need send this block any more. */
  cancel(piece: ActivePiece, block: number): void {
    const number = this.numberOf(piece.index, block);
    for (const peer of this.#options.peers())
      if (peer.requests.delete(number)) this.#cancelled(peer, number);
  }

  /** No peer need send a block of this piece. */
  cancelPiece(piece: ActivePiece): void {
    const first = this.numberOf(piece.index, 0);
    for (const peer of this.#options.peers())
      for (const number of peer.requests.dropRange(first, first + piece.blockCount))
        this.#cancelled(peer, number);
  }

  /** This peer need send nothing more. */
  cancelAll(peer: PeerConnection): void {
    for (const number of peer.requests.clear()) this.#cancelled(peer, number);
  }

  #cancelled(peer: PeerConnection, number: number): void {
    this.#releaseBlock(number);
    this.#giveBack(BLOCK_LENGTH);
    const pieceIndex = this.#pieceOf(number);
    const block = number % this.#blocksPerPiece;
    const length = this.#layout.blockLength(pieceIndex, block);
    peer.send({ type: 'cancel', pieceIndex, begin: block * BLOCK_LENGTH, length });
  }

  #releaseBlock(number: number): void {
    this.#tracker.active.get(this.#pieceOf(number))?.released(number % this.#blocksPerPiece);
  }

  #pieceOf(number: number): PieceIndex {
    return Math.floor(number / this.#blocksPerPiece) as PieceIndex;
  }

  #release(peer: PeerConnection, numbers: readonly number[]): void {
    for (const number of numbers) this.#releaseBlock(number);
    this.#giveBack(numbers.length * BLOCK_LENGTH);
    this.#disown(peer);
  }

  #giveBack(length: number): void {
    const { limiter, clock } = this.#options;
    if (!limiter.isUnlimited) limiter.giveBack(length, clock.nowMs());
  }

  /** What this peer began is open to all. */
  #disown(peer: PeerConnection): void {
    for (const piece of this.#tracker.active.values())
      if (piece.owner === peer.key) piece.owner = 0;
  }
}
