/** Takes blocks in, of peers and of others: where each is written, and whether it is of use. */
import { BLOCK_LENGTH, type PieceIndex, type PieceLayout } from '@shoal/units';
import { WireError } from '@shoal/wire';
import type { PeerConnection } from '../peers/peer-connection.ts';
import type { ActivePiece, PeerKey } from '../picking/active-piece.ts';
import type { PieceTracker } from '../picking/piece-tracker.ts';
import type { PieceBuffers } from './piece-buffers.ts';
import type { RateLimiter } from './rate-limiter.ts';
import type { RateMeter } from './rate-meter.ts';
import type { RequestsUnderWay } from './requests-under-way.ts';

export interface BlockIntakeOptions {
  readonly tracker: PieceTracker;
  readonly buffers: PieceBuffers;
  readonly meter: RateMeter;
  /** Is owed what comes and was not granted, or was given back. */
  readonly limiter: RateLimiter;
  readonly underWay: RequestsUnderWay;
  /** Bytes came that are of no use. */
  handleWasted(length: number): void;
  /** All blocks of a piece are here; its buffer goes along. */
  handleComplete(piece: ActivePiece): void;
}

export class BlockIntake {
  readonly #options: BlockIntakeOptions;
  readonly #tracker: PieceTracker;
  readonly #layout: PieceLayout;
  readonly #underWay: RequestsUnderWay;

  constructor(options: BlockIntakeOptions) {
    this.#options = options;
    this.#tracker = options.tracker;
    this.#layout = options.tracker.layout;
    this.#underWay = options.underWay;
  }

  /** The first bytes of a block are here. @returns the piece to write it into, if it is wanted from this peer */
  target(
    peer: PeerConnection,
    pieceIndex: PieceIndex,
    begin: number,
    length: number,
  ): Uint8Array | undefined {
    if (!this.#layout.isBlock(pieceIndex, begin, length)) return undefined;
    const block = begin / BLOCK_LENGTH;
    const number = this.#underWay.numberOf(pieceIndex, block);
    if (!this.#underWay.isAsked(peer, number)) return undefined;
    const piece = this.#tracker.active.get(pieceIndex);
    if (piece === undefined || !piece.beginWrite(block, peer.key)) return undefined;
    peer.requests.beginArrival(piece, block, peer.lastReceivedAtMs);
    if (peer.requests.hasLapsed(number)) {
      // It comes after all: nobody else is asked for it while it does.
      peer.requests.revive(number, peer.lastReceivedAtMs);
      this.#options.limiter.owe(length, peer.lastReceivedAtMs);
      piece.requested(block);
    }
    piece.bytes ??= this.#options.buffers.take(piece.length);
    return piece.bytes;
  }

  /**
   * A block is whole; `stored` when it was written where `target` said.
   * @throws WireError `no-block` for what is none, `flood` for too many that nobody asked for
   */
  take(
    peer: PeerConnection,
    pieceIndex: PieceIndex,
    begin: number,
    length: number,
    stored: boolean,
  ): void {
    const { meter, limiter, handleWasted } = this.#options;
    meter.add(length);
    if (!this.#layout.isBlock(pieceIndex, begin, length)) {
      handleWasted(length);
      const message = `sent ${length} bytes at ${begin} of a piece, which is no block`;
      throw new WireError('no-block', message, { got: length });
    }
    const nowMs = peer.lastReceivedAtMs;
    const block = begin / BLOCK_LENGTH;
    const number = this.#underWay.numberOf(pieceIndex, block);
    const piece = this.#tracker.active.get(pieceIndex);
    const wasUnderWay = peer.requests.has(number);
    if (!wasUnderWay) limiter.owe(length, nowMs);
    // The piece may have been given up since, and even begun anew, with other memory.
    const isGain = stored && peer.requests.endArrival() === piece && piece !== undefined;
    if (!isGain) handleWasted(length);
    // What nobody asked for earns the peer nothing.
    if (!isGain && !this.#underWay.isAsked(peer, number)) return peer.requests.strays.take();
    peer.requests.answered(number, nowMs);
    peer.down.add(length);
    peer.lastBlockAtMs = nowMs;
    peer.isSnubbed = false;
    if (piece === undefined) return;
    if (isGain) piece.received(block, peer.key);
    if (wasUnderWay) piece.released(block);
    if (isGain) this.#settle(piece, block);
  }

  /** A source that is no peer begins to send a block. @returns false when it is not wanted from it */
  beginBlock(piece: ActivePiece, block: number, key: PeerKey): boolean {
    if (this.#tracker.active.get(piece.index) !== piece) return false;
    if (!piece.beginWrite(block, key)) return false;
    piece.bytes ??= this.#options.buffers.take(piece.length);
    return true;
  }

  /** Such a block is whole; `isGain` is what `beginBlock` said. */
  endBlock(piece: ActivePiece, block: number, key: PeerKey, isGain: boolean): void {
    const length = this.#layout.blockLength(piece.index, block);
    const isWanted = isGain && this.#tracker.active.get(piece.index) === piece;
    this.#options.meter.add(length);
    if (isWanted) piece.received(block, key);
    else this.#options.handleWasted(length);
    piece.released(block);
    if (isWanted) this.#settle(piece, block);
  }

  /** A block is in its place: nobody else need send it (endgame), and the piece may be whole. */
  #settle(piece: ActivePiece, block: number): void {
    if (piece.requestCount(block) > 0) this.#underWay.cancel(piece, block);
    if (!piece.isComplete) return;
    this.#tracker.verifying(piece.index);
    this.#options.handleComplete(piece);
  }
}
