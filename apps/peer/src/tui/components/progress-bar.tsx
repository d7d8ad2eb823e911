/** A progress bar one line high. */
import { bar } from '../format/bar.ts';
import type { Tone } from '../theme.ts';
import { Tint } from './tint.tsx';

export interface ProgressBarProps {
  /** 0..1 */
  readonly share: number;
  /** Columns. */
  readonly width: number;
  readonly tone: Tone;
}

export function ProgressBar({ share, width, tone }: ProgressBarProps) {
  const { filled, rest } = bar(share, width);
  return (
    <>
      <Tint tone={tone}>{filled}</Tint>
      <Tint tone="faint">{rest}</Tint>
    </>
  );
}
