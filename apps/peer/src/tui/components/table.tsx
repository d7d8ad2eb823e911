/** Aligned columns under a faint head; the selected row carries a mark. */
import { Box } from 'ink';
import { Fragment, type ReactNode } from 'react';
import { COLUMN_GAP, type ColumnWish, type PlacedColumn, placeColumns } from '../format/columns.ts';
import { type Align, fit } from '../format/fit.ts';
import { listWindow } from '../format/window.ts';
import { SelectMark } from './select-mark.tsx';
import { Line, Tint } from './tint.tsx';

export interface Column<Row> extends ColumnWish {
  readonly title: string;
  readonly align?: Align;
  /** The cell, exactly `width` columns wide. */
  readonly cell: (row: Row, width: number, isSelected: boolean) => ReactNode;
}

export interface TableProps<Row> {
  readonly columns: readonly Column<Row>[];
  readonly rows: readonly Row[];
  /** Index of the marked row. */
  readonly selected: number;
  readonly width: number;
  /** Lines, with the head. */
  readonly height: number;
  /** Columns that the one without a width of its own should have at least. */
  readonly minRest: number;
}

/** Columns before each row. */
export const MARK_WIDTH = 2;
const GAP = ' '.repeat(COLUMN_GAP);

export function Table<Row>(props: TableProps<Row>) {
  const { rows, selected, width, height, minRest } = props;
  const placed = placeColumns(props.columns, width - MARK_WIDTH, minRest);
  const window = listWindow(rows.length, selected, height - 1);
  return (
    <Box flexDirection="column">
      <Line>
        <Tint tone="faint">{' '.repeat(MARK_WIDTH) + headOf(placed)}</Tint>
      </Line>
      {rows.slice(window.first, window.end).map((row, index) => {
        const at = window.first + index;
        const isSelected = at === selected;
        return (
          <Line key={String(at)}>
            <SelectMark isSelected={isSelected} />
            {placed.map((place, column) => (
              <Fragment key={place.column.title}>
                {column > 0 && GAP}
                {place.column.cell(row, place.width, isSelected)}
              </Fragment>
            ))}
          </Line>
        );
      })}
    </Box>
  );
}

function headOf<Row>(placed: readonly PlacedColumn<Column<Row>>[]): string {
  return placed.map(({ column, width }) => fit(column.title, width, column.align)).join(GAP);
}
