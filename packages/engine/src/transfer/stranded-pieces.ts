/** Begun pieces that no connected peer can finish: which they are, and when to give them up. Data in, decisions out. */
import type { PeerConnection } from '../peers/peer-connection.ts';
import type { ActivePiece } from '../picking/active-piece.ts';
import type { PieceTracker } from '../picking/piece-tracker.ts';

/** A peer that has sent nothing for this long, and is asked for nothing, waits for memory. */
const IDLE_MS = 5_000;

/**
 * Says of each begun piece whether it is stranded: it has free blocks, and nobody to ask for them.
 * Until that is said anew it may be out of date, which does no harm: a peer that can send them is
 * asked at once, and then it is not stranded.
 * @returns whether any is
 */
export function markStranded(tracker: PieceTracker, peers: Iterable<PeerConnection>): boolean {
  const awake = [...peers].filter((peer) => !peer.isSnubbed);
  let isAny = false;
  for (const piece of tracker.active.values()) {
    piece.isStranded = piece.freeCount > 0 && !awake.some((peer) => gives(peer, piece.index));
    isAny ||= piece.isStranded;
  }
  return isAny;
}

/** The stranded pieces, those first of which the least is here: giving them up loses that. */
export function strandedPieces(tracker: PieceTracker): ActivePiece[] {
  return [...tracker.active.values()]
    .filter(({ isStranded }) => isStranded)
    .sort((a, b) => a.receivedCount - b.receivedCount);
}

/** Whether a peer does nothing for us, and would send pieces that are not begun. */
export function isKeptWaiting(peer: PeerConnection, tracker: PieceTracker, nowMs: number): boolean {
  const { requests, usefulCount } = peer;
  if (peer.session.peerChoking || peer.isSnubbed || usefulCount === 0) return false;
  if (requests.size > 0 || nowMs - peer.lastBlockAtMs < IDLE_MS) return false;
  let begunCount = tracker.verifyingCount + requests.refusedPieces.size;
  for (const index of tracker.active.keys()) if (peer.pieces.has(index)) begunCount++;
  return usefulCount > begunCount;
}

function gives(peer: PeerConnection, pieceIndex: number): boolean {
  if (!peer.pieces.has(pieceIndex) || peer.requests.refusedPieces.has(pieceIndex)) return false;
  return !peer.session.peerChoking || (peer.supportsFast && peer.allowedToUs.has(pieceIndex));
}
