/**
 * Asks the peers of one torrent for blocks. Which blocks, `picking/picker.ts` decides; what comes in
 * is `block-intake.ts`'s, what does not `requests-under-way.ts`'s.
 */
import { BLOCK_LENGTH, type Clock, type PieceIndex, type PieceLayout } from '@shoal/units';
import { REQUEST_LENGTH, writeRequest } from '@shoal/wire';
import type { PeerConnection } from '../peers/peer-connection.ts';
import type { BlockReceiver } from '../peers/peer-host.ts';
import type { ActivePiece } from '../picking/active-piece.ts';
import { mayStart, type PickingPeer, pickBlocks } from '../picking/picker.ts';
import type { PieceTracker } from '../picking/piece-tracker.ts';
import { BlockIntake } from './block-intake.ts';
import type { PieceBuffers } from './piece-buffers.ts';
import type { RateLimiter } from './rate-limiter.ts';
import type { RateMeter } from './rate-meter.ts';
import { RequestsUnderWay } from './requests-under-way.ts';
import { isHeldUp, isHoldingUp } from './slow-block.ts';
import { isKeptWaiting, markStranded, strandedPieces } from './stranded-pieces.ts';

/** No block for this long, with requests under way: the peer is snubbing us. BEP 3. */
const SNUB_MS = 60_000;

/** Blocks kept under way with a peer that was asked for a piece by hand. */
const URGENT_ROOM = 64;

