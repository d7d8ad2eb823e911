/** What stands in the help, and how much of it is in sight. Pure. */
import { BINDINGS, type Binding, GROUPS, type Group } from './keymap.ts';

/** A heading, a binding, or a blank line. */
export type HelpRow = { readonly heading: string } | Binding | undefined;

export interface HelpRows {
  readonly left: readonly HelpRow[];
  readonly right: readonly HelpRow[];
  /** Lines of the longer side. */
  readonly length: number;
  /** As many of them as fit. */
  readonly shownLength: number;
}

/** Border and title. */
export const HELP_FRAME_HEIGHT = 3;

/** Which groups stand left and which right, where there is room for headings. */
const SIDES: readonly (readonly Group[])[] = [
  ['move', 'views', 'files'],
  ['torrent', 'peers', 'program'],
];

/** @param screenHeight - lines of the terminal */
export function helpRows(screenHeight: number, hasCommands: boolean): HelpRows {
  const entries = BINDINGS.filter(
    ({ help, act }) => help !== undefined && (hasCommands || act !== 'command'),
  );
  const room = Math.max(1, screenHeight - HELP_FRAME_HEIGHT);
  const grouped = SIDES.map((groups) => underHeadings(entries, groups));
  const isGrouped = Math.max(...grouped.map((side) => side.length)) <= room;
  const [left = [], right = []] = isGrouped ? grouped : inHalves(entries);
  const length = Math.max(left.length, right.length);
  return { left, right, length, shownLength: Math.min(length, room) };
}

function underHeadings(entries: readonly Binding[], groups: readonly Group[]): HelpRow[] {
  return groups.flatMap((group) => [
    undefined,
    { heading: GROUPS[group] },
    ...entries.filter((entry) => entry.group === group),
  ]);
}

/** Without headings, for windows that are too low for them. */
function inHalves(entries: readonly Binding[]): HelpRow[][] {
  const half = Math.ceil(entries.length / 2);
  return [entries.slice(0, half), entries.slice(half)];
}
