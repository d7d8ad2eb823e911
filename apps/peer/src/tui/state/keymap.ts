/** Which key does what where. The help and the hints at the foot are made from this table too. */
import type { TorrentSummary } from '@shoal/engine';
import type { UiState } from './ui-state.ts';

/** What a key asks for; `app` carries it out. */
export type Act =
  | 'next'
  | 'previous'
  | 'page-down'
  | 'page-up'
  | 'first'
  | 'last'
  | 'open'
  | 'back'
  | 'next-tab'
  | 'previous-tab'
  | 'tab-1'
  | 'tab-2'
  | 'tab-3'
  | 'tab-4'
  | 'tab-5'
  | 'tab-6'
  | 'add'
  | 'toggle-pause'
  | 'toggle-pause-all'
  | 'remove'
  | 'limits'
  | 'verify'
  | 'sequential'
  | 'announce'
  | 'disconnect'
  | 'ban'
  | 'toggle-file'
  | 'toggle-files'
  | 'cycle-priority'
  | 'next-torrent'
  | 'previous-torrent'
  | 'filter'
  | 'show-all'
  | 'order'
  | 'magnet'
  | 'command'
  | 'repaint'
  | 'suspend'
  | 'help'
  | 'quit';

/** Where a binding holds; the narrowest wins. */
type Place = 'everywhere' | 'list' | 'tabs' | 'peers' | 'files';

/** The headings of the help. */
export const GROUPS = {
  move: 'Move',
  views: 'Views',
  files: 'Files of a torrent',
  peers: 'Peers of a torrent',
  torrent: 'Torrent',
  program: 'Program',
} as const;
export type Group = keyof typeof GROUPS;

export interface Binding {
  readonly group: Group;
  /** Names as `keyName` makes them. */
  readonly keys: readonly string[];
  readonly act: Act;
  readonly place: Place;
  /** What the help says, at most 16 letters; bindings without one stand with another. */
  readonly help?: string;
  /** The keys of several bindings that the help shows in one line. */
  readonly helpKeys?: readonly string[];
  /** One word for the foot of the screen. */
  readonly hint?: string;
}

/** A key and one word for it. */
export type Hint = Pick<Binding, 'keys' | 'hint'>;

export const BINDINGS: readonly Binding[] = [
  ...groupOf('move', [
    bind('next', ['j', 'down'], { help: 'move', helpKeys: ['j', 'k', 'down', 'up'] }),
    bind('previous', ['k', 'up']),
    bind('page-down', ['pagedown', 'ctrl-d', 'ctrl-f'], {
      help: 'a page',
      helpKeys: ['pagedown', 'pageup'],
    }),
    bind('page-up', ['pageup', 'ctrl-u', 'ctrl-b']),
    bind('first', ['g', 'home'], { help: 'first, last', helpKeys: ['g', 'G'] }),
    bind('last', ['G', 'end']),
  ]),
  ...groupOf('views', [
    bind('open', ['enter', 'right'], { place: 'list', help: 'open', hint: 'open' }),
    bind('back', ['esc', 'backspace'], { place: 'tabs', help: 'back to the list', hint: 'back' }),
    bind('next-tab', ['tab', 'right'], {
      place: 'tabs',
      help: 'next tab',
      helpKeys: ['tab', 'left', 'right'],
      hint: 'next',
    }),
    bind('next-tab', ['tab'], { place: 'list' }),
    bind('previous-tab', ['shift-tab', 'left'], { place: 'tabs' }),
    bind('tab-1', ['1'], { help: 'its six tabs', helpKeys: ['1', '…', '6'] }),
    bind('tab-2', ['2']),
    bind('tab-3', ['3']),
    bind('tab-4', ['4']),
    bind('tab-5', ['5']),
    bind('tab-6', ['6']),
    bind('next-torrent', [']'], {
      place: 'tabs',
      help: 'next torrent',
      helpKeys: ['[', ']'],
    }),
    bind('previous-torrent', ['['], { place: 'tabs' }),
    bind('filter', ['f'], { place: 'list', help: 'filter, order', helpKeys: ['f', 'o'] }),
    bind('order', ['o'], { place: 'list' }),
    bind('show-all', ['esc'], { place: 'list', hint: 'show all' }),
  ]),
  ...groupOf('files', [
    bind('toggle-file', ['space', 'enter'], {
      place: 'files',
      help: 'one, all on/off',
      helpKeys: ['space', 'A'],
      hint: 'on/off',
    }),
    bind('toggle-files', ['A'], { place: 'files', hint: 'all' }),
    bind('cycle-priority', ['p'], { place: 'files', help: 'file priority', hint: 'priority' }),
  ]),
  ...groupOf('peers', [
    bind('disconnect', ['x'], {
      place: 'peers',
      help: 'disconnect, ban',
      helpKeys: ['x', 'b'],
      hint: 'disconnect',
    }),
    bind('ban', ['b'], { place: 'peers', hint: 'ban' }),
  ]),
  ...groupOf('torrent', [
    bind('add', ['a'], { help: 'add a torrent', hint: 'add' }),
    bind('toggle-pause', ['p', 'space'], {
      help: 'pause one, all',
      helpKeys: ['p', 'P'],
      hint: 'pause',
    }),
    bind('toggle-pause', ['P'], { place: 'tabs' }),
    bind('toggle-pause-all', ['P'], { place: 'list' }),
    bind('remove', ['d', 'delete'], { help: 'remove', hint: 'remove' }),
    bind('limits', ['l'], { help: 'limit its rates', hint: 'limits' }),
    bind('verify', ['v'], { help: 'verify its data' }),
    bind('sequential', ['s'], { help: 'fetch in order' }),
    bind('announce', ['t'], { help: 'ask the trackers' }),
    bind('magnet', ['y'], { help: 'copy its magnet' }),
  ]),
  ...groupOf('program', [
    bind('command', ['/', ':'], { help: 'command: /help', hint: 'command' }),
    bind('repaint', ['ctrl-l'], { help: 'redraw, to shell', helpKeys: ['ctrl-l', 'ctrl-z'] }),
    bind('suspend', ['ctrl-z']),
    bind('help', ['?'], { help: 'this help', hint: 'help' }),
    bind('quit', ['q'], { help: 'quit', helpKeys: ['q', 'ctrl-c'], hint: 'quit' }),
  ]),
];

