/** Rows as lines with columns that stand below each other. */
import stringWidth from 'string-width';

const GAP = '  ';

/** Each cell is one line of clean text; the last column is as wide as it is. */
export function formatTable(rows: readonly (readonly string[])[]): string {
  const widths: number[] = [];
  for (const row of rows)
    for (const [at, cell] of row.entries())
      widths[at] = Math.max(widths[at] ?? 0, stringWidth(cell));
  return rows
    .map((row) =>
      row
        .map((cell, at) => cell + pad(cell, widths[at]!))
        .join(GAP)
        .trimEnd(),
    )
    .join('\n');
}

function pad(cell: string, width: number): string {
  return ' '.repeat(width - stringWidth(cell));
}
