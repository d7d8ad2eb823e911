/**
 * Asks the peers of one torrent for blocks and takes them in. Which blocks, `picking/picker.ts`
 * decides; whether a whole piece is good, `verifier.ts`.
 */
import { BLOCK_LENGTH, type Clock, type PieceIndex, type PieceLayout } from '@shoal/units';
import { REQUEST_LENGTH, writeRequest } from '@shoal/wire';
import type { PeerConnection } from '../peers/peer-connection.ts';
import type { BlockReceiver } from '../peers/peer-host.ts';
import type { ActivePiece, PeerKey } from '../picking/active-piece.ts';
import { type PickingPeer, pickBlocks } from '../picking/picker.ts';
import type { PieceTracker } from '../picking/piece-tracker.ts';
import type { PieceBuffers } from './piece-buffers.ts';
import type { RateLimiter } from './rate-limiter.ts';
import type { RateMeter } from './rate-meter.ts';
import { isHoldingUp } from './slow-block.ts';

/** No block for this long, with requests under way: the peer is snubbing us. BEP 3. */
const SNUB_MS = 60_000;

/** Blocks kept under way with a peer that was asked for a piece by hand. */
const URGENT_ROOM = 64;

export interface DownloaderOptions {
  readonly tracker: PieceTracker;
  readonly buffers: PieceBuffers;
  readonly limiter: RateLimiter;
  readonly meter: RateMeter;
  readonly clock: Clock;
  /** Bytes of pieces under way; one piece may always be. */
  readonly activeLimit: number;
  peers(): Iterable<PeerConnection>;
  /** All blocks of a piece are here; its buffer goes along. */
  handleComplete(piece: ActivePiece): void;
}

export class Downloader implements BlockReceiver<PeerConnection> {
  readonly #options: DownloaderOptions;
  readonly #tracker: PieceTracker;
  readonly #layout: PieceLayout;
  readonly #blocksPerPiece: number;
  /** False while paused, checking or done: nothing is asked for. */
  #enabled = false;
  /** A peer got less than it could take: memory was full, or nothing was free. */
  #isStarved = false;
  sequential = false;
  /** Bytes that came and were of no use. */
  wastedLength = 0;

  constructor(options: DownloaderOptions) {
    this.#options = options;
    this.#tracker = options.tracker;
    this.#layout = options.tracker.layout;
    this.#blocksPerPiece = Math.ceil(this.#layout.pieceLength / BLOCK_LENGTH);
  }

  get isEnabled(): boolean {
    return this.#enabled;
  }

  enable(): void {
    this.#enabled = true;
  }

