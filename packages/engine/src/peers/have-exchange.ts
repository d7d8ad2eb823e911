/** Who has what: keeps availability and interest right as pieces come, go and are announced. */
import type { Bitfield, Clock, PieceIndex } from '@shoal/units';
import type { PieceTracker } from '../picking/piece-tracker.ts';
import type { PeerConnection } from './peer-connection.ts';

export interface HaveExchangeOptions {
  readonly tracker: PieceTracker;
  readonly clock: Clock;
  peers(): Iterable<PeerConnection>;
  /** It has something new for us: ask it. */
  handleUseful(peer: PeerConnection): void;
  /** It has all pieces. */
  handleSeeder(peer: PeerConnection): void;
}

export class HaveExchange {
  readonly #options: HaveExchangeOptions;
  readonly #tracker: PieceTracker;
  /** Our new pieces that were not announced yet. */
  #news: PieceIndex[] = [];
  /**
   * Who took a piece back while it had all: counted in availability by its pieces for good. Else each
   * piece that it takes back and gets again would cost a walk over all.
   */
  readonly #byPieces = new WeakSet<PeerConnection>();

  constructor(options: HaveExchangeOptions) {
    this.#options = options;
    this.#tracker = options.tracker;
  }

  handleBitfield(peer: PeerConnection, pieces: Bitfield): void {
    if (peer.pieces.count > 0) return this.#handleMore(peer, pieces);
    peer.pieces = pieces;
    peer.isSeeder = pieces.isFull;
    if (this.#isOneNumber(peer)) this.#tracker.availability.addSeeder();
    else for (const index of pieces.indexes()) this.#tracker.peerHas(index as PieceIndex);
    this.#count(peer);
    if (peer.isSeeder) this.#options.handleSeeder(peer);
  }

  handleHave(peer: PeerConnection, pieceIndex: PieceIndex): void {
    if (!peer.pieces.add(pieceIndex)) return;
    peer.isSeeder = peer.pieces.isFull;
    if (this.#isOneNumber(peer)) this.#countAsOne(peer, pieceIndex);
    else this.#tracker.peerHas(pieceIndex);
    if (this.#isUseful(pieceIndex)) {
      peer.usefulCount++;
      this.#updateInterest(peer);
    }
    if (peer.isSeeder) this.#options.handleSeeder(peer);
  }

  /** BEP 54: it has a piece no more. */
  handleDontHave(peer: PeerConnection, pieceIndex: PieceIndex): void {
    if (!peer.pieces.delete(pieceIndex)) return;
    if (this.#isOneNumber(peer)) this.#countByPieces(peer);
    else this.#tracker.peerLost(pieceIndex);
    peer.isSeeder = false;
    if (!this.#isUseful(pieceIndex)) return;
    peer.usefulCount--;
    this.#updateInterest(peer);
  }

  /** The peer is gone, and with it what it had. */
  handleLeft(peer: PeerConnection): void {
    if (this.#isOneNumber(peer)) this.#tracker.availability.removeSeeder();
    else for (const index of peer.pieces.indexes()) this.#tracker.peerLost(index as PieceIndex);
  }

  /** We have a new piece: told to all that lack it, those of one turn together. */
  announce(pieceIndex: PieceIndex): void {
    // One that was dropped from the selection while it came is counted nowhere.
    if (this.#tracker.isWanted(pieceIndex))
      for (const peer of this.#options.peers()) {
        if (!peer.pieces.has(pieceIndex)) continue;
        peer.usefulCount--;
        this.#updateInterest(peer);
      }
    this.#tell(pieceIndex);
  }

  /** A check found pieces: told to all that lack them, and what each peer has for us is counted anew. */
  announceFound(found: Bitfield): void {
    for (const index of found.indexes()) this.#tell(index as PieceIndex);
    this.recount();
  }

  /** What we want changed: counts anew what each peer has for us. */
  recount(): void {
    for (const peer of this.#options.peers()) this.#count(peer);
  }

  /** A bitfield in place of many `have`s: what is new in it is had from now on. */
  #handleMore(peer: PeerConnection, pieces: Bitfield): void {
    for (let at = 0; at < pieces.bytes.length; at++) {
      if ((pieces.bytes[at]! & ~peer.pieces.bytes[at]!) === 0) continue;
      for (let index = at * 8; index < at * 8 + 8; index++)
        if (pieces.has(index)) this.handleHave(peer, index as PieceIndex);
    }
  }

  #count(peer: PeerConnection): void {
    peer.usefulCount = 0;
    for (const index of peer.pieces.indexes()) if (this.#isUseful(index)) peer.usefulCount++;
    this.#updateInterest(peer);
  }

  #updateInterest(peer: PeerConnection): void {
    const interesting = peer.usefulCount > 0;
    if (interesting !== peer.session.amInterested)
      peer.send({ type: interesting ? 'interested' : 'not-interested' });
    if (interesting) this.#options.handleUseful(peer);
  }

  /** Whether it is counted among the seeders in availability, not by its pieces. */
  #isOneNumber(peer: PeerConnection): boolean {
    return peer.isSeeder && !this.#byPieces.has(peer);
  }

  #countAsOne(peer: PeerConnection, lastPiece: PieceIndex): void {
    for (const index of peer.pieces.indexes())
      if (index !== lastPiece) this.#tracker.peerLost(index as PieceIndex);
    this.#tracker.availability.addSeeder();
  }

  #countByPieces(peer: PeerConnection): void {
    this.#byPieces.add(peer);
    this.#tracker.availability.removeSeeder();
    for (const index of peer.pieces.indexes()) this.#tracker.peerHas(index as PieceIndex);
  }

  /** Peers hear of it together with what else comes in this turn. */
  #tell(pieceIndex: PieceIndex): void {
    if (this.#news.push(pieceIndex) === 1) this.#options.clock.after(0, () => this.#sendNews());
  }

  #sendNews(): void {
    const news = this.#news;
    this.#news = [];
    for (const peer of this.#options.peers()) {
      if (peer.isSeeder) continue;
      peer.transport.cork();
      for (const pieceIndex of news)
        if (!peer.pieces.has(pieceIndex)) peer.send({ type: 'have', pieceIndex });
      peer.transport.uncork();
    }
  }

  #isUseful(index: number): boolean {
    return this.#tracker.isWanted(index) && !this.#tracker.have.has(index);
  }
}
