/** The two rates that stand at the top right of every screen. */
import { formatRate, NOTHING } from '../format/bytes.ts';
import type { Tone } from '../theme.ts';
import { Tint } from './tint.tsx';

export interface RatesProps {
  readonly downBytesPerS: number;
  readonly upBytesPerS: number;
}

/** Columns of one rate with its arrow. */
const RATE_WIDTH = 12;

export function Rates({ downBytesPerS, upBytesPerS }: RatesProps) {
  return (
    <>
      <Rate arrow="↓" tone="down" bytesPerS={downBytesPerS} />
      {'  '}
      <Rate arrow="↑" tone="up" bytesPerS={upBytesPerS} />{' '}
    </>
  );
}

interface RateProps {
  readonly arrow: string;
  readonly tone: Tone;
  readonly bytesPerS: number;
}

function Rate({ arrow, tone, bytesPerS }: RateProps) {
  const rate = formatRate(bytesPerS);
  const text = rate === NOTHING ? '0 B/s' : rate;
  return (
    <>
      {' '.repeat(RATE_WIDTH - text.length - 2)}
      <Tint tone={tone} bold>
        {arrow}
      </Tint>
      {` ${text}`}
    </>
  );
}
