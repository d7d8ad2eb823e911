/** The trackers, tier by tier. */
import type { TrackerSnapshot } from '@shoal/engine';
import { Box } from 'ink';
import { EmptyTab } from '../components/empty-tab.tsx';
import { type Column, Table } from '../components/table.tsx';
import { Line, Tint } from '../components/tint.tsx';
import { NOTHING } from '../format/bytes.ts';
import { fit, truncate } from '../format/fit.ts';
import { formatDuration } from '../format/time.ts';
import type { Tone } from '../theme.ts';

export interface TrackersTabProps {
  readonly trackers: readonly TrackerSnapshot[];
  readonly row: number;
  readonly width: number;
  readonly height: number;
  readonly nowMs: number;
}

const MIN_URL = 28;

/** In the table, its tone, in words when the tracker itself says nothing. */
const LOOKS: Readonly<Record<TrackerSnapshot['status'], readonly [string, Tone, string]>> = {
  idle: ['· idle', 'faint', 'it is asked when the trackers before it fail'],
  announcing: ['◌ asking', 'accent', 'waiting for its answer'],
  working: ['✓ working', 'good', 'it answered the last announce'],
  error: ['! error', 'bad', 'the last announce failed'],
  off: ['· off', 'faint', 'it is not asked'],
};

export function TrackersTab({ trackers, row, width, height, nowMs }: TrackersTabProps) {
  if (trackers.length === 0)
    return (
      <EmptyTab
        title="This torrent names no tracker"
        advice="peers are found through other peers, or by hand"
        width={width}
        height={height}
      />
    );
  const selected = trackers[row];
  return (
    <Box flexDirection="column" height={height}>
      <Table
        columns={columnsAt(nowMs)}
        rows={trackers}
        selected={row}
        width={width - 1}
        height={height - 2}
        minRest={MIN_URL}
      />
      <Box flexGrow={1} />
      <Line>{selected !== undefined && `  ${truncate(selected.url, width - 3)}`}</Line>
      <Line>
        {selected !== undefined && (
          <Tint tone={LOOKS[selected.status][1]}>
            {`  ${truncate(selected.message ?? LOOKS[selected.status][2], width - 3)}`}
          </Tint>
        )}
      </Line>
    </Box>
  );
}

function columnsAt(nowMs: number): Column<TrackerSnapshot>[] {
  return [
    { title: 'Tier', width: 4, drop: 3, cell: ({ tier }, w) => fit(String(tier + 1), w) },
    { title: 'Tracker', width: 'rest', cell: ({ url }, w) => fit(url, w) },
    {
      title: 'Status',
      width: 9,
      cell: ({ status }, w) => <Tint tone={LOOKS[status][1]}>{fit(LOOKS[status][0], w)}</Tint>,
    },
    count('Seeds', ({ seederCount }) => seederCount),
    count('Leech', ({ leecherCount }) => leecherCount),
    count('Peers', ({ peerCount }) => peerCount, 4),
    {
      title: 'Next',
      width: 6,
      align: 'right',
      drop: 2,
      cell: ({ nextAnnounceAtMs }, w) => fit(untilOf(nextAnnounceAtMs, nowMs), w, 'right'),
    },
  ];
}

function count(
  title: string,
  of: (tracker: TrackerSnapshot) => number | undefined,
  drop = 0,
): Column<TrackerSnapshot> {
  const cell = (tracker: TrackerSnapshot, width: number) =>
    fit(String(of(tracker) ?? NOTHING), width, 'right');
  return { title, width: 5, align: 'right', drop, cell };
}

function untilOf(atMs: number | undefined, nowMs: number): string {
  return atMs === undefined ? NOTHING : formatDuration(Math.max(0, (atMs - nowMs) / 1000));
}
