/**
 * One connected peer of one torrent: joins a transport to a wire session, holds what we know of
 * the peer, and is the one place where its faults are caught.
 */
import {
  Bitfield,
  type PeerAddress,
  type PeerId,
  type PieceIndex,
  type PieceLayout,
  type Transport,
  type TransportSink,
} from '@shoal/units';
import { type Message, PeerSession, type SessionSink, WireError } from '@shoal/wire';
import type { PeerKey } from '../picking/active-piece.ts';
import type { PeerSource } from '../state/snapshot.ts';
import { RateMeter } from '../transfer/rate-meter.ts';
import { RequestQueue } from '../transfer/request-queue.ts';
import { UploadQueue } from '../transfer/upload-queue.ts';
import { clientName } from './client-name.ts';
import type { KnownBy } from './former-peers.ts';
import { addNewest } from './keep-newest.ts';
import type { PeerHost } from './peer-host.ts';
import { ReadGate } from './read-gate.ts';
import { Turn } from './turn.ts';

const SUGGESTED_LIMIT = 16;

export interface PeerConnectionOptions {
  readonly key: PeerKey;
  readonly host: PeerHost<PeerConnection>;
  readonly transport: Transport;
  readonly source: PeerSource;
  readonly peerId: PeerId;
  readonly layout: PieceLayout | undefined;
  /** Both sides speak it: BEP 6, BEP 10. */
  readonly fast: boolean;
  readonly extended: boolean;
  /** The peer says that it runs a DHT node: BEP 5. */
  readonly dht: boolean;
  readonly isEncrypted: boolean;
}

export class PeerConnection implements TransportSink, SessionSink, KnownBy {
  readonly key: PeerKey;
  readonly transport: Transport;
  readonly session: PeerSession;
  readonly source: PeerSource;
  readonly peerId: PeerId;
  readonly supportsFast: boolean;
  readonly supportsExtended: boolean;
  readonly supportsDht: boolean;
  readonly isEncrypted: boolean;
  readonly connectedAtMs: number;
  readonly down: RateMeter;
  readonly up: RateMeter;
  readonly requests = new RequestQueue();
  readonly uploads = new UploadQueue();
  readonly turn: Turn;
  /** BEP 6: pieces we may ask for while it chokes us. */
  readonly allowedToUs = new Set<number>();
  /** Those it may ask for while we choke it, and the bytes of each that it was lent (`allowed-fast.ts`). */
  readonly allowedToThem = new Map<number, number>();
  /** Extension name -> the id the peer wants it sent with (BEP 10). */
  extensions: ReadonlyMap<string, number> = new Map();
  /** What it has, of a length of 0 until the metadata is there. */
  pieces: Bitfield;
  /** It has all pieces. */
  isSeeder = false;
  /** It says that it downloads nothing (BEP 21). */
  isUploadOnly = false;
  /** Pieces it has that we want and lack: above 0 is interesting. */
  usefulCount = 0;
  clientName: string;
  /** Where it listens, once known: its address when we dialled it, else from its handshake. */
  listenAddress: PeerAddress | undefined;
  isSnubbed = false;
  /** It was closed for a message that the protocol forbids. */
  brokeProtocol = false;
  isOptimistic = false;
  lastBlockAtMs: number;
  lastReceivedAtMs: number;
  lastSentAtMs: number;
  /** Pieces to ask it for before all others: by hand. */
  readonly urgent = new Set<number>();
  /** Bytes it took of each piece that was offered to it by hand. */
  readonly offered = new Map<number, number>();
  /** Pieces it advised us to fetch from it, newest last (BEP 6). */
  readonly suggested = new Set<number>();
  /** The piece fetched last; -1 for none. */
  lastPiece = -1;
  readonly #host: PeerHost<PeerConnection>;
  readonly #gate: ReadGate;
  #closed = false;
  #closeReason: string | undefined;

  constructor(options: PeerConnectionOptions) {
    this.key = options.key;
    this.#host = options.host;
    this.transport = options.transport;
    this.#gate = new ReadGate(options.transport);
    this.source = options.source;
    this.peerId = options.peerId;
    this.supportsFast = options.fast;
    this.supportsExtended = options.extended;
    this.supportsDht = options.dht;
    this.isEncrypted = options.isEncrypted;
    this.clientName = clientName(options.peerId);
    this.listenAddress = this.dialled;
    this.pieces = new Bitfield(options.layout?.pieceCount ?? 0);
    const nowMs = options.host.nowMs();
    this.connectedAtMs = nowMs;
    this.down = new RateMeter(nowMs);
    this.up = new RateMeter(nowMs);
    this.turn = new Turn(this.up, this.uploads);
    this.lastBlockAtMs = nowMs;
    this.lastReceivedAtMs = nowMs;
    this.lastSentAtMs = nowMs;
    this.session = new PeerSession({
      sink: this,
      layout: options.layout,
      fast: options.fast,
      extended: options.extended,
    });
  }

