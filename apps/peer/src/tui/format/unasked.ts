/** Why the trackers of a torrent are not asked for peers. Pure. */
import type { TorrentDetail } from '@shoal/engine';

/** What follows its name, with the next step: `is paused: p lets it go on`; undefined when they can be asked. */
export function whyUnasked({
  status,
  trackers,
}: Pick<TorrentDetail, 'status' | 'trackers'>): string | undefined {
  switch (status) {
    case 'paused':
      return 'is paused: p lets it go on';
    case 'error':
      return 'has stopped: p tries again';
    case 'checking':
      return 'is being checked: peers come after that';
    case 'closed':
      return 'is closed';
    default:
      return trackers.length === 0 ? 'names no tracker: peers come through others' : undefined;
  }
}
