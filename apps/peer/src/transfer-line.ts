/** The progress line of `shoal get`: all torrents together. */
import {
  barStyle,
  formatBar,
  formatByteSize,
  formatDuration,
  formatPercent,
  formatRate,
} from '@shoal/cli';
import type { TorrentSummary } from '@shoal/engine';

const BAR_WIDTH = 24;

/**
 * Shape: `[####----] 50.0 %  32.0 of 64.0 MiB  down 12.3 MiB/s  up 1.0 MiB/s  4 peers  0:03 left`,
 * or what is waited for while no size is known or data is checked.
 */
export function formatTransferLine(summaries: readonly TorrentSummary[]): string {
  const sum = (value: (summary: TorrentSummary) => number): number =>
    summaries.reduce((total, summary) => total + value(summary), 0);
  const peers = sum(({ peerCount }) => peerCount);
  const wanted = sum(({ wantedLength }) => wantedLength);
  const have = sum(({ haveLength }) => haveLength);
  const head = formatHead(summaries, have, wanted);
  const tail = `down ${formatRate(sum(({ downBytesPerS }) => downBytesPerS))}  up ${formatRate(sum(({ upBytesPerS }) => upBytesPerS))}  ${peers} ${peers === 1 ? 'peer' : 'peers'}`;
  return `${head}  ${tail}${formatRest(summaries)}`;
}

function formatHead(summaries: readonly TorrentSummary[], have: number, wanted: number): string {
  const checking = summaries.filter(({ status }) => status === 'checking');
  if (checking.length === summaries.length && checking.length > 0) {
    const fraction = checking.reduce((sum, { checkedFraction }) => sum + checkedFraction, 0);
    return `checking ${formatPercent(fraction / checking.length)}`;
  }
  if (summaries.every(({ status }) => status === 'metadata'))
    return 'asking peers for the metadata';
  const fraction = wanted === 0 ? 0 : have / wanted;
  return `[${formatBar(fraction, BAR_WIDTH, barStyle())}] ${formatPercent(fraction)}  ${formatByteSize(have)} of ${formatByteSize(wanted)}`;
}

function formatRest(summaries: readonly TorrentSummary[]): string {
  const restS = Math.max(...summaries.map(({ etaS }) => etaS ?? 0));
  if (restS > 0) return `  ${formatDuration(restS)} left`;
  return summaries.every(({ status }) => status === 'seeding') ? '  seeding' : '';
}
