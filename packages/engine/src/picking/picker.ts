/**
 * Which blocks to ask a peer for next: data in, decisions out.
 *
 * In this order:
 * 1. pieces that were asked for by hand, at once;
 * 2. free blocks of pieces this peer has begun;
 * 3. free blocks of pieces whose peer left, or which are slow (open to all after OPEN_AFTER_MS);
 * 4. a new piece: one the peer advises, else sequential, or random for the first four, then rarest first;
 * 5. free blocks of any begun piece, unless it failed before: that one is its owner's alone;
 * 6. endgame: nothing is free that anyone could send, so ask a second peer for a block that is on its way.
 *
 * @see BEP 3 ("rarest first", "random first piece", "endgame mode")
 */
import type { Bitfield, PieceIndex, PieceLayout } from '@shoal/units';
import type { ActivePiece, PeerKey } from './active-piece.ts';
import type { PieceTracker } from './piece-tracker.ts';

/** A piece its owner does not finish in this time is open to everyone. */
const OPEN_AFTER_MS = 10_000;
/** A piece that failed before is left to its owner for longer, to find out who lies. */
const SOLO_OPEN_AFTER_MS = 60_000;
/** So many pieces are picked at random before rarest-first: to have something to trade soon. */
const RANDOM_FIRST_PIECES = 4;
/** Neighbours are picked one after the other inside so many bytes: they read and write faster. */
const RUN_LENGTH = 1024 * 1024;
/** In endgame a block is asked of at most so many peers; the last place is for one that delivers. */
const ENDGAME_COPIES = 3;
/** A peer gets endgame blocks only while fewer than this are under way with it. */
const ENDGAME_REQUESTS = 8;

/** What the picker needs to know of the peer it picks for. */
export interface PickingPeer {
  readonly key: PeerKey;
  readonly pieces: Bitfield;
  /** While it chokes us only these may be asked for (BEP 6); undefined when it does not choke us. */
  readonly onlyPieces: ReadonlySet<number> | undefined;
  /** Pieces it has but does not give now: it rejected a request for them. */
  readonly refusedPieces: ReadonlySet<number>;
  /** Pieces it holds ready and advises (BEP 6): begun before others. */
  readonly suggested?: ReadonlySet<number>;
  /** The piece it fetched last, to go on with the neighbour; -1 for none. */
  readonly lastPiece: number;
  hasRequested(piece: ActivePiece, block: number): boolean;
  readonly requestCount: number;
  /** It has sent blocks, and does not snub us. */
  readonly hasDelivered: boolean;
}

export interface PickingOptions {
  readonly sequential: boolean;
  /** Bytes that pieces under way may take in memory. */
  readonly activeLimit: number;
  readonly nowMs: number;
  /** Pieces asked for by hand. */
  readonly urgent: ReadonlySet<number>;
}

/**
 * Picks up to `count` blocks and marks them as requested in the tracker.
 * @param emit - called for each: the piece and the block number in it
 * @returns how many were picked
 */
