/** Whether a source that drips a block keeps it from others. Data in, decisions out. */
import type { PieceIndex } from '@shoal/units';
import type { PeerConnection } from '../peers/peer-connection.ts';
import type { PieceTracker } from '../picking/piece-tracker.ts';

/** At the end of a torrent a block is taken from a peer that sends it for longer than this. */
const SLOW_BLOCK_MS = 5_000;

/**
 * Only one peer may write a block, so in endgame who drips one would hold up the whole torrent for
 * a minute. It does not as long as nobody else could send that block.
 */
export function isHoldingUp(
  peer: PeerConnection,
  peers: Iterable<PeerConnection>,
  tracker: PieceTracker,
  nowMs: number,
): boolean {
  const { arrivingPiece, arrivingSinceMs } = peer.requests;
  if (arrivingPiece === undefined) return false;
  return isHeldUp(arrivingPiece.index, nowMs - arrivingSinceMs, peers, tracker, nowMs);
}

/** The same of a block that has been coming for so long from elsewhere. */
export function isHeldUp(
  pieceIndex: PieceIndex,
  comingForMs: number,
  peers: Iterable<PeerConnection>,
  tracker: PieceTracker,
  nowMs: number,
): boolean {
  if (comingForMs < SLOW_BLOCK_MS || tracker.pickableCount > 0) return false;
  for (const peer of peers) {
    if (isSlow(peer, nowMs) || peer.isSnubbed) continue;
    const hasDelivered = peer.down.total > 0;
    if (hasDelivered && !peer.session.peerChoking && peer.pieces.has(pieceIndex)) return true;
  }
  return false;
}

function isSlow({ requests }: PeerConnection, nowMs: number): boolean {
  return requests.arrivingPiece !== undefined && nowMs - requests.arrivingSinceMs >= SLOW_BLOCK_MS;
}
