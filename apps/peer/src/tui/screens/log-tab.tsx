/** What happened to the torrent, the latest last. */
import type { LogLine } from '@shoal/engine';
import { Box } from 'ink';
import { EmptyTab } from '../components/empty-tab.tsx';
import { Line, Tint } from '../components/tint.tsx';
import { formatClock } from '../format/time.ts';
import { wrap } from '../format/wrap.ts';
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
/** Lines that one entry may take. */
const MAX_LINES = 4;

export function LogTab({ log, scrolled, width, height }: LogTabProps) {
  if (log.length === 0)
    return <EmptyTab title="Nothing happened yet" advice="it will" width={width} height={height} />;
  const lines = linesInView(log, scrolled, width - BEFORE_TEXT - 1, height);
  return (
    <Box flexDirection="column" height={height}>
      {lines.map(({ line, part, text }, index) => (
        <Line key={String(index)}>
          <Tint tone="faint">{part === 0 ? `  ${formatClock(line.atMs)}  ` : ' '.repeat(12)}</Tint>
          <Tint tone={TONES[line.level]}>{`${part === 0 ? GLYPHS[line.level] : ' '} ${text}`}</Tint>
        </Line>
      ))}
    </Box>
  );
}

interface ShownLine {
  readonly line: LogLine;
  /** Which of the lines that its text takes. */
  readonly part: number;
  readonly text: string;
}

/** The end of the log, `scrolled` entries from its end; its beginning when all before that fits. */
function linesInView(
  log: readonly LogLine[],
  scrolled: number,
  width: number,
  height: number,
): readonly ShownLine[] {
  const entries = log.map((line) =>
    wrap(line.text, width, MAX_LINES).map((text, part) => ({ line, part, text })),
  );
  const upTo = entries.slice(0, Math.max(1, log.length - scrolled)).flat();
  return upTo.length >= height ? upTo.slice(-height) : entries.flat().slice(0, height);
}
