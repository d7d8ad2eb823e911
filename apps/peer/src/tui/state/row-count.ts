/** How far keys can move in a tab. */
import type { TorrentDetail } from '@shoal/engine';
import type { TabName } from './ui-state.ts';

/** How many rows a tab has; tabs without rows have none. */
export function rowCountOf(torrent: TorrentDetail | undefined, tab: TabName): number {
  switch (tab) {
    case 'peers':
    case 'files':
    case 'trackers':
    case 'log':
      return torrent?.[tab].length ?? 0;
    case 'overview':
    case 'pieces':
      return 0;
  }
}
