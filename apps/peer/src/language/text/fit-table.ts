/** A table that fits on a screen: what tells least gives way, one column is cut. */
import { COLUMN_GAP, placeColumns } from '../../tui/format/columns.ts';
import { fit, textWidth } from '../../tui/format/fit.ts';

export interface TextColumn {
  /** One for each row. */
  readonly cells: readonly string[];
  /** It is cut where the line is too narrow (one column at most); the others never are. */
  readonly isCut?: boolean;
  /** Columns with a higher number are left out first; 0 (or none) stays. */
  readonly drop?: number;
}

/** What is left of the column that is cut, before others are left out for it. */
const MIN_CUT = 16;
/** As much of it where no width is known. */
const MAX_CUT = 60;

/** @param width - columns of a line; undefined where nobody knows: nothing is left out */
export function fitTable(columns: readonly TextColumn[], width: number | undefined): string {
  const wishes = columns.map((column) => ({
    ...column,
    widest: column.cells.reduce((most, cell) => Math.max(most, textWidth(cell)), 0),
  }));
  const placed =
    width === undefined
      ? wishes.map((column) => ({ column, width: column.isCut ? MAX_CUT : column.widest }))
      : placeColumns(
          wishes.map((column) => ({ ...column, width: column.isCut ? 'rest' : column.widest })),
          width,
          Math.min(MIN_CUT, wishes.find(({ isCut }) => isCut)?.widest ?? 0),
        );
  const rowCount = columns[0]?.cells.length ?? 0;
  return Array.from({ length: rowCount }, (_, row) =>
    placed
      .map(({ column, width: room }) => fit(column.cells[row]!, Math.min(room, column.widest)))
      .join(' '.repeat(COLUMN_GAP))
      .trimEnd(),
  ).join('\n');
}
