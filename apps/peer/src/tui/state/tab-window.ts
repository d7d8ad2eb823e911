/** Which rows of a tab are in sight. Pure. */
import type { TorrentDetail } from '@shoal/engine';
import { formatWindow, listWindow } from '../format/window.ts';
import { rowCountOf } from './row-count.ts';
import type { TabName } from './ui-state.ts';

/** Lines of each tab that are no rows: its head, its legend, what it tells of the selected row. */
const OTHER_LINES: Readonly<Record<TabName, number>> = {
  overview: 0,
  peers: 2,
  files: 1,
  pieces: 0,
  trackers: 3,
  log: 0,
};

/** `4–12 of 18`; nothing while all is in sight. @param height - lines of the tab */
export function tabPlace(
  torrent: TorrentDetail | undefined,
  tab: TabName,
  row: number,
  height: number,
): string {
  const count = rowCountOf(torrent, tab);
  const room = Math.max(1, height - OTHER_LINES[tab]);
  if (tab !== 'log') return formatWindow(listWindow(count, row, room), count);
  const end = Math.max(Math.min(room, count), count - row);
  return formatWindow({ first: Math.max(0, end - room), end }, count);
}
