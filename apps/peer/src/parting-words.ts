/** What the screen leaves behind on the terminal. Pure. */
import type { TorrentSummary } from '@shoal/engine';

/** One sentence about what stays; undefined when there was no torrent. */
export function partingWords(
  torrents: readonly Pick<TorrentSummary, 'status'>[],
): string | undefined {
  if (torrents.length === 0) return undefined;
  const unfinished = torrents.filter(({ status }) => status !== 'seeding').length;
  const count = torrents.length === 1 ? '1 torrent' : `${torrents.length} torrents`;
  if (unfinished === 0) return `${count}, all complete; the same command seeds again.`;
  return `${count}, ${unfinished} unfinished; the same command goes on.`;
}
