/** The screen's own state together with the list of torrents: what is selected, where it goes. Pure. */
import type { TorrentSummary } from '@shoal/engine';
import { wrapHanging } from '../format/wrap.ts';
import { arrange } from './arrange.ts';
import { ANSWER_FRAME_WIDTH, type Layout, layOut } from './layout.ts';
import { type PromptLines, promptLines } from './prompt-lines.ts';
import { selectedIndex } from './ui-reducer.ts';
import { filterOf, type UiState } from './ui-state.ts';

export interface Look {
  /** With the list in view when there is no torrent to show. */
  readonly ui: UiState;
  /** Those in the list, in its order. */
  readonly torrents: readonly TorrentSummary[];
  /** Index of the selected torrent. */
  readonly selected: number;
  readonly torrent: TorrentSummary | undefined;
  readonly layout: Layout;
  /** Below the line of the prompt, when there is one. */
  readonly below: PromptLines | undefined;
  /** The lines of the answer that is shown, as they fit on the screen. */
  readonly answerLines: readonly string[];
  readonly screen: WindowSize;
}

export interface WindowSize {
  /** Columns. */
  readonly width: number;
  /** Lines. */
  readonly height: number;
}

export function lookAt(kept: UiState, all: readonly TorrentSummary[], screen: WindowSize): Look {
  const torrents = arrange(all, kept.order, filterOf(kept));
  const order = torrents.map((torrent) => torrent.infoHash);
  const selected = selectedIndex(order, kept.selected);
  const torrent = torrents[selected];
  const ui: UiState = torrent === undefined ? { ...kept, view: 'list' } : kept;
  const { overlay } = ui;
  const below =
    overlay?.name === 'prompt' ? promptLines(overlay, screen, torrent !== undefined) : undefined;
  const answerLines =
    overlay?.name === 'answer'
      ? overlay.lines.flatMap((line) => wrapHanging(line, screen.width - ANSWER_FRAME_WIDTH))
      : [];
  const layout = layOut({
    ...screen,
    view: ui.view,
    promptLength: below?.lines.length,
    torrentCount: torrents.length,
    selected,
  });
  return { ui, torrents, selected, torrent, layout, below, answerLines, screen };
}
