/** Torrents one a line, for wide windows. */
import type { TorrentSummary } from '@shoal/engine';
import { formatBytes, formatRate } from '../format/bytes.ts';
import { fit } from '../format/fit.ts';
import { formatRatio } from '../format/numbers.ts';
import { barTone, STATUS_WIDTH, shownPercent, shownShare, statusLook } from '../format/status.ts';
import { stopReason } from '../format/stop-reason.ts';
import { formatDuration } from '../format/time.ts';
import { ProgressBar } from './progress-bar.tsx';
import { type Column, Table } from './table.tsx';
import { Tint } from './tint.tsx';

export interface TorrentTableProps {
  readonly torrents: readonly TorrentSummary[];
  readonly selected: number;
  readonly width: number;
  readonly height: number;
}

/** Of the name with its glyph: below it the columns that tell least give way. */
const MIN_NAME = 40;
const MAX_STATUS = 44;
const MIN_BAR = 10;
const MAX_BAR = 24;
/** From this width on a name has room enough, and the bar gets half of what is more. */
const WIDE = 128;

export function TorrentTable({ torrents, selected, width, height }: TorrentTableProps) {
  return (
    <Table
      columns={columnsFor(torrents, width)}
      rows={torrents}
      selected={selected}
      width={width - 1}
      height={height}
      minRest={MIN_NAME}
    />
  );
}

function columnsFor(torrents: readonly TorrentSummary[], width: number): Column<TorrentSummary>[] {
  const hasStopped = torrents.some(({ status }) => status === 'error');
  const statusWidth = hasStopped ? within(width - 130, STATUS_WIDTH, MAX_STATUS) : STATUS_WIDTH;
  const spare = width - WIDE - (statusWidth - STATUS_WIDTH);
  const barWidth = within(Math.floor(spare / 2), MIN_BAR, MAX_BAR);
  return [
    {
      title: '  Name',
      width: 'rest',
      cell: (torrent, cellWidth, isSelected) => {
        const look = statusLook(torrent);
        return (
          <>
            <Tint tone={look.tone}>{`${look.glyph} `}</Tint>
            <Tint bold={isSelected}>{fit(torrent.name, cellWidth - 2)}</Tint>
          </>
        );
      },
    },
    {
      title: 'Status',
      width: statusWidth,
      cell: (torrent, cellWidth) => (
        <Tint tone={torrent.status === 'error' ? 'bad' : 'faint'}>
          {fit(wordsOf(torrent), cellWidth)}
        </Tint>
      ),
    },
    {
      title: '',
      width: barWidth,
      drop: 4,
      cell: (torrent, cellWidth) => (
        <ProgressBar share={shownShare(torrent)} width={cellWidth} tone={barTone(torrent)} />
      ),
    },
    figure('Done', 5, shownPercent),
    figure('Size', 8, (torrent) => formatBytes(torrent.wantedLength)),
    rate('Down', 'down', (torrent) => torrent.downBytesPerS),
    { ...rate('Up', 'up', (torrent) => torrent.upBytesPerS), drop: 1 },
    { ...figure('ETA', 6, (torrent) => formatDuration(torrent.etaS)), drop: 2 },
    { ...figure('Ratio', 5, (torrent) => formatRatio(torrent.ratio)), drop: 3 },
    figure('Peers', 5, (torrent) => String(torrent.peerCount)),
  ];
}

function within(width: number, least: number, most: number): number {
  return Math.max(least, Math.min(width, most));
}

function wordsOf(torrent: TorrentSummary): string {
  if (torrent.status === 'error') return stopReason(torrent.error).text;
  return statusLook(torrent).words;
}

function figure(
  title: string,
  width: number,
  text: (torrent: TorrentSummary) => string,
): Column<TorrentSummary> {
  const cell = (torrent: TorrentSummary, cellWidth: number) =>
    fit(text(torrent), cellWidth, 'right');
  return { title, width, align: 'right', cell };
}

function rate(
  title: string,
  tone: 'down' | 'up',
  of: (torrent: TorrentSummary) => number,
): Column<TorrentSummary> {
  return {
    title,
    width: 10,
    align: 'right',
    cell: (torrent, cellWidth) => (
      <Tint tone={of(torrent) < 1 ? 'faint' : tone}>
        {fit(formatRate(of(torrent)), cellWidth, 'right')}
      </Tint>
    ),
  };
}
