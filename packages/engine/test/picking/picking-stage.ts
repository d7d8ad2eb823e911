/** Peers and trackers as plain facts, to pick blocks from. */
import { seededRandom } from '@shoal/testkit';
import { Bitfield, BLOCK_LENGTH, type PieceIndex, PieceLayout } from '@shoal/units';
import { type PickingOptions, type PickingPeer, pickBlocks } from '../../src/picking/picker.ts';
import { PieceTracker } from '../../src/picking/piece-tracker.ts';

export const BLOCKS_PER_PIECE = 4;
export const PIECE_COUNT = 10;
export const layout = new PieceLayout(
  PIECE_COUNT * BLOCKS_PER_PIECE * BLOCK_LENGTH,
  BLOCKS_PER_PIECE * BLOCK_LENGTH,
);
export const MANY = 1_000;

export interface Asker extends PickingPeer {
  /** What it was asked for, as `piece.block`. */
  readonly asked: string[];
}

export function makeTracker(seed = 1): PieceTracker {
  return new PieceTracker(layout, seededRandom(seed));
}

/** A tracker that has the first four pieces, so that pieces are picked rarest first. */
export function makeAdvanced(seed = 1): PieceTracker {
  const tracker = makeTracker(seed);
  for (let piece = 0; piece < 4; piece++) tracker.verified(piece as PieceIndex);
  return tracker;
}

export function makePeer(key: number, facts: Partial<PickingPeer> = {}, pieces?: number[]): Asker {
  const field = new Bitfield(PIECE_COUNT);
  if (pieces === undefined) field.fill();
  else for (const piece of pieces) field.add(piece);
  const asked: string[] = [];
  return {
    key,
    pieces: field,
    onlyPieces: undefined,
    refusedPieces: new Set(),
    lastPiece: -1,
    hasDelivered: true,
    hasRequested: (piece, block) => asked.includes(`${piece.index}.${block}`),
    get requestCount() {
      return asked.length;
    },
    asked,
    ...facts,
  };
}

/** Picks, and returns the pieces of the picked blocks in order, each once. */
export function pick(
  tracker: PieceTracker,
  peer: Asker,
  count: number,
  options: Partial<PickingOptions> = {},
): number[] {
  const pieces = new Set<number>();
  const given: PickingOptions = {
    sequential: false,
    activeLimit: Number.POSITIVE_INFINITY,
    nowMs: 0,
    urgent: new Set(),
    ...options,
  };
  pickBlocks(tracker, peer, count, given, (piece, block) => {
    peer.asked.push(`${piece.index}.${block}`);
    pieces.add(piece.index);
  });
  return [...pieces];
}
