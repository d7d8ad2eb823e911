/** Whether a peer that drips a block keeps it from others. Data in, decisions out. */
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
  if (!isSlow(peer, nowMs) || tracker.pickableCount > 0) return false;
  const { index } = peer.requests.arrivingPiece!;
  for (const other of peers) {
    if (other === peer || isSlow(other, nowMs) || other.isSnubbed) continue;
    const hasDelivered = other.down.total > 0;
    if (hasDelivered && !other.session.peerChoking && other.pieces.has(index)) return true;
  }
  return false;
}

function isSlow({ requests }: PeerConnection, nowMs: number): boolean {
  return requests.arrivingPiece !== undefined && nowMs - requests.arrivingSinceMs >= SLOW_BLOCK_MS;
}
