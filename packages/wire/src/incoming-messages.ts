/** The rules for what the peer sends: checks each message and hands it to the session's owner. */
import type { PieceIndex, PieceLayout } from '@shoal/units';
import { type Announcement, announcedPieces } from './announcement.ts';
import { type KnownMessageType, messageTypeOf } from './constants.ts';
import { EarlyPieces } from './early-pieces.ts';
import type { FrameSink } from './frame-reader.ts';
import { readUint32 } from './integers.ts';
import { MoveChecker } from './legal-moves.ts';
import type { WireLimits } from './limits.ts';
import type { MessageType } from './message.ts';
import { checkedBlock, checkedPiece } from './piece-gate.ts';
import type { RequestGuard } from './request-guard.ts';
import type { SessionSink } from './session-sink.ts';
import { WireError } from './wire-error.ts';

/** UDP ports of a peer's nodes that are heeded: a program may run a few, or move one. */
const MAX_NODE_PORTS = 4;

/** The remote half of a session: its flags, its opening, its fast set. Throws WireError only. */
export class IncomingMessages implements FrameSink {
  readonly #sink: SessionSink;
  readonly #limits: WireLimits;
  readonly #guard: RequestGuard;
  readonly #moves: MoveChecker;
  readonly #allowedFast = new Set<number>();
  readonly #nodePorts = new Set<number>();
  /** What to replay; read only while the layout is unknown. */
  #early: EarlyPieces;
  #layout: PieceLayout | undefined;
  #peerChoking = true;
  #peerInterested = false;
  #hasAll = false;

  constructor(
    sink: SessionSink,
    limits: WireLimits,
    guard: RequestGuard,
    agreed: { readonly fast: boolean; readonly extended: boolean },
  ) {
    this.#sink = sink;
    this.#limits = limits;
    this.#guard = guard;
    this.#moves = new MoveChecker(agreed);
    this.#early = new EarlyPieces(limits.pieceCount);
  }

  get peerChoking(): boolean {
    return this.#peerChoking;
  }

  get peerInterested(): boolean {
    return this.#peerInterested;
  }

  /** Whether we may ask for blocks of this piece at this moment. BEP 3, BEP 6. */
  mayRequest(pieceIndex: number): boolean {
    return !this.#peerChoking || this.#allowedFast.has(pieceIndex);
  }

  /** Checks and hands out what was kept while the layout was unknown. @throws WireError */
  setLayout(layout: PieceLayout, isStopped: () => boolean): void {
    const early = this.#early;
    this.#early = new EarlyPieces(0);
    this.#layout = layout;
    if (early.announcement !== undefined)
      this.#sink.handleBitfield(announcedPieces(early.announcement, layout.pieceCount));
    for (const pieceIndex of early.haves()) {
      if (isStopped()) return;
      this.#sink.handleHave(checkedPiece(layout, pieceIndex));
    }
    for (const { type, pieceIndex } of early.advice()) {
      if (isStopped()) return;
      this.#advise(type, pieceIndex);
    }
  }

  handleFixed(id: number, bytes: Uint8Array, at: number): void {
    const type = messageTypeOf(id)!;
    this.#demandLegal(type);
    switch (type) {
      case 'request':
      case 'cancel':
      case 'reject':
        this.#handleBlockMessage(type, bytes, at);
        break;
      case 'have':
        this.#have(readUint32(bytes, at));
        break;
      case 'suggest':
      case 'allowed-fast':
        this.#advise(type, readUint32(bytes, at));
        break;
      case 'have-all':
      case 'have-none':
        this.#announce({ type });
        break;
      case 'port':
        this.#port((bytes[at]! << 8) | bytes[at + 1]!);
        break;
      default:
        this.#setFlag(type);
    }
  }

  beginBlock(pieceIndex: number, begin: number, length: number): Uint8Array | undefined {
    this.#demandLegal('piece');
    const layout = this.#layout;
    if (layout === undefined)
      throw new WireError('before-metadata', `a block of piece ${pieceIndex} before the metadata`);
    return this.#sink.blockTarget(checkedBlock(layout, pieceIndex, begin, length), begin, length);
  }

