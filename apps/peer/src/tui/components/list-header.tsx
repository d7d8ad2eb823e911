/** The top of the list: the name of the program, how many torrents do what, all rates together. */
import type { TorrentSummary } from '@shoal/engine';
import { Box } from 'ink';
import { formatNoun } from '../format/numbers.ts';
import { Rates } from './rates.tsx';
import { Rule } from './rule.tsx';
import { SplitLine } from './split-line.tsx';
import { Tint } from './tint.tsx';

export interface ListHeaderProps {
  readonly torrents: readonly TorrentSummary[];
  readonly downBytesPerS: number;
  readonly upBytesPerS: number;
  readonly width: number;
  readonly fishAt?: number | undefined;
}

/** Columns of the name, the rates and the blanks around them. */
const OTHER_WIDTH = 42;

export function ListHeader(props: ListHeaderProps) {
  const { torrents, downBytesPerS, upBytesPerS, width, fishAt } = props;
  return (
    <Box flexDirection="column">
      <SplitLine
        width={width}
        left={
          <>
            <Tint tone="accent" bold>
              {' ≋ shoal'}
            </Tint>
            <Tint tone="faint">{`  ${countsThatFit(torrents, width - OTHER_WIDTH)}`}</Tint>
          </>
        }
        right={<Rates downBytesPerS={downBytesPerS} upBytesPerS={upBytesPerS} />}
      />
      <Rule width={width} fishAt={fishAt} />
    </Box>
  );
}

const COUNTED = [
  ['downloading', 'downloading'],
  ['seeding', 'seeding'],
  ['error', 'stopped'],
] as const;

/** The counts that matter most first; those that do not fit are left out. */
function countsThatFit(torrents: readonly TorrentSummary[], width: number): string {
  if (torrents.length === 0) return '';
  let text = formatNoun(torrents.length, 'torrent');
  for (const [status, word] of COUNTED) {
    const count = torrents.filter((torrent) => torrent.status === status).length;
    const longer = `${text} · ${count} ${word}`;
    if (count > 0 && longer.length <= width) text = longer;
  }
  return text;
}
