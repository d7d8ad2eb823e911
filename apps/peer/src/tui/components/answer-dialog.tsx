/** The answer to a command, when it has more than one line. */
import { fit } from '../format/fit.ts';
import { formatWindow } from '../format/window.ts';
import { ANSWER_FRAME_HEIGHT } from '../state/layout.ts';
import type { AnswerOverlay } from '../state/ui-state.ts';
import { Dialog } from './dialog.tsx';
import { Line, Tint } from './tint.tsx';

export interface AnswerDialogProps {
  readonly screen: { readonly width: number; readonly height: number };
  readonly answer: AnswerOverlay;
  /** Lines that fit. */
  readonly length: number;
}

export function AnswerDialog({ screen, answer, length }: AnswerDialogProps) {
  const { title, lines, first } = answer;
  const width = screen.width - 4;
  const inner = width - 4;
  const shown = lines.slice(first, first + length);
  const isWhole = shown.length === lines.length;
  const place = `${formatWindow({ first, end: first + shown.length }, lines.length)} · j k`;
  return (
    <Dialog screen={screen} width={width} height={shown.length + ANSWER_FRAME_HEIGHT}>
      <Line>
        <Tint tone="accent" bold>{` ${fit(title, inner - 16)}`}</Tint>
        <Tint tone="faint">{fit(isWhole ? 'any key closes ' : 'Esc closes ', 17, 'right')}</Tint>
      </Line>
      {shown.map((line, index) => (
        <Line key={String(index)}>{` ${fit(line, inner + 1)}`}</Line>
      ))}
      <Line>
        <Tint tone="faint">{fit(isWhole ? '' : ` ${place}`, inner + 2)}</Tint>
      </Line>
    </Dialog>
  );
}
