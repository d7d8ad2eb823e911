/** The list of torrents, and a look at the selected one where there is room for it. */
import type { Limits, TorrentDetail, TorrentSummary } from '@shoal/engine';
import { Box } from 'ink';
import { EmptyList } from '../components/empty-list.tsx';
import { EmptyTab } from '../components/empty-tab.tsx';
import { Line } from '../components/tint.tsx';
import { TorrentCard } from '../components/torrent-card.tsx';
import { TorrentPreview } from '../components/torrent-preview.tsx';
import { TorrentTable } from '../components/torrent-table.tsx';
import { truncate } from '../format/fit.ts';
import type { ListLayout } from '../state/layout.ts';
import { FilesTab } from './files-tab.tsx';
import { PeersTab } from './peers-tab.tsx';

export interface ListScreenProps {
  readonly torrents: readonly TorrentSummary[];
  /** Index of the selected torrent. */
  readonly selected: number;
  /** Of the selected torrent, when the layout has a preview. */
  readonly detail: TorrentDetail | undefined;
  readonly layout: ListLayout;
  /** What the list is filtered by. */
  readonly filter: string;
  readonly width: number;
  readonly height: number;
  /** Wall time, milliseconds since 1970. */
  readonly nowMs: number;
  /** Of all torrents together. */
  readonly sharedLimits: Limits;
}

export function ListScreen(props: ListScreenProps) {
  const { torrents, selected, detail, layout, filter, width, height } = props;
  if (torrents.length === 0 && filter !== '')
    return (
      <EmptyTab
        title={`No name has ${truncate(filter, width / 2)} in it`}
        advice="Esc shows all torrents again"
        width={width}
        height={height}
      />
    );
  if (torrents.length === 0) return <EmptyList width={width} height={height} />;
  return (
    <Box flexDirection="column" height={height}>
      <Box flexDirection="column" height={layout.height} flexShrink={0}>
        {layout.isTable ? (
          <TorrentTable
            torrents={torrents}
            selected={selected}
            width={width}
            height={layout.height}
          />
        ) : (
          <Cards {...props} />
        )}
      </Box>
      {layout.previewHeight > 0 && detail !== undefined && (
        <>
          <Box height={1} flexShrink={0} />
          <Preview {...props} detail={detail} />
        </>
      )}
    </Box>
  );
}

/** A preview higher than this leaves room for the peers, or the files, of the torrent. */
const ENOUGH_PREVIEW = 26;
const MIN_ROWS_HEIGHT = 6;

interface PreviewProps extends ListScreenProps {
  readonly detail: TorrentDetail;
}

function Preview({ detail, layout, width, nowMs, sharedLimits }: PreviewProps) {
  const spare = layout.previewHeight - ENOUGH_PREVIEW;
  const hasRows = spare >= MIN_ROWS_HEIGHT && detail.peers.length + detail.files.length > 0;
  const height = hasRows ? ENOUGH_PREVIEW : layout.previewHeight;
  const rows = { row: NO_ROW, width, height: spare - 1 };
  return (
    <>
      <TorrentPreview torrent={detail} {...{ width, height, nowMs, sharedLimits }} />
      {hasRows && <Line />}
      {hasRows && detail.peers.length > 0 && <PeersTab torrent={detail} {...rows} />}
      {hasRows && detail.peers.length === 0 && <FilesTab files={detail.files} {...rows} />}
    </>
  );
}

/** None is marked: the keys are in the list. */
const NO_ROW = -1;

function Cards({ torrents, selected, layout, width }: ListScreenProps) {
  const { first, end } = layout.window;
  return (
    <Box flexDirection="column" rowGap={layout.isAiry ? 1 : 0}>
      {torrents.slice(first, end).map((torrent, index) => (
        <TorrentCard
          key={torrent.infoHash}
          torrent={torrent}
          isSelected={first + index === selected}
          width={width}
        />
      ))}
    </Box>
  );
}
