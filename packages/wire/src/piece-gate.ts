/** The gate for piece numbers from a peer. Every index and block passes here before it is used. */
import type { PieceIndex, PieceLayout } from '@shoal/units';
import { WireError } from './wire-error.ts';

/** @throws WireError `no-such-piece` */
export function checkedPiece(layout: PieceLayout, pieceIndex: number): PieceIndex {
  const piece = layout.pieceIndex(pieceIndex);
  if (piece !== undefined) return piece;
  const limit = layout.pieceCount;
  const details = { got: pieceIndex, limit };
  throw new WireError('no-such-piece', `piece ${pieceIndex} of ${limit} pieces`, details);
}

/**
 * The piece of a block that has at least one byte and lies inside it.
 * @throws WireError `no-such-piece`, `outside-piece`
 */
export function checkedBlock(
  layout: PieceLayout,
  pieceIndex: number,
  begin: number,
  length: number,
): PieceIndex {
  const piece = checkedPiece(layout, pieceIndex);
  if (layout.isInside(piece, begin, length)) return piece;
  const limit = layout.lengthOf(piece);
  const message = `block at ${begin} of ${length} bytes in a piece of ${limit} bytes`;
  throw new WireError('outside-piece', message, { got: begin + length, limit });
}
