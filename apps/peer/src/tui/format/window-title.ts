/** What stands in the title of the terminal's window. Pure. */
import type { TorrentSummary } from '@shoal/engine';

/**
 * `42% shoal` while something is downloaded, else `shoal`: the share comes first, for a tab in a
 * row of many shows no more. Nothing in it is from outside, and all of it is ASCII.
 */
export function windowTitle(
  torrents: readonly Pick<TorrentSummary, 'status' | 'haveLength' | 'wantedLength'>[],
): string {
  const coming = torrents.filter(({ status }) => status === 'downloading');
  const wanted = coming.reduce((sum, { wantedLength }) => sum + wantedLength, 0);
  if (wanted === 0) return 'shoal';
  const have = coming.reduce((sum, { haveLength }) => sum + haveLength, 0);
  return `${Math.floor((100 * have) / wanted)}% shoal`;
}
