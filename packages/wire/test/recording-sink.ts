/** A session's owner that writes down what it is told. */
import type { Bitfield, PieceIndex } from '@shoal/units';
import type { SessionSink } from '../src/index.ts';
import { toHex } from './vectors.ts';

/** One call, as [what, ...arguments]; bytes are in hex. */
export type Call = readonly (string | number | boolean)[];

export class RecordingSink implements SessionSink {
  readonly calls: Call[] = [];
  /** Buffers handed out by piece index: `blockTarget` gives none for other pieces. */
  readonly pieces = new Map<number, Uint8Array>();

  handleChoke(): void {
    this.calls.push(['choke']);
  }
  handleUnchoke(): void {
    this.calls.push(['unchoke']);
  }
  handleInterested(): void {
    this.calls.push(['interested']);
  }
  handleNotInterested(): void {
    this.calls.push(['not-interested']);
  }
  handleHave(pieceIndex: PieceIndex): void {
    this.calls.push(['have', pieceIndex]);
  }
  handleBitfield(pieces: Bitfield): void {
    this.calls.push(['bitfield', toHex(pieces.bytes), pieces.count]);
  }
  handleRequest(pieceIndex: PieceIndex, begin: number, length: number): void {
    this.calls.push(['request', pieceIndex, begin, length]);
  }
  handleCancel(pieceIndex: PieceIndex, begin: number, length: number): void {
    this.calls.push(['cancel', pieceIndex, begin, length]);
  }
  blockTarget(pieceIndex: PieceIndex): Uint8Array | undefined {
    return this.pieces.get(pieceIndex);
  }
  handleBlock(pieceIndex: PieceIndex, begin: number, length: number, stored: boolean): void {
    const piece = stored ? this.pieces.get(pieceIndex)! : new Uint8Array(0);
    this.calls.push([
      'block',
      pieceIndex,
      begin,
      length,
      toHex(piece.slice(begin, begin + length)),
    ]);
  }
  handleReject(pieceIndex: PieceIndex, begin: number, length: number): void {
    this.calls.push(['reject', pieceIndex, begin, length]);
  }
  handleSuggest(pieceIndex: PieceIndex): void {
    this.calls.push(['suggest', pieceIndex]);
  }
  handleAllowedFast(pieceIndex: PieceIndex): void {
    this.calls.push(['allowed-fast', pieceIndex]);
  }
  handlePort(port: number): void {
    this.calls.push(['port', port]);
  }
  handleExtended(extendedId: number, payload: Uint8Array): void {
    this.calls.push(['extended', extendedId, toHex(payload)]);
  }
}
