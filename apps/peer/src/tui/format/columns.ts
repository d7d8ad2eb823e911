/** Which columns of a table fit on a line, and how wide they are. */

export interface ColumnWish {
  /** Exact width; `'rest'` takes what the others leave (one column at most). */
  readonly width: number | 'rest';
  /** Columns with a higher number go first when there is no room; 0 (or none) stays. */
  readonly drop?: number;
}

export interface PlacedColumn<Wish extends ColumnWish> {
  readonly column: Wish;
  /** Columns of the terminal. */
  readonly width: number;
}

/** Blank columns between two cells. */
export const COLUMN_GAP = 2;

/**
 * Drops columns until the one that takes the rest has at least `minRest`.
 * @param width - columns of the whole line
 */
export function placeColumns<Wish extends ColumnWish>(
  wishes: readonly Wish[],
  width: number,
  minRest: number,
): PlacedColumn<Wish>[] {
  let kept = [...wishes];
  while (restOf(kept, width) < minRest) {
    const first = Math.max(...kept.map((wish) => wish.drop ?? 0));
    if (first === 0) break;
    kept = kept.filter((wish) => (wish.drop ?? 0) !== first);
  }
  const rest = Math.max(0, restOf(kept, width));
  return kept.map((column) => ({ column, width: column.width === 'rest' ? rest : column.width }));
}

function restOf(wishes: readonly ColumnWish[], width: number): number {
  const fixed = wishes.reduce((sum, wish) => sum + (wish.width === 'rest' ? 0 : wish.width), 0);
  return width - fixed - COLUMN_GAP * (wishes.length - 1);
}
