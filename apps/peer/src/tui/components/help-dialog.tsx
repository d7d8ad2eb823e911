/** Every key, from the table the keys themselves come from. */
import { fit } from '../format/fit.ts';
import { BINDINGS, type Binding, GROUPS, type Group } from '../state/keymap.ts';
import { Dialog } from './dialog.tsx';
import { shownKey } from './footer.tsx';
import { Line, Tint } from './tint.tsx';

export interface HelpDialogProps {
  readonly screen: { readonly width: number; readonly height: number };
  readonly version: string;
  readonly hasCommands: boolean;
}

const KEY_WIDTH = 11;
const MAX_TEXT = 22;
const COLUMNS = 2;
/** Border, and one blank inside it, at both sides. */
const FRAME_WIDTH = 4;
/** Border and title. */
const FRAME_HEIGHT = 3;
/** Which groups stand left and which right, where there is room for headings. */
const SIDES: readonly (readonly Group[])[] = [
  ['move', 'views', 'files'],
  ['torrent', 'program'],
];

/** A heading, a binding, or a blank line. */
type Row = Group | Binding | undefined;

export function HelpDialog({ screen, version, hasCommands }: HelpDialogProps) {
  const entries = BINDINGS.filter(
    ({ help, act }) => help !== undefined && (hasCommands || act !== 'command'),
  );
  const columnWidth = Math.min(
    KEY_WIDTH + MAX_TEXT,
    Math.floor((screen.width - FRAME_WIDTH) / COLUMNS),
  );
  const inner = COLUMNS * columnWidth;
  const grouped = SIDES.map((groups) => underHeadings(entries, groups));
  const groupedLength = Math.max(...grouped.map((side) => side.length));
  const [left, right] = groupedLength + FRAME_HEIGHT <= screen.height ? grouped : inHalves(entries);
  const length = Math.max(left!.length, right!.length);
  return (
    <Dialog screen={screen} width={inner + FRAME_WIDTH} height={length + FRAME_HEIGHT}>
      <Line>
        <Tint tone="accent" bold>
          {fit(` ≋ shoal ${version}`, inner - 14)}
        </Tint>
        <Tint tone="faint">{fit('any key closes ', 16, 'right')}</Tint>
      </Line>
      {Array.from({ length }, (_, line) => (
        <Line key={String(line)}>
          {' '}
          <Cell row={left![line]} width={columnWidth} />
          <Cell row={right![line]} width={columnWidth} />{' '}
        </Line>
      ))}
    </Dialog>
  );
}

function underHeadings(entries: readonly Binding[], groups: readonly Group[]): Row[] {
  return groups.flatMap((group) => [
    undefined,
    group,
    ...entries.filter((entry) => entry.group === group),
  ]);
}

/** Without headings, for windows that are too low for them. */
function inHalves(entries: readonly Binding[]): Row[][] {
  const half = Math.ceil(entries.length / COLUMNS);
  return [entries.slice(0, half), entries.slice(half)];
}

interface CellProps {
  readonly row: Row;
  readonly width: number;
}

function Cell({ row, width }: CellProps) {
  if (row === undefined) return ' '.repeat(width);
  if (typeof row === 'string') return <Tint tone="accent">{fit(`  ${GROUPS[row]}`, width)}</Tint>;
  const keys = (row.helpKeys ?? row.keys.slice(0, 1)).map(shownKey).join(' ');
  return (
    <>
      <Tint bold>{fit(keys, KEY_WIDTH - 1, 'right')}</Tint>
      {`  ${fit(row.help ?? '', width - KEY_WIDTH - 1)}`}
    </>
  );
}