  /** Stops asking, and gives up what is under way. */
  disable(): void {
    this.#enabled = false;
    this.#options.meter.rest();
    for (const peer of this.#options.peers()) {
      this.#cancelAll(peer);
      peer.down.rest();
    }
    for (const piece of [...this.#tracker.active.keys()]) this.#tracker.abandon(piece);
  }

  /** Asks one peer for more, unless a limit is tight: then the fastest would take it all. */
  refill(peer: PeerConnection): void {
    const { limiter, clock } = this.#options;
    if (limiter.isUnlimited || !limiter.isScarce(clock.nowMs())) this.#ask(peer);
  }

  #ask(peer: PeerConnection): void {
    if (!this.#enabled || peer.isClosed || !peer.session.amInterested) return;
    const onlyPieces = peer.session.peerChoking ? peer.allowedToUs : undefined;
    if (onlyPieces !== undefined && (!peer.supportsFast || onlyPieces.size === 0)) return;
    const nowMs = this.#options.clock.nowMs();
    const room = this.#room(peer);
    const count = this.#granted(room, nowMs);
    if (count <= 0) return;
    const bytes = Buffer.allocUnsafe(count * REQUEST_LENGTH);
    let at = 0;
    const view: PickingPeer = {
      key: peer.key,
      pieces: peer.pieces,
      onlyPieces,
      refusedPieces: peer.requests.refusedPieces,
      suggested: peer.suggested,
      lastPiece: peer.lastPiece,
      requestCount: peer.requests.size,
      hasDelivered: peer.down.total > 0 && !peer.isSnubbed,
      hasRequested: (piece, block) => this.#isAsked(peer, this.#number(piece.index, block)),
    };
    const options = {
      sequential: this.sequential,
      activeLimit: this.#options.activeLimit,
      nowMs,
      urgent: peer.urgent,
    };
    const picked = pickBlocks(this.#tracker, view, count, options, (piece, block) => {
      if (peer.requests.size === 0) peer.lastBlockAtMs = nowMs;
      peer.requests.add(this.#number(piece.index, block), nowMs);
      // Leechers side by side are allowed the same pieces: going on from there they would all go
      // the same way, and have nothing to trade.
      if (onlyPieces === undefined) peer.lastPiece = piece.index;
      const length = this.#layout.blockLength(piece.index, block);
      at = writeRequest(bytes, at, piece.index, block * BLOCK_LENGTH, length);
    });
    if (picked < count) {
      this.#isStarved = true;
      if (!this.#options.limiter.isUnlimited)
        this.#options.limiter.giveBack((count - picked) * BLOCK_LENGTH);
    }
    if (at > 0) peer.sendBytes(bytes.subarray(0, at));
  }

  blockTarget(
    peer: PeerConnection,
    pieceIndex: PieceIndex,
    begin: number,
    length: number,
  ): Uint8Array | undefined {
    if (!this.#layout.isBlock(pieceIndex, begin, length)) return undefined;
    const block = begin / BLOCK_LENGTH;
    const number = this.#number(pieceIndex, block);
    if (!this.#isAsked(peer, number)) return undefined;
    const piece = this.#tracker.active.get(pieceIndex);
    if (piece === undefined || !piece.beginWrite(block, peer.key)) return undefined;
    peer.requests.beginArrival(piece, block, peer.lastReceivedAtMs);
    if (peer.requests.hasLapsed(number)) {
      // It comes after all: nobody else is asked for it while it does.
      peer.requests.add(number, peer.lastReceivedAtMs);
      piece.requested(block);
    }
    piece.bytes ??= this.#options.buffers.take(piece.length);
    return piece.bytes;
  }

  handleBlock(
    peer: PeerConnection,
    pieceIndex: PieceIndex,
    begin: number,
    length: number,
    stored: boolean,
  ): void {
    this.#options.meter.add(length);
    if (!this.#layout.isBlock(pieceIndex, begin, length)) {
      this.wastedLength += length;
      peer.close(`sent ${length} bytes at ${begin} of a piece, which is no block`);
      return;
    }
    const nowMs = peer.lastReceivedAtMs;
    const block = begin / BLOCK_LENGTH;
    const number = this.#number(pieceIndex, block);
    const piece = this.#tracker.active.get(pieceIndex);
    // The piece may have been given up since, and even begun anew, with other memory.
    const isGain = stored && peer.requests.endArrival() === piece && piece !== undefined;
    if (!isGain) this.wastedLength += length;
    // What nobody asked for earns the peer nothing.
    if (!isGain && !this.#isAsked(peer, number)) return;
    const wasUnderWay = peer.requests.has(number);
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
    else this.wastedLength += length;
    piece.released(block);
    if (isWanted) this.#settle(piece, block);
  }

  handleReject(peer: PeerConnection, pieceIndex: PieceIndex, begin: number, length: number): void {
    if (!this.#layout.isBlock(pieceIndex, begin, length)) return;
    const block = begin / BLOCK_LENGTH;
    const number = this.#number(pieceIndex, block);
    const wasUnderWay = peer.requests.has(number);
    peer.requests.delete(number);
    if (!wasUnderWay) return;
    this.#options.limiter.giveBack(length);
    const piece = this.#tracker.active.get(pieceIndex);
    piece?.released(block);
    // It will not give this piece now, or not while it chokes us; another may.
    if (piece?.owner === peer.key) piece.owner = 0;
    if (peer.session.peerChoking) peer.allowedToUs.delete(pieceIndex);
    else peer.requests.refuse(pieceIndex, this.#options.clock.nowMs());
  }

  /** The peer choked us: without BEP 6 every request is void; with it, each is rejected by itself. */
  handleChoke(peer: PeerConnection): void {
    peer.requests.startOver();
    if (!peer.supportsFast) this.#releaseAll(peer, peer.requests.clear());
    else this.#disown(peer);
  }

  /** The peer is gone. */
  forget(peer: PeerConnection): void {
    peer.requests.dropArrival();
    this.#releaseAll(peer, peer.requests.clear());
  }

  /** Once a second: finds the peers that snub us, and gives what became free to others. */
  tick(nowMs: number): void {
    for (const peer of [...this.#options.peers()]) {
      if (peer.requests.forgive(nowMs)) this.refill(peer);
      this.#passOnSlow(peer, nowMs);
      if (peer.requests.size === 0 || nowMs - peer.lastBlockAtMs < SNUB_MS) continue;
      if (peer.requests.arrivingPiece !== undefined) {
        // Only one peer may write a block: as long as it is here nobody else can send this one.
        peer.close('too slow: a block took more than a minute');
        continue;
      }
      peer.isSnubbed = true;
      this.#releaseAll(peer, peer.requests.lapse());
      peer.lastBlockAtMs = nowMs;
    }
    this.refillStarved();
  }

  /** What comes on of the block is drained, and the block is asked of others as well. */
  #passOnSlow(peer: PeerConnection, nowMs: number): void {
    if (!isHoldingUp(peer, this.#options.peers(), this.#tracker, nowMs)) return;
    const { arrivingPiece, arrivingBlock } = peer.requests;
    if (!arrivingPiece!.passOn(arrivingBlock)) return;
    peer.session.dropBlock();
    peer.requests.dropArrival();
    this.#isStarved = true;
  }

  /** Asks everyone again: tokens came back, a selection changed, a piece failed. */
  refillAll(): void {
    // Who snubs us comes last: it would keep a block from those who send it.
    for (const snubbed of [false, true])
      for (const peer of this.#options.peers()) if (peer.isSnubbed === snubbed) this.#ask(peer);
  }

  /** A piece is done with: asks those who went short of blocks. */
  refillStarved(): void {
    if (!this.#isStarved) return;
    this.#isStarved = false;
    this.refillAll();
  }

  /** Gives up pieces that are no more wanted. */
  dropUnwanted(): void {
    for (const piece of [...this.#tracker.active.values()]) {
      if (this.#tracker.isWanted(piece.index)) continue;
      this.abandon(piece);
    }
  }

  /** Gives a piece up: what came of it is dropped, what is under way is cancelled. */
  abandon(piece: ActivePiece): void {
    if (this.#tracker.active.get(piece.index) !== piece) return;
    for (const peer of this.#options.peers())
      for (let block = 0; block < piece.blockCount; block++) this.#cancel(peer, piece, block);
    this.#tracker.abandon(piece.index);
  }

  /** Whom blocks of a piece are under way with, for screens. */
  *sourcesOf(pieceIndex: PieceIndex): Generator<PeerConnection> {
    const count = this.#layout.blockCount(pieceIndex);
    for (const peer of this.#options.peers())
      for (let block = 0; block < count; block++)
        if (peer.requests.has(this.#number(pieceIndex, block))) {
          yield peer;
          break;
        }
  }

  /** A block is in its place: nobody else need send it, and the piece may be whole. */
  #settle(piece: ActivePiece, block: number): void {
    if (piece.requestCount(block) > 0) this.#cancelElsewhere(piece, block);
    if (!piece.isComplete) return;
    this.#tracker.verifying(piece.index);
    this.#options.handleComplete(piece);
  }

  #number(pieceIndex: PieceIndex, block: number): number {
    return pieceIndex * this.#blocksPerPiece + block;
  }

  #isAsked(peer: PeerConnection, number: number): boolean {
    return peer.requests.has(number) || peer.requests.hasLapsed(number);
  }

  #room(peer: PeerConnection): number {
    if (peer.urgent.size > 0) return Math.max(URGENT_ROOM - peer.requests.size, 0);
    return peer.isSnubbed ? 1 - peer.requests.size : peer.requests.room;
  }

  /** How many whole blocks of `room` the limits let through now. */
  #granted(room: number, nowMs: number): number {
    const { limiter } = this.#options;
    if (room <= 0 || limiter.isUnlimited) return room;
    return limiter.take(room * BLOCK_LENGTH, nowMs, BLOCK_LENGTH) / BLOCK_LENGTH;
  }

  /** Endgame: the block is here, the other peers need not send it. */
  #cancelElsewhere(piece: ActivePiece, block: number): void {
    for (const peer of this.#options.peers()) this.#cancel(peer, piece, block);
  }

  #cancel(peer: PeerConnection, piece: ActivePiece, block: number): void {
    const number = this.#number(piece.index, block);
    const wasUnderWay = peer.requests.has(number);
    peer.requests.delete(number);
    if (!wasUnderWay) return;
    piece.released(block);
    peer.send({
      type: 'cancel',
      pieceIndex: piece.index,
      begin: block * BLOCK_LENGTH,
      length: this.#layout.blockLength(piece.index, block),
    });
  }

  #cancelAll(peer: PeerConnection): void {
    for (const piece of this.#tracker.active.values())
      for (let block = 0; block < piece.blockCount; block++) this.#cancel(peer, piece, block);
    peer.requests.clear();
  }

  #releaseAll(peer: PeerConnection, numbers: readonly number[]): void {
    for (const number of numbers) {
      const pieceIndex = Math.floor(number / this.#blocksPerPiece) as PieceIndex;
      const block = number % this.#blocksPerPiece;
      this.#tracker.active.get(pieceIndex)?.released(block);
    }
    if (!this.#options.limiter.isUnlimited)
      this.#options.limiter.giveBack(numbers.length * BLOCK_LENGTH);
    this.#disown(peer);
  }

  /** What this peer began is open to all. */
  #disown(peer: PeerConnection): void {
    for (const piece of this.#tracker.active.values())
      if (piece.owner === peer.key) piece.owner = 0;
  }
}
