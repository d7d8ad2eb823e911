/** Which torrents of the list are shown, in which order. Pure. */
import type { TorrentStatusName, TorrentSummary } from '@shoal/engine';

/** What `o` goes through. */
export const ORDERS = ['added', 'name', 'status', 'progress', 'size'] as const;
export type Order = (typeof ORDERS)[number];

const STATUS_RANKS: Readonly<Record<TorrentStatusName, number>> = {
  error: 0,
  downloading: 1,
  metadata: 2,
  checking: 3,
  paused: 4,
  seeding: 5,
  closed: 6,
};
/** What is added in one go counts as added together. */
const TOGETHER_MS = 60_000;

/** The number that goes before the name. */
const RANKS: Readonly<Record<Order, (torrent: TorrentSummary) => number>> = {
  added: ({ addedAtMs }) => Math.floor(addedAtMs / TOGETHER_MS),
  name: () => 0,
  status: ({ status }) => STATUS_RANKS[status],
  progress: ({ haveLength, wantedLength }) => (wantedLength > 0 ? haveLength / wantedLength : 0),
  size: ({ wantedLength }) => -wantedLength,
};

/** `track 2` before `track 10`. */
const byName = new Intl.Collator(undefined, { numeric: true, sensitivity: 'base' });

/** @param filter - every word of it stands somewhere in the name */
export function arrange(
  torrents: readonly TorrentSummary[],
  order: Order,
  filter: string,
): readonly TorrentSummary[] {
  const words = filter.toLowerCase().split(/\s+/);
  const rank = RANKS[order];
  return torrents
    .filter(({ name }) => words.every((word) => name.toLowerCase().includes(word)))
    .sort((a, b) => rank(a) - rank(b) || byName.compare(a.name, b.name));
}