  endBlock(pieceIndex: number, begin: number, length: number, stored: boolean): void {
    this.#sink.handleBlock(pieceIndex as PieceIndex, begin, length, stored);
  }

  beginLong(id: number): void {
    this.#demandLegal(messageTypeOf(id) ?? 'unknown');
  }

  handleLong(id: number, payload: Uint8Array): void {
    const type = messageTypeOf(id);
    if (type === 'bitfield') this.#announce({ type, bytes: payload });
    else this.#sink.handleExtended(payload[0]!, payload.subarray(1));
  }

  #demandLegal(type: MessageType): void {
    const fault = this.#moves.fault(type);
    if (fault === undefined || (fault === 'bitfield-late' && isSummary(type))) return;
    throw new WireError(fault, `${type} is not legal here: ${fault}`);
  }

  #setFlag(type: KnownMessageType): void {
    if (type === 'choke' || type === 'unchoke') {
      if (this.#peerChoking === (type === 'choke')) return;
      this.#peerChoking = type === 'choke';
      if (this.#peerChoking) this.#sink.handleChoke();
      else this.#sink.handleUnchoke();
    } else {
      if (this.#peerInterested === (type === 'interested')) return;
      this.#peerInterested = type === 'interested';
      if (this.#peerInterested) this.#sink.handleInterested();
      else this.#sink.handleNotInterested();
    }
  }

  #announce(announcement: Announcement): void {
    // Who has all cannot add to it: five bytes must not cost a walk over all pieces each time.
    if (this.#hasAll) return;
    this.#hasAll = announcement.type === 'have-all';
    const layout = this.#layout;
    if (layout === undefined) this.#early.announcement = announcement;
    else this.#sink.handleBitfield(announcedPieces(announcement, layout.pieceCount));
  }

  #have(pieceIndex: number): void {
    const layout = this.#layout;
    if (layout === undefined) this.#early.addHave(pieceIndex);
    else this.#sink.handleHave(checkedPiece(layout, pieceIndex));
  }

  #advise(type: 'suggest' | 'allowed-fast', pieceIndex: number): void {
    const layout = this.#layout;
    if (layout === undefined) {
      this.#early.addAdvice({ type, pieceIndex });
      return;
    }
    const piece = checkedPiece(layout, pieceIndex);
    if (type === 'suggest') {
      this.#sink.handleSuggest(piece);
    } else if (
      !this.#allowedFast.has(piece) &&
      this.#allowedFast.size < this.#limits.allowedFastCount
    ) {
      this.#allowedFast.add(piece);
      this.#sink.handleAllowedFast(piece);
    }
  }

  #port(port: number): void {
    if (port === 0 || this.#nodePorts.has(port) || this.#nodePorts.size >= MAX_NODE_PORTS) return;
    this.#nodePorts.add(port);
    this.#sink.handlePort(port);
  }

  #handleBlockMessage(type: 'request' | 'cancel' | 'reject', bytes: Uint8Array, at: number): void {
    const pieceIndex = readUint32(bytes, at);
    const begin = readUint32(bytes, at + 4);
    const length = readUint32(bytes, at + 8);
    if (type === 'request') this.#guard.admit(pieceIndex);
    const layout = this.#layout;
    // Without metadata we have announced nothing and asked for nothing: there is nobody to tell.
    if (layout === undefined) return;
    const piece = checkedBlock(layout, pieceIndex, begin, length);
    if (type === 'request') this.#handleRequest(piece, begin, length);
    else if (type === 'cancel') this.#sink.handleCancel(piece, begin, length);
    else this.#sink.handleReject(piece, begin, length);
  }

  #handleRequest(piece: PieceIndex, begin: number, length: number): void {
    const limit = this.#limits.requestLength;
    if (length > limit) {
      const details = { got: length, limit };
      throw new WireError(
        'request-too-long',
        `request of ${length} bytes, limit ${limit}`,
        details,
      );
    }
    this.#sink.handleRequest(piece, begin, length);
  }
}

/**
 * What may also come in place of many `have` messages: BEP 3 and BEP 6 want it first alone, but
 * aria2 sums up twenty and more new pieces so.
 */
function isSummary(type: MessageType): boolean {
  return type === 'bitfield' || type === 'have-all';
}
