/** What each act of the keymap does. */
import { ORDERS, type Order } from '../state/arrange.ts';
import type { Act } from '../state/keymap.ts';
import { rowCountOf } from '../state/row-count.ts';
import { selectedIndex } from '../state/ui-reducer.ts';
import { TABS, type TabName } from '../state/ui-state.ts';
import type { Controls } from './controls.ts';
import { banQuestion, disconnect, peerAt } from './peer-acts.ts';
import { askLimits } from './prompts.ts';
import {
  actOnFile,
  actOnTorrent,
  type FileAct,
  removeTorrent,
  type TorrentAct,
  togglePauseAll,
} from './torrent-acts.ts';

export const ACTS: Readonly<Record<Act, (controls: Controls) => void>> = {
  next: (controls) => move(controls, 1),
  previous: (controls) => move(controls, -1),
  'page-down': (controls) => move(controls, controls.layout.pageLength),
  'page-up': (controls) => move(controls, -controls.layout.pageLength),
  first: (controls) => move(controls, Number.NEGATIVE_INFINITY),
  last: (controls) => move(controls, Number.POSITIVE_INFINITY),
  open: (controls) => showTab(controls, TABS[0]),
  back: ({ dispatch }) => dispatch({ type: 'show', view: 'list' }),
  'next-tab': (controls) => turnTab(controls, 1),
  'previous-tab': (controls) => turnTab(controls, -1),
  'tab-1': (controls) => showTab(controls, TABS[0]),
  'tab-2': (controls) => showTab(controls, TABS[1]),
  'tab-3': (controls) => showTab(controls, TABS[2]),
  'tab-4': (controls) => showTab(controls, TABS[3]),
  'tab-5': (controls) => showTab(controls, TABS[4]),
  'tab-6': (controls) => showTab(controls, TABS[5]),
  add: ({ saveFolder, dispatch }) =>
    dispatch({ type: 'ask', prompt: { purpose: 'add', saveFolder } }),
  'toggle-pause': (controls) => onTorrent(controls, 'toggle-pause'),
  'toggle-pause-all': onAllShown,
  remove: askRemove,
  limits: askLimits,
  verify: (controls) => onTorrent(controls, 'verify'),
  sequential: (controls) => onTorrent(controls, 'sequential'),
  announce: (controls) => onTorrent(controls, 'announce'),
  'toggle-file': (controls) => onFile(controls, 'toggle-file'),
  'toggle-files': (controls) => onFile(controls, 'toggle-files'),
  'cycle-priority': (controls) => onFile(controls, 'cycle-priority'),
  disconnect: disconnectSelected,
  ban: askBan,
  command: askCommand,
  'next-torrent': (controls) => turnTorrent(controls, 1),
  'previous-torrent': (controls) => turnTorrent(controls, -1),
  filter: ({ ui, dispatch }) =>
    dispatch({ type: 'ask', prompt: { purpose: 'filter' }, text: ui.filter }),
  'show-all': ({ dispatch }) => dispatch({ type: 'filter', filter: '' }),
  order: turnOrder,
  magnet: showMagnet,
  repaint: ({ repaint }) => repaint(),
  suspend: ({ suspend }) => suspend(),
  help: ({ dispatch }) => dispatch({ type: 'overlay', overlay: { name: 'help', first: 0 } }),
  quit: ({ quit }) => quit('quit'),
};

/** Removes the torrent that was asked about, with its files if asked, and selects the one beside it. */
export function removeSelected(
  { engine, torrents, dispatch }: Controls,
  asked: { readonly infoHash: string; readonly torrentName: string },
  eraseData: boolean,
): void {
  const order = torrents.map((torrent) => torrent.infoHash);
  const at = selectedIndex(order, asked.infoHash);
  const neighbour = order[at + 1] ?? order[at - 1];
  dispatch({ type: 'show', view: 'list' });
  if (neighbour !== undefined) dispatch({ type: 'select', infoHash: neighbour });
  void removeTorrent(engine, { ...asked, eraseData }).then((notice) =>
    dispatch({ type: 'notice', notice }),
  );
}

