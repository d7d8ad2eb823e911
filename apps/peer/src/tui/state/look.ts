/** The screen's own state together with the list of torrents: what is selected, where it goes. Pure. */
import type { TorrentSummary } from '@shoal/engine';
import { type Layout, layOut } from './layout.ts';
import { selectedIndex } from './ui-reducer.ts';
import type { UiState } from './ui-state.ts';

export interface Look {
  /** With the list in view when there is no torrent to show. */
  readonly ui: UiState;
  readonly torrents: readonly TorrentSummary[];
  /** Index of the selected torrent. */
  readonly selected: number;
  readonly torrent: TorrentSummary | undefined;
  readonly layout: Layout;
}

export interface WindowSize {
  /** Columns. */
  readonly width: number;
  /** Lines. */
  readonly height: number;
}

export function lookAt(
  kept: UiState,
  torrents: readonly TorrentSummary[],
  { width, height }: WindowSize,
): Look {
  const order = torrents.map((torrent) => torrent.infoHash);
  const selected = selectedIndex(order, kept.selected);
  const torrent = torrents[selected];
  const ui: UiState = torrent === undefined ? { ...kept, view: 'list' } : kept;
  const layout = layOut({
    width,
    height,
    view: ui.view,
    isPrompt: ui.overlay?.name === 'prompt',
    torrentCount: torrents.length,
    selected,
  });
  return { ui, torrents, selected, torrent, layout };
}
