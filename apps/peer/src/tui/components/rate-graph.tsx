/** Rates over time: down stands on the axis, up hangs from it. */
import type { RateHistory } from '@shoal/engine';
import { Box } from 'ink';
import { formatRate } from '../format/bytes.ts';
import { fit } from '../format/fit.ts';
import { areaGraph, graphPeak, shownSampleCount } from '../format/graph.ts';
import { formatDuration } from '../format/time.ts';
import type { Tone } from '../theme.ts';
import { Line, Tint } from './tint.tsx';

export interface RateGraphProps {
  readonly history: RateHistory;
  readonly width: number;
  /** Lines; below 4 nothing is drawn. */
  readonly height: number;
}

/** The scale at the left. */
const SCALE_WIDTH = 13;
const MIN_HEIGHT = 4;

export function RateGraph({ history, width, height }: RateGraphProps) {
  if (height < MIN_HEIGHT) return null;
  const plotWidth = Math.max(1, width - SCALE_WIDTH - 2);
  const downPeak = graphPeak(history.down, plotWidth);
  const upPeak = graphPeak(history.up, plotWidth);
  const upHeight = heightOfUp(height - 1, downPeak, upPeak);
  const downHeight = height - 1 - upHeight;
  const lines = [
    ...areaGraph(history.down, plotWidth, downHeight, downPeak).map((plot, row) =>
      plotLine('down', plot, row === 0 ? `↓ ${formatRate(downPeak)}` : ''),
    ),
    ...areaGraph(history.up, plotWidth, upHeight, upPeak, true).map((plot, row) =>
      plotLine('up', plot, row === upHeight - 1 ? `↑ ${formatRate(upPeak)}` : ''),
    ),
  ];
  const shownS = shownSampleCount(history.down.length, plotWidth);
  return (
    <Box flexDirection="column">
      {lines.map(({ scale, tone, plot }, line) => (
        <Line key={String(line)}>
          <Tint tone="faint">{`${fit(scale, SCALE_WIDTH, 'right')} `}</Tint>
          <Tint tone={tone}>{plot}</Tint>
        </Line>
      ))}
      <Line>
        {' '.repeat(SCALE_WIDTH + 1)}
        <Tint tone="faint">{timeAxis(shownS, plotWidth)}</Tint>
      </Line>
    </Box>
  );
}

interface PlotLine {
  readonly scale: string;
  readonly tone: Tone;
  readonly plot: string;
}

function plotLine(tone: Tone, plot: string, scale: string): PlotLine {
  return { tone, plot, scale };
}

/** A third; one line when nothing was sent, all but one when nothing was received. */
function heightOfUp(height: number, downPeak: number, upPeak: number): number {
  if (downPeak > 0 && upPeak === 0) return 1;
  if (downPeak === 0 && upPeak > 0) return height - 1;
  return Math.max(1, Math.floor(height / 3));
}

/** `5m00s ago` at the left edge, `now` at the right. */
function timeAxis(shownS: number, width: number): string {
  const ago = `${formatDuration(shownS)} ago`;
  return ago + fit('now', width - ago.length, 'right');
}