function move({ engine, ui, torrents, torrent, dispatch }: Controls, by: number): void {
  const order = torrents.map(({ infoHash }) => infoHash);
  const detail = torrent && engine.torrent(torrent.infoHash)?.getDetail();
  const rowCount = ui.view === 'list' ? 0 : rowCountOf(detail, ui.view);
  dispatch({ type: 'move', by, order, rowCount });
}

function showTab({ torrent, dispatch }: Controls, view: TabName): void {
  if (torrent !== undefined) dispatch({ type: 'show', view });
}

function turnTab({ torrent, dispatch }: Controls, by: 1 | -1): void {
  if (torrent !== undefined) dispatch({ type: 'turn-tab', by });
}

/** The torrent beside it in the list, in the same tab. */
function turnTorrent({ torrents, selected, dispatch }: Controls, by: 1 | -1): void {
  const next = torrents[selected + by];
  if (next !== undefined) dispatch({ type: 'select', infoHash: next.infoHash });
}

function turnOrder({ ui, dispatch }: Controls): void {
  const order = ORDERS[(ORDERS.indexOf(ui.order) + 1) % ORDERS.length]!;
  dispatch({ type: 'order', order });
  dispatch({ type: 'notice', notice: { tone: 'plain', text: `ordered by ${ORDER_WORDS[order]}` } });
}

const ORDER_WORDS: Readonly<Record<Order, string>> = {
  added: 'the time they were added',
  name: 'name',
  status: 'what they do, the stopped first',
  progress: 'progress, the least first',
  size: 'size, the largest first',
};

/** Copies it, and shows it too: not every terminal lets itself be copied from. */
function showMagnet({ engine, torrent, dispatch, copy }: Controls): void {
  const magnet = torrent && engine.torrent(torrent.infoHash)?.getDetail().magnet;
  if (torrent === undefined || magnet === undefined) return;
  copy(magnet);
  const lines = [magnet, '', 'It is in the clipboard too, where the terminal allows that.'];
  const overlay = { name: 'answer', title: `Magnet of ${torrent.name}`, lines, first: 0 } as const;
  dispatch({ type: 'overlay', overlay });
}

function askRemove({ torrent, dispatch }: Controls): void {
  if (torrent === undefined) return;
  const { infoHash, name } = torrent;
  dispatch({ type: 'overlay', overlay: { name: 'remove', infoHash, torrentName: name } });
}

function disconnectSelected({ engine, torrent, ui, dispatch }: Controls): void {
  const peer = torrent && peerAt(engine, torrent.infoHash, ui.row);
  if (peer === undefined) return;
  dispatch({ type: 'notice', notice: disconnect(engine, torrent!.infoHash, peer) });
}

function askBan({ engine, torrent, ui, dispatch }: Controls): void {
  const peer = torrent && peerAt(engine, torrent.infoHash, ui.row);
  if (peer !== undefined) dispatch({ type: 'overlay', overlay: banQuestion(peer) });
}

function askCommand({ commands, dispatch }: Controls): void {
  if (commands === undefined) return;
  dispatch({ type: 'ask', prompt: { purpose: 'command' }, text: '/' });
}

function onTorrent({ engine, torrent, dispatch }: Controls, act: TorrentAct): void {
  if (torrent === undefined) return;
  void actOnTorrent(engine, torrent, act).then((notice) => {
    if (notice !== undefined) dispatch({ type: 'notice', notice });
  });
}

function onAllShown({ engine, torrents, dispatch }: Controls): void {
  const notice = togglePauseAll(engine, torrents);
  if (notice !== undefined) dispatch({ type: 'notice', notice });
}

function onFile({ engine, torrent, ui, dispatch }: Controls, act: FileAct): void {
  const notice = torrent && actOnFile(engine, torrent.infoHash, ui.row, act);
  if (notice !== undefined) dispatch({ type: 'notice', notice });
}
