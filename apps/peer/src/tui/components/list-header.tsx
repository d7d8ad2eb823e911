/** The top of the list: the name of the program, how many torrents do what, all rates together. */
import type { Limits, TorrentStatusName, TorrentSummary } from '@shoal/engine';
import { Box } from 'ink';
import { isNothingWanted } from '../../nothing-wanted.ts';
import { truncate } from '../format/fit.ts';
import { formatCount, formatNoun } from '../format/numbers.ts';
import { statusLook } from '../format/status.ts';
import { Rates, ratesWidth } from './rates.tsx';
import { Rule } from './rule.tsx';
import { SplitLine } from './split-line.tsx';
import { Tint } from './tint.tsx';

export interface ListHeaderProps {
  readonly torrents: readonly TorrentSummary[];
  readonly downBytesPerS: number;
  readonly upBytesPerS: number;
  readonly limits: Limits;
  readonly width: number;
  /** What the list is filtered by; empty for nothing. */
  readonly filter?: string;
  /** How many torrents it lets through. */
  readonly shownCount?: number;
  readonly fishAt?: number | undefined;
}

/** Columns of the name and the blanks around it, and before the rates. */
const NAME_WIDTH = 15;

export function ListHeader(props: ListHeaderProps) {
  const { torrents, downBytesPerS, upBytesPerS, limits, width, filter = '', fishAt } = props;
  const { shownCount = torrents.length } = props;
  const countsWidth = width - NAME_WIDTH - ratesWidth(limits);
  const filteredText = `${formatCount(shownCount)} of ${formatCount(torrents.length)} · ${filter}`;
  return (
    <Box flexDirection="column">
      <SplitLine
        width={width}
        left={
          <>
            <Tint tone="accent" bold>
              {' ≋ shoal'}
            </Tint>
            {filter === '' ? (
              <Tint tone="faint">{`  ${countsThatFit(torrents, countsWidth)}`}</Tint>
            ) : (
              <Tint tone="warn">{`  ${truncate(filteredText, countsWidth)}`}</Tint>
            )}
          </>
        }
        right={<Rates downBytesPerS={downBytesPerS} upBytesPerS={upBytesPerS} limits={limits} />}
      />
      <Rule width={width} fishAt={fishAt} />
    </Box>
  );
}

const COUNTED = [
  ['downloading', 'downloading'],
  ['seeding', 'seeding'],
  ['error', 'stopped'],
  ['paused', 'paused'],
  ['checking', 'checking'],
  ['metadata', 'without metadata'],
  ['unselected', 'unselected'],
] as const;

/** A torrent of which nothing is selected neither downloads nor seeds, whatever its status says. */
function countedAs(torrent: TorrentSummary): TorrentStatusName | 'unselected' {
  const { status } = torrent;
  const isIdle = (status === 'downloading' || status === 'seeding') && isNothingWanted(torrent);
  return isIdle ? 'unselected' : status;
}

/** The counts that matter most first; from where words do not fit, their signs stand for them. */
function countsThatFit(torrents: readonly TorrentSummary[], width: number): string {
  if (torrents.length === 0) return '';
  const counts = COUNTED.flatMap(([status, word]) => {
    const some = torrents.filter((torrent) => countedAs(torrent) === status);
    const count = some.length;
    return count === 0
      ? []
      : [{ long: `${count} ${word}`, short: statusLook(some[0]!).glyph + count }];
  });
  const all = formatNoun(torrents.length, 'torrent');
  const texts = Array.from({ length: counts.length + 1 }, (_, cut) => {
    const long = counts.slice(0, counts.length - cut).map(({ long }) => long);
    const short = counts.slice(counts.length - cut).map(({ short }) => short);
    return [all, ...long, ...(short.length === 0 ? [] : [short.join(' ')])].join(' · ');
  });
  return texts.find((text) => text.length <= width) ?? all;
}
