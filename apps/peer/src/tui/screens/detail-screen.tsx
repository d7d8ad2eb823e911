/** The tab in view of one torrent. */
import type { Limits, TorrentDetail } from '@shoal/engine';
import type { TabName } from '../state/ui-state.ts';
import { FilesTab } from './files-tab.tsx';
import { LogTab } from './log-tab.tsx';
import { OverviewTab } from './overview-tab.tsx';
import { PeersTab } from './peers-tab.tsx';
import { PiecesTab } from './pieces-tab.tsx';
import { TrackersTab } from './trackers-tab.tsx';

export interface DetailScreenProps {
  readonly torrent: TorrentDetail;
  readonly tab: TabName;
  readonly row: number;
  readonly width: number;
  readonly height: number;
  /** Wall time, milliseconds since 1970. */
  readonly nowMs: number;
  /** Of all torrents together. */
  readonly sharedLimits: Limits;
}

export function DetailScreen(props: DetailScreenProps) {
  const { torrent, tab, row, width, height, nowMs, sharedLimits } = props;
  const size = { width, height };
  switch (tab) {
    case 'overview':
      return <OverviewTab torrent={torrent} {...size} nowMs={nowMs} sharedLimits={sharedLimits} />;
    case 'peers':
      return <PeersTab torrent={torrent} row={row} {...size} />;
    case 'files':
      return <FilesTab files={torrent.files} row={row} {...size} />;
    case 'pieces':
      return <PiecesTab torrent={torrent} {...size} />;
    case 'trackers':
      return <TrackersTab trackers={torrent.trackers} row={row} {...size} nowMs={nowMs} />;
    case 'log':
      return <LogTab log={torrent.log} scrolled={row} {...size} />;
  }
}