/** Bindings before they stand under a heading. */
type Unplaced = Omit<Binding, 'group'>;

function groupOf(group: Group, bindings: readonly Unplaced[]): Binding[] {
  return bindings.map((binding) => ({ ...binding, group }));
}

function bind(
  act: Act,
  keys: readonly string[],
  more: Partial<Omit<Unplaced, 'act' | 'keys'>> = {},
): Unplaced {
  return { act, keys, place: 'everywhere', ...more };
}

/** What `key` does in the view; undefined when it does nothing there. */
export function actFor(view: UiState['view'], key: string): Act | undefined {
  const places = placesOf(view);
  const found = places.map((place) =>
    BINDINGS.find((binding) => binding.place === place && binding.keys.includes(key)),
  );
  return found.find((binding) => binding !== undefined)?.act;
}

/** What needs no torrent. */
const ALWAYS: ReadonlySet<Act> = new Set(['add', 'limits', 'help', 'quit']);

/** The part of a torrent that the hints depend on. */
type HintedTorrent = Pick<TorrentSummary, 'status'>;

/** Whether `toggle-pause` makes it go on. */
export function isHalted({ status }: HintedTorrent): boolean {
  return status === 'paused' || status === 'error';
}

/**
 * The bindings that have a hint and do something in the view, those of the narrowest place first.
 * @param torrent - the selected one
 * @param isFiltered - whether the list shows only some
 */
export function hintsFor(
  view: UiState['view'],
  torrent: HintedTorrent | undefined,
  isFiltered = false,
): readonly Binding[] {
  const hasTorrent = torrent !== undefined;
  const hints = placesOf(view)
    .flatMap((place) => BINDINGS.filter((binding) => binding.place === place))
    .filter(({ hint, keys, act }) => hint !== undefined && actFor(view, keys[0]!) === act)
    .filter(({ act }) => (act === 'show-all' ? isFiltered : hasTorrent || ALWAYS.has(act)))
    .sort((a, b) => Number(b.act === 'show-all') - Number(a.act === 'show-all'));
  return hints.map((one) => {
    if (one.act === 'toggle-pause' && hasTorrent && isHalted(torrent))
      return { ...one, hint: 'resume' };
    // Beside the rows of a view a bare word would mean the row.
    return one.act === 'remove' && view !== 'list' ? { ...one, hint: 'remove torrent' } : one;
  });
}

/** While a dialog takes the keys. */
export const DIALOG_HINTS: readonly Hint[] = [{ keys: ['esc'], hint: 'close' }];

function placesOf(view: UiState['view']): readonly Place[] {
  if (view === 'list') return ['list', 'everywhere'];
  if (view === 'files' || view === 'peers') return [view, 'tabs', 'everywhere'];
  return ['tabs', 'everywhere'];
}
