/** A line across the screen with a title near its beginning. */
import { textWidth, truncate } from '../format/fit.ts';
import { Line, Tint } from './tint.tsx';

export interface TitleRuleProps {
  readonly title: string;
  readonly width: number;
}

/** `── `, the blank after the title, and a piece of line behind it. */
const AROUND_WIDTH = 6;

export function TitleRule({ title, width }: TitleRuleProps) {
  const shown = truncate(title, width - AROUND_WIDTH);
  return (
    <Line>
      <Tint tone="faint">{'── '}</Tint>
      <Tint bold>{shown}</Tint>
      <Tint tone="faint">{` ${'─'.repeat(Math.max(0, width - textWidth(shown) - 4))}`}</Tint>
    </Line>
  );
}
