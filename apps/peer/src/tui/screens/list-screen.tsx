/** The list of torrents, and a look at the selected one where there is room for it. */
import type { TorrentDetail, TorrentSummary } from '@shoal/engine';
import { Box } from 'ink';
import { EmptyList } from '../components/empty-list.tsx';
import { TorrentCard } from '../components/torrent-card.tsx';
import { TorrentPreview } from '../components/torrent-preview.tsx';
import { TorrentTable } from '../components/torrent-table.tsx';
import type { ListLayout } from '../state/layout.ts';

export interface ListScreenProps {
  readonly torrents: readonly TorrentSummary[];
  /** Index of the selected torrent. */
  readonly selected: number;
  /** Of the selected torrent, when the layout has a preview. */
  readonly detail: TorrentDetail | undefined;
  readonly layout: ListLayout;
  readonly width: number;
  readonly height: number;
}

export function ListScreen(props: ListScreenProps) {
  const { torrents, selected, detail, layout, width, height } = props;
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
          <Box flexGrow={1} />
          <TorrentPreview torrent={detail} width={width} height={layout.previewHeight} />
        </>
      )}
    </Box>
  );
}

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