/** Of the memory of pieces under way, what is made free at a time when all of it is stuck. */
const ROOM_SHARE = 1 / 4;

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
  readonly intake: BlockIntake;
  readonly #options: DownloaderOptions;
  readonly #tracker: PieceTracker;
  readonly #layout: PieceLayout;
  readonly #underWay: RequestsUnderWay;
  /** False while paused, checking or done: nothing is asked for. */
  #enabled = false;
  /** A peer got less than it could take: memory was full, or nothing was free. */
  #isStarved = false;
  /** Which peer is asked first when all are. */
  #turn = 0;
  sequential = false;
  /** Bytes that came and were of no use. */
  wastedLength = 0;

  constructor(options: DownloaderOptions) {
    this.#options = options;
    this.#tracker = options.tracker;
    this.#layout = options.tracker.layout;
    this.#underWay = new RequestsUnderWay(options);
    this.intake = new BlockIntake({
      ...options,
      underWay: this.#underWay,
      handleWasted: (length) => {
        this.wastedLength += length;
      },
    });
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
      this.#underWay.cancelAll(peer);
      peer.down.rest();
    }
    for (const piece of [...this.#tracker.active.keys()]) this.#tracker.abandon(piece);
  }

  /** Asks one peer for more, unless a limit is tight: then the fastest would take it all. */
  refill(peer: PeerConnection): void {
    const { limiter, clock } = this.#options;
    if (limiter.isUnlimited || !limiter.isScarce(clock.nowMs())) this.#ask(peer);
  }

  /** @returns whether it was asked for something */
  #ask(peer: PeerConnection): boolean {
    if (!this.#enabled || peer.isClosed || !peer.session.amInterested) return false;
    const onlyPieces = peer.session.peerChoking ? peer.allowedToUs : undefined;
    if (onlyPieces !== undefined && (!peer.supportsFast || onlyPieces.size === 0)) return false;
    const nowMs = this.#options.clock.nowMs();
    const room = this.#room(peer, nowMs);
    const count = this.#granted(room, nowMs);
    if (count <= 0) return false;
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
      hasRequested: (piece, block) =>
        this.#underWay.isAsked(peer, this.#underWay.numberOf(piece.index, block)),
    };
    const options = {
      sequential: this.sequential,
      activeLimit: this.#options.activeLimit,
      nowMs,
      urgent: peer.urgent,
    };
    const picked = pickBlocks(this.#tracker, view, count, options, (piece, block) => {
      if (peer.requests.size === 0) peer.lastBlockAtMs = nowMs;
      peer.requests.add(this.#underWay.numberOf(piece.index, block), nowMs);
      // Leechers side by side are allowed the same pieces: going on from there they would all go
      // the same way, and have nothing to trade.
      if (onlyPieces === undefined) peer.lastPiece = piece.index;
      const length = this.#layout.blockLength(piece.index, block);
      at = writeRequest(bytes, at, piece.index, block * BLOCK_LENGTH, length);
    });
    if (picked < count) {
      this.#isStarved = true;
      if (!this.#options.limiter.isUnlimited)
        this.#options.limiter.giveBack((count - picked) * BLOCK_LENGTH, nowMs);
    }
    if (at > 0) peer.sendBytes(bytes.subarray(0, at));
    return at > 0;
  }

  blockTarget(
    peer: PeerConnection,
    pieceIndex: PieceIndex,
    begin: number,
    length: number,
  ): Uint8Array | undefined {
    return this.intake.target(peer, pieceIndex, begin, length);
  }

  handleBlock(
    peer: PeerConnection,
    pieceIndex: PieceIndex,
    begin: number,
    length: number,
    stored: boolean,
  ): void {
    this.intake.take(peer, pieceIndex, begin, length, stored);
  }

  handleReject(peer: PeerConnection, pieceIndex: PieceIndex, begin: number, length: number): void {
    if (this.#layout.isBlock(pieceIndex, begin, length))
      this.#underWay.reject(peer, pieceIndex, begin / BLOCK_LENGTH, this.#options.clock.nowMs());
  }

  handleChoke(peer: PeerConnection): void {
    this.#underWay.choke(peer);
  }

  /** The peer is gone. */
  forget(peer: PeerConnection): void {
    this.#underWay.forget(peer);
  }

  /** Once a second: finds the peers that snub us, and gives what became free to others. */
  tick(nowMs: number): void {
    // What was on its way when nothing more was asked for comes still: it is no download.
    if (!this.#enabled) this.#options.meter.rest();
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
      this.#underWay.lapse(peer);
      peer.lastBlockAtMs = nowMs;
    }
    if (markStranded(this.#tracker, this.#options.peers())) this.#makeRoom(nowMs);
    this.refillStarved();
  }

  /** What nobody can finish must not keep the memory from those who would send something else. */
  #makeRoom(nowMs: number): void {
    const { activeLimit, peers } = this.#options;
    if (mayStart(this.#tracker, activeLimit)) return;
    for (const peer of peers()) {
      if (!isKeptWaiting(peer, this.#tracker, nowMs)) continue;
      this.giveUpStranded(activeLimit * ROOM_SHARE);
      // Before those who would strand more.
      return this.refill(peer);
    }
  }

  /** Gives up so many bytes of wanted pieces that no peer can finish; one piece, however large. */
  giveUpStranded(length: number, isWanted = (_piece: PieceIndex): boolean => true): void {
    let left = length;
    for (const piece of strandedPieces(this.#tracker)) {
      if (left <= 0) return;
      if (!isWanted(piece.index)) continue;
      left -= piece.length;
      this.wastedLength += Math.min(piece.receivedCount * BLOCK_LENGTH, piece.length);
      this.abandon(piece);
    }
  }

  /** Whether a block of this piece, coming for so long from elsewhere, should be left to the peers. */
  isHeldUp(pieceIndex: PieceIndex, comingForMs: number): boolean {
    const { peers, clock } = this.#options;
    return isHeldUp(pieceIndex, comingForMs, peers(), this.#tracker, clock.nowMs());
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

  /**
   * Asks everyone again: tokens came back, a selection changed, a piece failed. Begins behind the
   * peer that was asked last: when a limit is tight the first may take all there is.
   */
  refillAll(): void {
    const peers = [...this.#options.peers()];
    const first = this.#turn;
    // Who snubs us comes last: it would keep a block from those who send it.
    for (const snubbed of [false, true])
      for (let n = first; n < first + peers.length; n++) {
        const peer = peers[n % peers.length]!;
        if (peer.isSnubbed === snubbed && this.#ask(peer)) this.#turn = (n + 1) % peers.length;
      }
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
    this.#underWay.cancelPiece(piece);
    this.#tracker.abandon(piece.index);
  }

  /** Whom blocks of a piece are under way with, for screens. */
  sourcesOf(pieceIndex: PieceIndex): Iterable<PeerConnection> {
    return this.#underWay.sourcesOf(pieceIndex);
  }

  #room(peer: PeerConnection, nowMs: number): number {
    const { requests } = peer;
    if (peer.urgent.size > 0) return Math.max(URGENT_ROOM - requests.size, 0);
    // What the limit grants to it and it never sends is kept from all others.
    const isDoubtful = requests.leftUnanswered && !this.#options.limiter.isUnlimited;
    return peer.isSnubbed || isDoubtful ? 1 - requests.size : requests.room(nowMs);
  }

  /** How many whole blocks of `room` the limits let through now. */
  #granted(room: number, nowMs: number): number {
    const { limiter } = this.#options;
    if (room <= 0 || limiter.isUnlimited) return room;
    return limiter.take(room * BLOCK_LENGTH, nowMs, BLOCK_LENGTH) / BLOCK_LENGTH;
  }
}
