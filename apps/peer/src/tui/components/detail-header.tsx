/** The top of the detail view: the torrent, its rates, the tabs. */
import type { Limits, TorrentSummary } from '@shoal/engine';
import { Box } from 'ink';
import { truncate } from '../format/fit.ts';
import { statusLook } from '../format/status.ts';
import { TABS, type TabName } from '../state/ui-state.ts';
import { Rates, ratesWidth } from './rates.tsx';
import { SplitLine } from './split-line.tsx';
import { Line, Tint } from './tint.tsx';

export interface DetailHeaderProps {
  readonly torrent: TorrentSummary;
  /** Its own. */
  readonly limits: Limits;
  readonly tab: TabName;
  readonly width: number;
}

/** From this width on tabs stand apart. */
const ROOMY_WIDTH = 76;

export function DetailHeader({ torrent, limits, tab, width }: DetailHeaderProps) {
  const look = statusLook(torrent);
  const labels = TABS.map(
    (name, index) => `${index + 1} ${name[0]!.toUpperCase()}${name.slice(1)}`,
  );
  const gap = width >= ROOMY_WIDTH ? 3 : 1;
  const active = TABS.indexOf(tab);
  const before = 1 + labels.slice(0, active).reduce((sum, label) => sum + label.length + gap, 0);
  return (
    <Box flexDirection="column">
      <SplitLine
        width={width}
        left={
          <>
            <Tint tone={look.tone}>{` ${look.glyph} `}</Tint>
            <Tint bold>{truncate(torrent.name, width - ratesWidth(limits) - 5)}</Tint>
          </>
        }
        right={
          <Rates
            downBytesPerS={torrent.downBytesPerS}
            upBytesPerS={torrent.upBytesPerS}
            limits={limits}
          />
        }
      />
      <Line>
        {' '}
        {labels.map((label, index) => (
          <Tint key={label} tone={index === active ? 'accent' : 'faint'} bold={index === active}>
            {label + ' '.repeat(gap)}
          </Tint>
        ))}
      </Line>
      <Line>
        <Tint tone="faint">{'─'.repeat(before)}</Tint>
        <Tint tone="accent">{'━'.repeat(labels[active]!.length)}</Tint>
        <Tint tone="faint">{'─'.repeat(Math.max(0, width - before - labels[active]!.length))}</Tint>
      </Line>
    </Box>
  );
}
