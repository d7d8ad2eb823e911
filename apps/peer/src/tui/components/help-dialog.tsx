/** Every key, from the table the keys themselves come from. */
import { fit } from '../format/fit.ts';
import { HELP_FRAME_HEIGHT, type HelpRow, helpRows } from '../state/help-rows.ts';
import { Dialog } from './dialog.tsx';
import { shownKey } from './footer.tsx';
import { Line, Tint } from './tint.tsx';

export interface HelpDialogProps {
  readonly screen: { readonly width: number; readonly height: number };
  readonly version: string;
  readonly hasCommands: boolean;
  /** Index of the line at the top. */
  readonly first: number;
}

const KEY_WIDTH = 11;
const MAX_TEXT = 22;
const COLUMNS = 2;
/** Border, and one blank inside it, at both sides. */
const FRAME_WIDTH = 4;
const CLOSE_WIDTH = 26;

export function HelpDialog({ screen, version, hasCommands, first }: HelpDialogProps) {
  const { left, right, length, shownLength } = helpRows(screen.height, hasCommands);
  const columnWidth = Math.min(
    KEY_WIDTH + MAX_TEXT,
    Math.floor((screen.width - FRAME_WIDTH) / COLUMNS),
  );
  const inner = COLUMNS * columnWidth;
  const isWhole = shownLength === length;
  const top = Math.max(0, Math.min(first, length - shownLength));
  const how = isWhole ? 'any key closes ' : 'j k for more · Esc closes ';
  return (
    <Dialog screen={screen} width={inner + FRAME_WIDTH} height={shownLength + HELP_FRAME_HEIGHT}>
      <Line>
        <Tint tone="accent" bold>
          {fit(` ≋ shoal ${version}`, inner + 2 - CLOSE_WIDTH)}
        </Tint>
        <Tint tone="faint">{fit(how, CLOSE_WIDTH, 'right')}</Tint>
      </Line>
      {Array.from({ length: shownLength }, (_, line) => (
        <Line key={String(line)}>
          {' '}
          <Cell row={left[top + line]} width={columnWidth} />
          <Cell row={right[top + line]} width={columnWidth} />{' '}
        </Line>
      ))}
    </Dialog>
  );
}

interface CellProps {
  readonly row: HelpRow;
  readonly width: number;
}

function Cell({ row, width }: CellProps) {
  if (row === undefined) return ' '.repeat(width);
  if ('heading' in row) return <Tint tone="accent">{fit(`  ${row.heading}`, width)}</Tint>;
  const keys = (row.helpKeys ?? row.keys.slice(0, 1)).map(shownKey).join(' ');
  return (
    <>
      <Tint bold>{fit(keys, KEY_WIDTH - 1, 'right')}</Tint>
      {`  ${fit(row.help ?? '', width - KEY_WIDTH - 1)}`}
    </>
  );
}
