/** All pieces of a torrent in as many cells as the screen has. */
import type { Bitfield } from '@shoal/units';

/**
 * What the pieces of one cell are, the first that fits:
 * one is being fetched · we have all · we have some · nobody connected has one of them ·
 * one of them is with one or two peers only · each is with three peers or more.
 */
export type CellKind = 'active' | 'have' | 'partly' | 'none' | 'rare' | 'common';

/** How each kind looks without colour. */
export const CELL_GLYPHS: Readonly<Record<CellKind, string>> = {
  have: '■',
  partly: '▣',
  active: '◆',
  common: '□',
  rare: '▫',
  none: '·',
};

const RARE_PEERS = 2;

export interface PieceMap {
  readonly piecesPerCell: number;
  readonly cells: readonly CellKind[];
}

export interface PieceFacts {
  readonly pieceCount: number;
  readonly pieces: Bitfield;
  readonly activePieces: readonly number[];
  readonly availability: Uint8Array;
}

/** @param maxCells - how many cells there is room for, at least 1 */
export function pieceMap(facts: PieceFacts, maxCells: number): PieceMap {
  const piecesPerCell = Math.max(1, Math.ceil(facts.pieceCount / Math.max(1, maxCells)));
  const active = new Set(facts.activePieces.map((index) => Math.floor(index / piecesPerCell)));
  const cellCount = Math.ceil(facts.pieceCount / piecesPerCell);
  const cells = Array.from({ length: cellCount }, (_, cell): CellKind => {
    if (active.has(cell)) return 'active';
    const from = cell * piecesPerCell;
    return cellKind(facts, from, Math.min(from + piecesPerCell, facts.pieceCount));
  });
  return { piecesPerCell, cells };
}

function cellKind(facts: PieceFacts, from: number, to: number): CellKind {
  let haveCount = 0;
  let fewest = 255;
  for (let index = from; index < to; index++) {
    if (facts.pieces.has(index)) haveCount++;
    else fewest = Math.min(fewest, facts.availability[index] ?? 0);
  }
  if (haveCount === to - from) return 'have';
  if (haveCount > 0) return 'partly';
  if (fewest === 0) return 'none';
  return fewest <= RARE_PEERS ? 'rare' : 'common';
}

/** A line of the map as runs of equal cells, so that each run is painted once. */
export function cellRuns(cells: readonly CellKind[]): { kind: CellKind; length: number }[] {
  const runs: { kind: CellKind; length: number }[] = [];
  for (const kind of cells) {
    const last = runs.at(-1);
    if (last?.kind === kind) last.length++;
    else runs.push({ kind, length: 1 });
  }
  return runs;
}
