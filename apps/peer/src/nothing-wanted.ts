/** Whether a torrent has files and none of them is selected: it waits for nothing, and is not complete. Pure. */
import type { TorrentSummary } from '@shoal/engine';

/** False while the files are not known. */
export function isNothingWanted({
  fileCount,
  wantedFileCount,
}: Pick<TorrentSummary, 'fileCount' | 'wantedFileCount'>): boolean {
  return fileCount > 0 && wantedFileCount === 0;
}
