/** Rows as lines with columns that stand below each other. */
import { fitTable } from './fit-table.ts';

/** Each cell is one line of clean text; every column is as wide as its widest cell. */
export function formatTable(rows: readonly (readonly string[])[]): string {
  const columnCount = rows.reduce((most, row) => Math.max(most, row.length), 0);
  const columns = Array.from({ length: columnCount }, (_, at) => ({
    cells: rows.map((row) => row[at] ?? ''),
  }));
  return fitTable(columns, undefined);
}
