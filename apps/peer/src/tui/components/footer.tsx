/** The two lines at the foot: what was just done or where we are, and the keys that work here. */
import { Box } from 'ink';
import { fit } from '../format/fit.ts';
import { fitSentence } from '../format/fit-sentence.ts';
import type { Hint } from '../state/keymap.ts';
import type { Notice } from '../state/ui-state.ts';
import { Line, Tint } from './tint.tsx';

export interface FooterProps {
  readonly notice: Notice | undefined;
  /** At the right while there is no notice: the place in a long list, the port. */
  readonly place: string;
  readonly hints: readonly Hint[];
  readonly width: number;
}

export function Footer({ notice, place, hints, width }: FooterProps) {
  return (
    <Box flexDirection="column">
      <Line>
        {notice === undefined ? (
          <Tint tone="faint">{fit(`${place} `, width, 'right')}</Tint>
        ) : (
          <Tint tone={notice.tone}>{` ${fitSentence(notice.text, notice.name, width - 2)}`}</Tint>
        )}
      </Line>
      <Line>
        {' '}
        {hintsThatFit(hints, width - 2).map(({ keys, hint }, index) => (
          <Tint key={hint}>
            {index > 0 && GAP}
            <Tint bold>{shownKey(keys[0]!)}</Tint>
            <Tint tone="faint">{` ${hint}`}</Tint>
          </Tint>
        ))}
      </Line>
    </Box>
  );
}

/** Between two hints. */
const GAP = '  ';

const SHOWN: Readonly<Record<string, string>> = {
  enter: 'Enter',
  esc: 'Esc',
  tab: 'Tab',
  'shift-tab': 'Shift-Tab',
  space: 'Space',
  up: '↑',
  down: '↓',
  left: '←',
  right: '→',
  pageup: 'PgUp',
  pagedown: 'PgDn',
  home: 'Home',
  end: 'End',
  backspace: 'Bksp',
};

/** A key as it is printed on it. */
export function shownKey(name: string): string {
  return (
    SHOWN[name] ?? name.replace(/^ctrl-(.*)/, (_, letter: string) => `^${letter.toUpperCase()}`)
  );
}

/** The last two, help and quit, always stay. */
function hintsThatFit(hints: readonly Hint[], width: number): readonly Hint[] {
  const kept = [...hints];
  const widthOf = () =>
    kept.reduce(
      (sum, { keys, hint }) => sum + shownKey(keys[0]!).length + hint!.length + 1 + GAP.length,
      -GAP.length,
    );
  while (kept.length > 2 && widthOf() > width) kept.splice(-3, 1);
  return kept;
}