  get address(): PeerAddress {
    return this.transport.remote;
  }

  get dialled(): PeerAddress | undefined {
    return this.transport.incoming ? undefined : this.transport.remote;
  }

  get isClosed(): boolean {
    return this.#closed;
  }

  /** Since when so much waits for it that we do not listen to it either. */
  get deafSinceMs(): number | undefined {
    return this.#gate.closedAtMs;
  }

  /** The metadata came: what the peer said of its pieces until now is checked and passed on. */
  setLayout(layout: PieceLayout): void {
    this.pieces = new Bitfield(layout.pieceCount);
    this.#guard(() => this.session.setLayout(layout));
  }

  send(message: Message): void {
    if (this.#closed) return;
    this.sendBytes(this.session.send(message));
  }

  /** Sends bytes that were encoded elsewhere (requests, blocks). */
  sendBytes(bytes: Uint8Array, written?: () => void): void {
    this.lastSentAtMs = this.#host.nowMs();
    if (!this.transport.write(bytes, written)) this.#gate.handleFull(this.lastSentAtMs);
  }

  /** Ends the connection; `reason` is for people. */
  close(reason: string): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#closeReason = reason;
    this.session.stop();
    this.transport.close();
    this.#host.listener.handleClosed(this, reason);
  }

  // From the transport.

  handleBytes(bytes: Uint8Array, length: number): void {
    if (this.#closed) return;
    this.lastReceivedAtMs = this.#host.nowMs();
    this.#guard(() => this.session.receive(bytes, length));
    if (this.#closed) return;
    this.#host.blocks?.refill(this);
    if (this.uploads.size > 0) this.#host.requests?.pump(this);
  }

  handleDrain(): void {
    if (this.#closed) return;
    this.#gate.handleDrain();
    this.#host.requests?.pump(this);
  }

  handleClose(error: Error | undefined): void {
    this.close(this.#closeReason ?? error?.message ?? 'closed by the peer');
  }

  /** The one place where a peer's faults are caught; any other error is ours and surfaces. */
  #guard(run: () => void): void {
    try {
      run();
    } catch (error) {
      if (!(error instanceof WireError)) throw error;
      this.brokeProtocol = true;
      this.close(error.message);
    }
  }

  // From the session.

  handleChoke(): void {
    this.#host.blocks?.handleChoke(this);
  }

  handleUnchoke(): void {
    this.#host.blocks?.refill(this);
  }

  handleInterested(): void {
    this.#host.listener.handleInterest(this);
  }

  handleNotInterested(): void {
    this.#host.listener.handleInterest(this);
  }

  handleHave(pieceIndex: PieceIndex): void {
    this.#host.listener.handleHave(this, pieceIndex);
  }

  handleBitfield(pieces: Bitfield): void {
    this.#host.listener.handleBitfield(this, pieces);
  }

  handleRequest(pieceIndex: PieceIndex, begin: number, length: number): void {
    this.#host.requests?.handleRequest(this, pieceIndex, begin, length);
  }

  handleCancel(pieceIndex: PieceIndex, begin: number, length: number): void {
    this.#host.requests?.handleCancel(this, pieceIndex, begin, length);
  }

  blockTarget(pieceIndex: PieceIndex, begin: number, length: number): Uint8Array | undefined {
    return this.#host.blocks?.blockTarget(this, pieceIndex, begin, length);
  }

  handleBlock(pieceIndex: PieceIndex, begin: number, length: number, stored: boolean): void {
    this.#host.blocks?.handleBlock(this, pieceIndex, begin, length, stored);
  }

  handleReject(pieceIndex: PieceIndex, begin: number, length: number): void {
    this.#host.blocks?.handleReject(this, pieceIndex, begin, length);
  }

  handleSuggest(pieceIndex: PieceIndex): void {
    addNewest(this.suggested, pieceIndex, SUGGESTED_LIMIT);
  }

  handleAllowedFast(pieceIndex: PieceIndex): void {
    this.allowedToUs.add(pieceIndex);
    this.#host.blocks?.refill(this);
  }

  handlePort(port: number): void {
    this.#host.listener.handlePort(this, port);
  }

  handleExtended(extendedId: number, payload: Uint8Array): void {
    this.#host.listener.handleExtended(this, extendedId, payload);
  }
}
