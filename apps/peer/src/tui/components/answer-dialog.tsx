/** The answer to a command, when it takes more than one line. */
import { fit } from '../format/fit.ts';
import { formatWindow } from '../format/window.ts';
import { ANSWER_FRAME_HEIGHT, ANSWER_FRAME_WIDTH } from '../state/layout.ts';
import type { AnswerOverlay } from '../state/ui-state.ts';
import { Dialog } from './dialog.tsx';
import { Line, Tint } from './tint.tsx';

export interface AnswerDialogProps {
  readonly screen: { readonly width: number; readonly height: number };
  readonly answer: AnswerOverlay;
  /** Its lines, none wider than the dialog. */
  readonly lines: readonly string[];
  /** Lines that fit. */
  readonly length: number;
}

/** As wide as the screen, so that nothing of what lies below peeps out at its sides. */
export function AnswerDialog({ screen, answer, lines, length }: AnswerDialogProps) {
  const inner = screen.width - ANSWER_FRAME_WIDTH;
  const first = Math.max(0, Math.min(answer.first, lines.length - length));
  const shown = lines.slice(first, first + length);
  const isWhole = shown.length === lines.length;
  const place = `${formatWindow({ first, end: first + shown.length }, lines.length)} · j k`;
  return (
    <Dialog screen={screen} width={screen.width} height={shown.length + ANSWER_FRAME_HEIGHT}>
      <Line>
        <Tint tone="accent" bold>{` ${fit(answer.title, inner - 16)}`}</Tint>
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
