/** The state of one connection after the handshake: bytes in, calls to the sink and bytes out. */
import type { PieceLayout } from '@shoal/units';
import { encodeMessage } from './encode.ts';
import { FrameLimits } from './frame-limits.ts';
import { FrameReader } from './frame-reader.ts';
import { IncomingMessages } from './incoming-messages.ts';
import { MoveChecker } from './legal-moves.ts';
import { DEFAULT_WIRE_LIMITS, type WireLimits } from './limits.ts';
import type { Message } from './message.ts';
import { RequestGuard } from './request-guard.ts';
import type { SessionSink } from './session-sink.ts';

export interface PeerSessionOptions {
  readonly sink: SessionSink;
  /** Undefined while the metadata is unknown; then `setLayout` follows. */
  readonly layout: PieceLayout | undefined;
  /** Both handshakes had the bit of BEP 6. */
  readonly fast: boolean;
  /** Both handshakes had the bit of BEP 10. */
  readonly extended: boolean;
  readonly limits?: Partial<WireLimits>;
}

/**
 * One session of the peer wire protocol. No socket, no timer.
 *
 * A remote fault is a `WireError` from `receive` or `setLayout`, after which the session is
 * stopped; a local one (`send` of what may not be sent) is an `Error`: our bug.
 */
export class PeerSession {
  readonly #incoming: IncomingMessages;
  readonly #reader: FrameReader;
  readonly #frameLimits: FrameLimits;
  readonly #guard: RequestGuard;
  readonly #moves: MoveChecker;
  #amInterested = false;
  #stopped = false;

  constructor(options: PeerSessionOptions) {
    const limits = { ...DEFAULT_WIRE_LIMITS, ...options.limits };
    this.#guard = new RequestGuard(limits);
    this.#moves = new MoveChecker(options);
    this.#frameLimits = new FrameLimits(limits);
    this.#incoming = new IncomingMessages(options.sink, limits, this.#guard, options);
    this.#reader = new FrameReader(this.#incoming, this.#frameLimits);
    if (options.layout !== undefined) this.setLayout(options.layout);
  }

  get amChoking(): boolean {
    return this.#guard.amChoking;
  }

  get amInterested(): boolean {
    return this.#amInterested;
  }

  get peerChoking(): boolean {
    return this.#incoming.peerChoking;
  }

  get peerInterested(): boolean {
    return this.#incoming.peerInterested;
  }

  /** Whether a request for this piece is legal now: the peer does not choke us, or allowed it fast. */
  mayRequest(pieceIndex: number): boolean {
    return this.#incoming.mayRequest(pieceIndex);
  }

  /**
   * Takes the next bytes of the stream, `bytes[0..length)`, and calls the sink as it goes. Nothing
   * refers to `bytes` afterwards. After `stop` it does nothing.
   * @throws WireError when the peer broke the protocol; no code of the handshakes or of extension payloads
   */
  receive(bytes: Uint8Array, length: number): void {
    if (this.#stopped) return;
    try {
      this.#reader.receive(bytes, length);
    } catch (error) {
      this.stop();
      throw error;
    }
  }

  /** Ends the session, also from inside a method of the sink: no call follows. */
  stop(): void {
    this.#stopped = true;
    this.#reader.stop();
  }

  /** Drains the rest of the block that is coming; `handleBlock` says then that it is not stored. */
  dropBlock(): void {
    this.#reader.dropBlock();
  }

  /**
   * The metadata has come: what the peer announced until now is checked and handed to the sink.
   * @throws WireError `wrong-bitfield`, `no-such-piece`
   */
  setLayout(layout: PieceLayout): void {
    if (this.#stopped) return;
    this.#frameLimits.setLayout(layout);
    try {
      this.#incoming.setLayout(layout, () => this.#stopped);
    } catch (error) {
      this.stop();
      throw error;
    }
  }

  /**
   * Keeps our flags and gives the bytes to send.
   * @throws Error when the message is not legal at this point: a fault of ours
   */
  send(message: Message): Uint8Array {
    const fault = this.#moves.fault(message.type);
    if (fault !== undefined) throw new Error(`must not send ${message.type}: ${fault}`);
    switch (message.type) {
      case 'choke':
      case 'unchoke':
        this.#guard.setChoking(message.type === 'choke');
        break;
      case 'interested':
      case 'not-interested':
        this.#amInterested = message.type === 'interested';
        break;
      case 'allowed-fast':
        this.#guard.allowFast(message.pieceIndex);
        break;
      case 'request':
        if (!this.mayRequest(message.pieceIndex))
          throw new Error(`must not request piece ${message.pieceIndex}: the peer chokes us`);
        break;
    }
    return encodeMessage(message);
  }
}
