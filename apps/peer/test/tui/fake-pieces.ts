/** Pieces of a fake torrent. */
import { Bitfield } from '@shoal/units';
import type { Seeded } from './seeded.ts';

const PIECES_WANTED = 1500;

/** A power of two that gives a torrent some thousand pieces. */
export function pieceLengthFor(totalLength: number): number {
  let pieceLength = 16_384;
  while (totalLength / pieceLength > PIECES_WANTED * 2) pieceLength *= 2;
  return pieceLength;
}

/** Pieces in runs, as peers leave them. */
export function somePieces(count: number, share: number, random: Seeded): Bitfield {
  const pieces = new Bitfield(count);
  if (share >= 1) pieces.fill();
  for (let tries = 0; pieces.count < Math.floor(count * share) && tries < count * 20; tries++) {
    const from = random.below(count);
    for (let index = from; index < from + random.below(24); index++) pieces.add(index);
  }
  return pieces;
}

/** How many peers have each piece: stretches of the same, some of them rare. */
export function someAvailability(count: number, peerCount: number, random: Seeded): Uint8Array {
  const availability = new Uint8Array(count);
  for (let index = 0; index < count; ) {
    const level = random.below(10) === 0 ? random.below(3) : random.below(peerCount + 1);
    for (let run = random.below(40) + 5; run > 0 && index < count; run--, index++)
      availability[index] = level;
  }
  return availability;
}
