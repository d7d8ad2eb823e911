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

const WIDEST_BAR = 24;
const NARROWEST_BAR = 6;

/**
 * Shape: `[####----] 50.0 %  32.0 of 64.0 MiB  down 12.3 MiB/s  up 1.0 MiB/s  4 peers  0:03 left`,
 * or what is waited for while no size is known or data is checked. Nothing is cut: what is worth
 * least is left out where it does not fit.
 * @param width - characters that fit
 */
export function formatTransferLine(summaries: readonly TorrentSummary[], width: number): string {
  const sum = (value: (summary: TorrentSummary) => number): number =>
    summaries.reduce((total, summary) => total + value(summary), 0);
  const peerCount = sum((summary) => summary.peerCount);
  const down = `down ${formatRate(sum(({ downBytesPerS }) => downBytesPerS))}`;
  const up = `up ${formatRate(sum(({ upBytesPerS }) => upBytesPerS))}`;
  const peers = `${peerCount} ${peerCount === 1 ? 'peer' : 'peers'}`;
  const rest = formatRest(summaries);
  const waiting = formatWaiting(summaries);
  const have = sum(({ haveLength }) => haveLength);
  const wanted = sum(({ wantedLength }) => wantedLength);
  const fraction = wanted === 0 ? 0 : have / wanted;
  const percent = waiting ?? formatPercent(fraction);
  const size = waiting === undefined ? `${formatByteSize(have)} of ${formatByteSize(wanted)}` : '';
  // From the richest to the poorest.
  const texts = [[size, down, up, peers], [size, down, peers], [size, down], [down], []].map(
    (parts) => [percent, ...parts, rest].filter(Boolean).join('  '),
  );
  const room = ({ length }: string): number => width - length - '[] '.length;
  const beside = texts.find((text) => text.includes(size) && room(text) >= NARROWEST_BAR);
  if (waiting !== undefined || beside === undefined)
    return texts.find((text) => text.length <= width) ?? percent;
  return `[${formatBar(fraction, Math.min(WIDEST_BAR, room(beside)), barStyle())}] ${beside}`;
}

/** What there is instead of a part of the whole. */
function formatWaiting(summaries: readonly TorrentSummary[]): string | undefined {
  const checking = summaries.filter(({ status }) => status === 'checking');
  if (checking.length === summaries.length && checking.length > 0) {
    const fraction = checking.reduce((sum, { checkedFraction }) => sum + checkedFraction, 0);
    return `checking ${formatPercent(fraction / checking.length)}`;
  }
  const isUnknown = summaries.every(({ status }) => status === 'metadata');
  return isUnknown ? 'asking peers for the metadata' : undefined;
}

function formatRest(summaries: readonly TorrentSummary[]): string {
  const restS = Math.max(...summaries.map(({ etaS }) => etaS ?? 0));
  if (restS > 0) return `${formatDuration(restS)} left`;
  return summaries.every(({ status }) => status === 'seeding') ? 'seeding' : '';
}
