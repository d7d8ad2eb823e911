/** What a session tells its owner. */
import type { Bitfield, PieceIndex } from '@shoal/units';

/**
 * Called by `PeerSession.receive` in the order of the stream. Every index has passed the layout,
 * every block lies inside its piece; `begin` and `length` are bytes.
 */
export interface SessionSink {
  /** The four flags: called when a flag changes, not when a peer repeats itself. */
  handleChoke(): void;
  handleUnchoke(): void;
  handleInterested(): void;
  handleNotInterested(): void;
  /** Each time one comes, also for a piece that was announced before. */
  handleHave(pieceIndex: PieceIndex): void;
  /**
   * `bitfield`, `have-all` (full) or `have-none` (empty). One that comes after the opening, or after
   * a `handleHave`, adds to what is known of the peer; an empty one comes first or not at all.
   */
  handleBitfield(pieces: Bitfield): void;
  /** Also while we choke: the owner rejects. */
  handleRequest(pieceIndex: PieceIndex, begin: number, length: number): void;
  handleCancel(pieceIndex: PieceIndex, begin: number, length: number): void;
  /**
   * A piece message begins. The body is copied into the returned buffer, which holds the whole
   * piece, at offset `begin`; with undefined it is drained.
   */
  blockTarget(pieceIndex: PieceIndex, begin: number, length: number): Uint8Array | undefined;
  /** The body is whole; `stored` tells whether there was a buffer for it. */
  handleBlock(pieceIndex: PieceIndex, begin: number, length: number, stored: boolean): void;
  handleReject(pieceIndex: PieceIndex, begin: number, length: number): void;
  handleSuggest(pieceIndex: PieceIndex): void;
  /** Once for each piece. */
  handleAllowedFast(pieceIndex: PieceIndex): void;
  /** The UDP port of the peer's DHT node, 1..65535. BEP 5. */
  handlePort(port: number): void;
  /** The payload is the owner's to keep. Id 0 is the extended handshake. BEP 10. */
  handleExtended(extendedId: number, payload: Uint8Array): void;
}
