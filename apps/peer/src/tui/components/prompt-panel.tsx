/** A line to type into, at the foot of the screen. */
import { Box, useCursor } from 'ink';
import { fit, textWidth, truncate } from '../format/fit.ts';
import type { PromptOverlay } from '../state/ui-state.ts';
import { Line, Tint } from './tint.tsx';
import { TitleRule } from './title-rule.tsx';

export interface PromptPanelProps {
  readonly overlay: PromptOverlay;
  readonly width: number;
  /** Line of the screen at which the panel begins. */
  readonly top: number;
}

const MARK = ' › ';

export function PromptPanel({ overlay, width, top }: PromptPanelProps) {
  const { line, error, isBusy, progress = 'one moment …', candidates } = overlay;
  const { setCursorPosition } = useCursor();
  const room = width - MARK.length - 1;
  const shown = around(line.text, line.cursor, room);
  setCursorPosition(isBusy ? undefined : { x: MARK.length + shown.column, y: top + 1 });
  const { title, advice } = wordsOf(overlay);
  const below = candidates.length > 0 ? candidates.join('  ') : advice;
  return (
    <Box flexDirection="column">
      <TitleRule title={title} width={width} />
      <Line>
        <Tint tone="accent" bold>
          {MARK}
        </Tint>
        {fit(shown.text, room)}
      </Line>
      <Line>
        {error === undefined ? (
          <Tint tone="faint">{truncate(`   ${isBusy ? progress : below}`, width - 1)}</Tint>
        ) : (
          <Tint tone="bad">{truncate(` ! ${error}`, width - 1)}</Tint>
        )}
      </Line>
    </Box>
  );
}

function wordsOf({ prompt }: PromptOverlay): { title: string; advice: string } {
  switch (prompt.purpose) {
    case 'add':
      return {
        title: 'Add a torrent',
        advice: 'paste a magnet, or the path of a .torrent · Enter adds · Esc',
      };
    case 'command':
      return { title: 'Command', advice: '/help lists them · Tab completes · Enter runs · Esc' };
    case 'limits': {
      const all = prompt.scope === 'all';
      return {
        title: prompt.scope === 'all' ? 'Limits of everything' : `Limits of ${prompt.scope.name}`,
        advice: `down up, such as 5M 512K; - is no limit · Tab ${all ? 'one torrent' : 'everything'}`,
      };
    }
  }
}

/** The part of a long line that has the cursor in it, and the cursor's column in that part. */
function around(text: string, cursor: number, room: number): { text: string; column: number } {
  let before = text.slice(0, cursor);
  if (textWidth(before) >= room) before = truncate(before, room - 1, 'start');
  return { text: before + text.slice(cursor), column: textWidth(before) };
}
