/** The peers we are connected to, the busiest first. */
import type { PeerSnapshot, TorrentDetail } from '@shoal/engine';
import { Box } from 'ink';
import { EmptyTab } from '../components/empty-tab.tsx';
import { ProgressBar } from '../components/progress-bar.tsx';
import { type Column, MARK_WIDTH, Table } from '../components/table.tsx';
import { Line, Tint } from '../components/tint.tsx';
import { formatRate } from '../format/bytes.ts';
import { placeColumns } from '../format/columns.ts';
import { fit } from '../format/fit.ts';
import { formatPercent } from '../format/numbers.ts';
import { FLAG_LEGEND, peerFlags, SHORT_FLAG_LEGEND } from '../format/peer-flags.ts';
import { whyUnasked } from '../format/unasked.ts';
import { busiestFirst } from '../state/busiest-first.ts';

export interface PeersTabProps {
  readonly torrent: TorrentDetail;
  readonly row: number;
  readonly width: number;
  readonly height: number;
}

const MIN_CLIENT = 14;
const MIN_ADDRESS = 9;
const MAX_ADDRESS = 16;
const ROOMY_WIDTH = 90;

const COLUMNS: readonly Column<PeerSnapshot>[] = [
  { title: 'Client', width: 'rest', cell: ({ client }, width) => fit(client || 'unknown', width) },
  {
    title: 'Flags',
    width: 6,
    drop: 1,
    cell: (peer) => <Tint tone="accent">{peerFlags(peer)}</Tint>,
  },
  {
    title: 'From',
    width: 8,
    drop: 4,
    cell: ({ source }, width) => <Tint tone="faint">{fit(source, width)}</Tint>,
  },
  {
    title: '',
    width: 8,
    drop: 3,
    cell: ({ progress }, width) => (
      <ProgressBar share={progress} width={width} tone={progress >= 1 ? 'good' : 'plain'} />
    ),
  },
  {
    title: 'Has',
    width: 5,
    drop: 2,
    align: 'right',
    cell: ({ progress }, width) => fit(formatPercent(progress), width, 'right'),
  },
  rate('Down', 'down', (peer) => peer.downBytesPerS),
  rate('Up', 'up', (peer) => peer.upBytesPerS),
];

export function PeersTab({ torrent, row, width, height }: PeersTabProps) {
  const { peers } = torrent;
  if (peers.length === 0)
    return (
      <EmptyTab
        title="Nobody is connected"
        advice={adviceFor(torrent)}
        width={width}
        height={height}
      />
    );
  const columns = [addressColumn(peers, width), ...COLUMNS];
  const isExplained = hasFlags(columns, width);
  return (
    <Box flexDirection="column" height={height}>
      <Table
        columns={columns}
        rows={busiestFirst(peers)}
        selected={row}
        width={width - 1}
        height={height - 1}
        minRest={MIN_CLIENT}
      />
      <Box flexGrow={1} />
      <Line>
        {isExplained && (
          <Tint tone="faint">{`  ${width < ROOMY_WIDTH ? SHORT_FLAG_LEGEND : FLAG_LEGEND}`}</Tint>
        )}
      </Line>
    </Box>
  );
}

function adviceFor(torrent: TorrentDetail): string {
  const why = whyUnasked(torrent);
  return why === undefined ? 't asks the trackers for peers now' : `it ${why}`;
}

/** Whether there is room for the flags: without them their legend says nothing. */
function hasFlags(columns: readonly Column<PeerSnapshot>[], width: number): boolean {
  const placed = placeColumns(columns, width - 1 - MARK_WIDTH, MIN_CLIENT);
  return placed.some(({ column }) => column.title === 'Flags');
}

/** As wide as the longest address, within a quarter of the line. */
function addressColumn(peers: readonly PeerSnapshot[], width: number): Column<PeerSnapshot> {
  const longest = peers.reduce((most, { address }) => Math.max(most, address.length), 0);
  return {
    title: 'Address',
    width: Math.max(MIN_ADDRESS, Math.min(longest, Math.max(MAX_ADDRESS, Math.floor(width / 4)))),
    cell: ({ address }, cellWidth) => fit(address, cellWidth, 'left', 'middle'),
  };
}

function rate(
  title: string,
  tone: 'down' | 'up',
  of: (peer: PeerSnapshot) => number,
): Column<PeerSnapshot> {
  return {
    title,
    width: 10,
    align: 'right',
    cell: (peer, width) => (
      <Tint tone={of(peer) < 1 ? 'faint' : tone}>{fit(formatRate(of(peer)), width, 'right')}</Tint>
    ),
  };
}
