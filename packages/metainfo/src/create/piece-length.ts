/** Which piece length a new torrent gets. */
import { PieceLayout } from '@shoal/units';
import { DEFAULT_LIMITS } from '../limits.ts';
import { MetainfoError } from '../metainfo-error.ts';

const KIB = 1024;
const MIB = 1024 * KIB;
const MIN_PIECE_LENGTH = 16 * KIB;

/** Transmission's table: content of at least so many bytes gets pieces of so many bytes. */
const TABLE: readonly (readonly [totalLength: number, pieceLength: number])[] = [
  [2048 * MIB, 2 * MIB],
  [1024 * MIB, MIB],
  [512 * MIB, 512 * KIB],
  [350 * MIB, 256 * KIB],
  [150 * MIB, 128 * KIB],
  [50 * MIB, 64 * KIB],
  [0, 32 * KIB],
];
/** Past this the piece length doubles: 5 MiB of hashes, half of what a torrent may have. */
const MAX_DEFAULT_PIECES = 262_144;

/**
 * The piece length for so many bytes of content: Transmission 3.00's choice, so that both make the
 * same torrent of the same files; above 512 GiB longer, so that the torrent stays readable.
 */
export function defaultPieceLength(totalLength: number): number {
  let pieceLength = TABLE.find(([atLeast]) => totalLength >= atLeast)![1];
  while (totalLength / pieceLength > MAX_DEFAULT_PIECES) pieceLength *= 2;
  return pieceLength;
}

/** @throws MetainfoError `unfit-piece-length` unless it is a power of two from 16 KiB to 128 MiB */
export function checkPieceLength(pieceLength: number): void {
  const isPower = Number.isInteger(Math.log2(pieceLength));
  if (!isPower || pieceLength < MIN_PIECE_LENGTH || pieceLength > DEFAULT_LIMITS.maxPieceLength)
    throw new MetainfoError(
      'unfit-piece-length',
      `a piece length of ${pieceLength} bytes is no power of two from 16K to 128M`,
    );
}

/** @throws MetainfoError `unfit-piece-length` when it cuts the content into more pieces than a torrent may have */
export function checkPieceCount(totalLength: number, pieceLength: number): void {
  const { pieceCount } = new PieceLayout(totalLength, pieceLength);
  if (pieceCount > DEFAULT_LIMITS.maxPieces)
    throw new MetainfoError(
      'unfit-piece-length',
      `a piece length of ${pieceLength} bytes makes ${pieceCount} pieces, limit ${DEFAULT_LIMITS.maxPieces}`,
    );
}
