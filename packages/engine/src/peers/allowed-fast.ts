/** Lets a newcomer have a few pieces while it is choked, so that it has something to trade. BEP 6. */
import {
  type Bitfield,
  type InfoHash,
  type PieceIndex,
  type PieceLayout,
  parseIp,
} from '@shoal/units';
import { allowedFastSet } from '@shoal/wire';
import type { PeerConnection } from './peer-connection.ts';

/** Pieces in the set; also how many a peer may have and still be a newcomer. BEP 6: k = 10. */
const SET_SIZE = 10;

/** Sends the part of the peer's set that we have; nothing to peers that have pieces to trade. */
export function sendAllowedFast(peer: PeerConnection, infoHash: InfoHash, have: Bitfield): void {
  const ip = parseIp(peer.address.host)!;
  const isNewcomer = peer.pieces.count < SET_SIZE && have.length > SET_SIZE;
  if (!peer.supportsFast || ip.length !== 4 || !isNewcomer || have.count === 0) return;
  for (const pieceIndex of allowedFastSet(ip, infoHash, have.length, SET_SIZE)) {
    if (!have.has(pieceIndex)) continue;
    peer.allowedToThem.set(pieceIndex, 0);
    peer.send({ type: 'allowed-fast', pieceIndex });
  }
}

/**
 * Whether a peer that we choke may have these bytes: of a piece that was lent to it, each once, and
 * while it has little to trade. Else it would be served for ever without a slot.
 */
export function lend(
  { allowedToThem, pieces }: PeerConnection,
  pieceIndex: PieceIndex,
  length: number,
  layout: PieceLayout,
): boolean {
  const taken = allowedToThem.get(pieceIndex);
  if (taken === undefined || pieces.count >= SET_SIZE) return false;
  if (taken + length > layout.lengthOf(pieceIndex)) return false;
  allowedToThem.set(pieceIndex, taken + length);
  return true;
}

/** It does without these bytes that were lent to it: it may ask for them once more. */
export function takeBack(
  { allowedToThem }: PeerConnection,
  pieceIndex: number,
  length: number,
): void {
  const taken = allowedToThem.get(pieceIndex);
  if (taken !== undefined) allowedToThem.set(pieceIndex, Math.max(0, taken - length));
}
