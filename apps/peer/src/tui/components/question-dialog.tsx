/** Asks before something is done that is not easily undone. */
import { fit } from '../format/fit.ts';
import type { Tone } from '../theme.ts';
import { Dialog } from './dialog.tsx';
import { Line, Tint } from './tint.tsx';

export interface QuestionDialogProps {
  readonly screen: { readonly width: number; readonly height: number };
  readonly question: string;
  /** What it is about; may come from outside. */
  readonly subject: string;
  readonly answers: readonly QuestionAnswer[];
}

export interface QuestionAnswer {
  /** One letter. */
  readonly key: string;
  readonly words: string;
  readonly tone?: Tone;
}

const MAX_WIDTH = 64;
/** Border, question, subject and the blank line behind it. */
const OTHER_LINES = 5;

export function QuestionDialog({ screen, question, subject, answers }: QuestionDialogProps) {
  const width = Math.min(MAX_WIDTH, screen.width - 4);
  const inner = width - 2;
  return (
    <Dialog screen={screen} width={width} height={answers.length + OTHER_LINES}>
      <Line>
        <Tint bold>{fit(`  ${question}`, inner)}</Tint>
      </Line>
      <Line>{`  ${fit(subject, inner - 4, 'left', 'middle')}  `}</Line>
      <Line>{' '.repeat(inner)}</Line>
      {answers.map(({ key, words, tone }) => (
        <Line key={key}>
          {'  '}
          <Tint tone={tone} bold>
            {key}
          </Tint>
          {fit(` ${words}`, inner - 3)}
        </Line>
      ))}
    </Dialog>
  );
}
