/** What happened to the torrent, the latest last. */
import type { LogLine } from '@shoal/engine';
import { Box } from 'ink';
import { EmptyTab } from '../components/empty-tab.tsx';
import { Line, Tint } from '../components/tint.tsx';
import { truncate } from '../format/fit.ts';
import { formatClock } from '../format/time.ts';
import type { Tone } from '../theme.ts';

export interface LogTabProps {
  readonly log: readonly LogLine[];
  /** Lines scrolled up from the end. */
  readonly scrolled: number;
  readonly width: number;
  readonly height: number;
}

const TONES: Readonly<Record<LogLine['level'], Tone>> = {
  info: 'plain',
  warn: 'warn',
  error: 'bad',
};
const GLYPHS: Readonly<Record<LogLine['level'], string>> = { info: ' ', warn: '!', error: '✗' };

/** Margin, clock, level and the blanks between. */
const BEFORE_TEXT = 14;

export function LogTab({ log, scrolled, width, height }: LogTabProps) {
  if (log.length === 0)
    return <EmptyTab title="Nothing happened yet" advice="it will" width={width} height={height} />;
  const end = Math.max(Math.min(height, log.length), log.length - scrolled);
  const first = Math.max(0, end - height);
  return (
    <Box flexDirection="column" height={height}>
      {log.slice(first, end).map((line, index) => (
        <Line key={String(first + index)}>
          <Tint tone="faint">{`  ${formatClock(line.atMs)}  `}</Tint>
          <Tint tone={TONES[line.level]}>
            {`${GLYPHS[line.level]} ${truncate(line.text, width - BEFORE_TEXT - 1)}`}
          </Tint>
        </Line>
      ))}
    </Box>
  );
}