export function pickBlocks(
  tracker: PieceTracker,
  peer: PickingPeer,
  count: number,
  options: PickingOptions,
  emit: (piece: ActivePiece, block: number) => void,
): number {
  let left = count;
  const drain = (piece: ActivePiece): void => {
    while (left > 0) {
      const block = piece.takeFree();
      if (block === undefined) return;
      left--;
      emit(piece, block);
    }
  };
  const accepts = (piece: number): boolean =>
    peer.pieces.has(piece) &&
    (peer.onlyPieces === undefined || peer.onlyPieces.has(piece)) &&
    (peer.refusedPieces.size === 0 || !peer.refusedPieces.has(piece));
  const drainActive = (eligible: (piece: ActivePiece) => boolean): void => {
    for (const piece of tracker.active.values()) {
      if (left === 0) return;
      if (piece.freeCount > 0 && accepts(piece.index) && eligible(piece)) drain(piece);
    }
  };

  if (options.urgent.size > 0) {
    drainActive((piece) => options.urgent.has(piece.index));
    for (const index of options.urgent) {
      if (left === 0) break;
      if (!tracker.order.has(index) || !accepts(index)) continue;
      drain(tracker.start(index as PieceIndex, peer.key, options.nowMs));
    }
  }
  drainActive((piece) => piece.owner === peer.key);
  const isOpen = ({ owner, startedAtMs, isSolo }: ActivePiece): boolean =>
    owner === 0 || options.nowMs - startedAtMs > (isSolo ? SOLO_OPEN_AFTER_MS : OPEN_AFTER_MS);
  drainActive(isOpen);
  let near = neighbourOf(tracker.layout, peer.lastPiece);
  while (left > 0 && mayStart(tracker, options.activeLimit)) {
    const index =
      suggestedPiece(tracker, peer, accepts) ?? nextPiece(tracker, accepts, options, near);
    if (index === undefined) break;
    near = neighbourOf(tracker.layout, index);
    drain(tracker.start(index as PieceIndex, peer.key, options.nowMs));
  }
  if (left > 0) drainActive(({ isSolo }) => !isSolo);
  if (left > 0 && tracker.pickableCount === 0)
    left -= pickEndgame(tracker, peer, Math.min(left, ENDGAME_REQUESTS), accepts, emit);
  return count - left;
}

/** Whether memory allows one more piece; one may always be under way, however large. */
export function mayStart(tracker: PieceTracker, activeLimit: number): boolean {
  return tracker.active.size === 0 || tracker.activeLength < activeLimit;
}

function suggestedPiece(
  tracker: PieceTracker,
  { suggested }: PickingPeer,
  accepts: (piece: number) => boolean,
): number | undefined {
  for (const piece of suggested ?? []) if (tracker.order.has(piece) && accepts(piece)) return piece;
  return undefined;
}

/**
 * The piece to go on with; -1 for none. Runs end: leechers of one seeder whose runs meet would go
 * the same way from there, and have nothing to trade.
 */
function neighbourOf({ pieceLength }: PieceLayout, piece: number): number {
  const runOf = (n: number): number => Math.floor((n * pieceLength) / RUN_LENGTH);
  return piece >= 0 && runOf(piece + 1) === runOf(piece) ? piece + 1 : -1;
}

function nextPiece(
  tracker: PieceTracker,
  accepts: (piece: number) => boolean,
  options: PickingOptions,
  near: number,
): number | undefined {
  if (options.sequential) return firstInOrder(tracker, accepts);
  if (tracker.have.count < RANDOM_FIRST_PIECES && tracker.active.size < RANDOM_FIRST_PIECES)
    return tracker.order.random(accepts);
  return tracker.order.first(accepts, near);
}

function firstInOrder(
  tracker: PieceTracker,
  accepts: (piece: number) => boolean,
): number | undefined {
  for (let piece = tracker.firstPickable(); piece < tracker.layout.pieceCount; piece++)
    if (tracker.order.has(piece) && accepts(piece)) return piece;
  return undefined;
}

function pickEndgame(
  tracker: PieceTracker,
  peer: PickingPeer,
  count: number,
  accepts: (piece: number) => boolean,
  emit: (piece: ActivePiece, block: number) => void,
): number {
  let picked = 0;
  if (peer.requestCount >= ENDGAME_REQUESTS) return 0;
  const copies = peer.hasDelivered ? ENDGAME_COPIES : ENDGAME_COPIES - 1;
  // Not yet endgame: someone else can take those that are free.
  for (const piece of tracker.active.values())
    if (piece.freeCount > 0 && !piece.isStranded) return 0;
  for (const piece of tracker.active.values()) {
    if (!accepts(piece.index) || piece.isSolo) continue;
    for (let block = 0; block < piece.blockCount && picked < count; block++) {
      if (piece.isReceived(block) || piece.requestCount(block) >= copies) continue;
      if (piece.isWritten(block)) continue; // a copy could not be stored beside it
      if (peer.hasRequested(piece, block)) continue;
      piece.requested(block);
      picked++;
      emit(piece, block);
    }
  }
  return picked;
}
