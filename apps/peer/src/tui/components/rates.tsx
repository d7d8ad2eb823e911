/** The two rates that stand at the top right of every screen, and their limits. */
import type { Limits } from '@shoal/engine';
import { formatRate, formatShortLimit, NOTHING } from '../format/bytes.ts';
import type { Tone } from '../theme.ts';
import { Tint } from './tint.tsx';

export interface RatesProps {
  readonly downBytesPerS: number;
  readonly upBytesPerS: number;
  readonly limits: Limits;
}

/** Columns of one rate with its arrow. */
const RATE_WIDTH = 12;
/** Between the two, and behind them. */
const GAPS_WIDTH = 3;

export function Rates({ downBytesPerS, upBytesPerS, limits }: RatesProps) {
  return (
    <>
      <Rate arrow="↓" tone="down" bytesPerS={downBytesPerS} limit={limits.downBytesPerS} />
      {'  '}
      <Rate arrow="↑" tone="up" bytesPerS={upBytesPerS} limit={limits.upBytesPerS} />{' '}
    </>
  );
}

/** Columns that the rates take. */
export function ratesWidth({ downBytesPerS, upBytesPerS }: Limits): number {
  const own = limitText(downBytesPerS).length + limitText(upBytesPerS).length;
  return 2 * RATE_WIDTH + GAPS_WIDTH + own;
}

interface RateProps {
  readonly arrow: string;
  readonly tone: Tone;
  readonly bytesPerS: number;
  readonly limit: number | undefined;
}

function Rate({ arrow, tone, bytesPerS, limit }: RateProps) {
  const rate = formatRate(bytesPerS);
  const text = rate === NOTHING ? '0 B/s' : rate;
  return (
    <>
      {' '.repeat(RATE_WIDTH - text.length - 2)}
      <Tint tone={tone} bold>
        {arrow}
      </Tint>
      {` ${text}`}
      <Tint tone="faint">{limitText(limit)}</Tint>
    </>
  );
}

/** ` / 400K` behind a rate that is limited. */
function limitText(bytesPerS: number | undefined): string {
  return bytesPerS === undefined ? '' : ` / ${formatShortLimit(bytesPerS)}`;
}
