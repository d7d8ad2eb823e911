/** Every key, from the table the keys themselves come from. */
import { fit } from '../format/fit.ts';
import { BINDINGS, type Binding } from '../state/keymap.ts';
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
/** Border, title, blank line. */
const FRAME_HEIGHT = 4;

export function HelpDialog({ screen, version, hasCommands }: HelpDialogProps) {
  const entries = BINDINGS.filter(
    ({ help, act }) => help !== undefined && (hasCommands || act !== 'command'),
  );
  const columnWidth = Math.min(
    KEY_WIDTH + MAX_TEXT,
    Math.floor((screen.width - FRAME_WIDTH) / COLUMNS),
  );
  const inner = COLUMNS * columnWidth;
  const lines = Math.ceil(entries.length / COLUMNS);
  return (
    <Dialog screen={screen} width={inner + FRAME_WIDTH} height={lines + FRAME_HEIGHT}>
      <Line>
        <Tint tone="accent" bold>
          {fit(` ≋ shoal ${version}`, inner - 14)}
        </Tint>
        <Tint tone="faint">{fit('any key closes ', 16, 'right')}</Tint>
      </Line>
      <Line>{' '.repeat(inner + 2)}</Line>
      {Array.from({ length: lines }, (_, line) => (
        <Line key={String(line)}>
          {' '}
          <Entry entry={entries[line]} width={columnWidth} />
          <Entry entry={entries[lines + line]} width={columnWidth} />{' '}
        </Line>
      ))}
    </Dialog>
  );
}

interface EntryProps {
  readonly entry: Binding | undefined;
  readonly width: number;
}

function Entry({ entry, width }: EntryProps) {
  if (entry === undefined) return ' '.repeat(width);
  const keys = (entry.helpKeys ?? entry.keys.slice(0, 1)).map(shownKey).join(' ');
  return (
    <>
      <Tint bold>{fit(keys, KEY_WIDTH - 1, 'right')}</Tint>
      {`  ${fit(entry.help ?? '', width - KEY_WIDTH - 1)}`}
    </>
  );
}
