/** A line to type into, at the foot of the screen. */
import { Box, useCursor } from 'ink';
import { fit, textWidth, truncate } from '../format/fit.ts';
import { PROMPT_INDENT, type PromptLines, promptTitle } from '../state/prompt-lines.ts';
import type { PromptOverlay } from '../state/ui-state.ts';
import { Line, Tint } from './tint.tsx';
import { TitleRule } from './title-rule.tsx';

export interface PromptPanelProps {
  readonly overlay: PromptOverlay;
  readonly below: PromptLines;
  readonly width: number;
  /** Line of the screen at which the panel begins. */
  readonly top: number;
}

const MARK = ' › ';

export function PromptPanel({ overlay, below, width, top }: PromptPanelProps) {
  const { line, isBusy, prompt, error } = overlay;
  const { setCursorPosition } = useCursor();
  const room = width - MARK.length - 1;
  const shown = around(line.text, line.cursor, room);
  setCursorPosition(isBusy ? undefined : { x: MARK.length + shown.column, y: top + 1 });
  return (
    <Box flexDirection="column">
      <TitleRule title={promptTitle(prompt)} width={width} />
      <Line>
        <Tint tone="accent" bold>
          {MARK}
        </Tint>
        {fit(shown.text, room)}
      </Line>
      {below.lines.map((text, at) => (
        <Line key={String(at)}>
          <Tint tone={below.tone}>
            {(at === 0 && error !== undefined ? ' ! ' : ' '.repeat(PROMPT_INDENT)) + text}
          </Tint>
        </Line>
      ))}
    </Box>
  );
}

/** The part of a long line that has the cursor in it, and the cursor's column in that part. */
function around(text: string, cursor: number, room: number): { text: string; column: number } {
  let before = text.slice(0, cursor);
  if (textWidth(before) >= room) before = truncate(before, room - 1, 'start');
  return { text: before + text.slice(cursor), column: textWidth(before) };
}
