/** What a connection talks to: who hears of blocks, of requests, and of all the rest. */
import type { Bitfield, PieceIndex } from '@shoal/units';

/** Blocks come in: who is asked for what. */
export interface BlockReceiver<Peer> {
  blockTarget(
    peer: Peer,
    pieceIndex: PieceIndex,
    begin: number,
    length: number,
  ): Uint8Array | undefined;
  /** @throws WireError for what no request asks for */
  handleBlock(
    peer: Peer,
    pieceIndex: PieceIndex,
    begin: number,
    length: number,
    stored: boolean,
  ): void;
  handleReject(peer: Peer, pieceIndex: PieceIndex, begin: number, length: number): void;
  handleChoke(peer: Peer): void;
  /** Asks for more; called once after each read, and when the peer unchokes or allows. */
  refill(peer: Peer): void;
}

/** Requests come in. */
export interface RequestReceiver<Peer> {
  /** @throws WireError for a flood */
  handleRequest(peer: Peer, pieceIndex: PieceIndex, begin: number, length: number): void;
  handleCancel(peer: Peer, pieceIndex: PieceIndex, begin: number, length: number): void;
  /** The transport has room again. */
  pump(peer: Peer): void;
}

/** What the swarm of a torrent hears of its peers. */
export interface PeerListener<Peer> {
  handleBitfield(peer: Peer, pieces: Bitfield): void;
  handleHave(peer: Peer, pieceIndex: PieceIndex): void;
  handleInterest(peer: Peer): void;
  /** @throws WireError for a broken payload, or a flood */
  handleExtended(peer: Peer, extendedId: number, payload: Uint8Array): void;
  handlePort(peer: Peer, port: number): void;
  /** Called exactly once. */
  handleClosed(peer: Peer, reason: string): void;
}

/** The parts of a torrent a connection talks to. Blocks and requests only once the metadata is there. */
export interface PeerHost<Peer> {
  readonly listener: PeerListener<Peer>;
  readonly blocks: BlockReceiver<Peer> | undefined;
  readonly requests: RequestReceiver<Peer> | undefined;
  nowMs(): number;
}
