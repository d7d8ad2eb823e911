/** Which torrent a command is for. */
import type { EngineHandle, TorrentSummary } from '@shoal/engine';
import { CommandError } from './command-error.ts';

/**
 * The torrent by its name, by the beginning of its infohash, or by the beginning of its name, the
 * first of these that fits.
 * @throws CommandError `no-torrent` when none fits, or several do
 */
export function findTorrent(engine: EngineHandle, text: string): TorrentSummary {
  const { torrents } = engine.getSnapshot();
  const lower = text.toLowerCase();
  const ways: readonly ((torrent: TorrentSummary) => boolean)[] = [
    ({ name }) => name === text,
    ({ infoHash }) => /^[0-9a-f]+$/.test(lower) && infoHash.startsWith(lower),
    ({ name }) => name.toLowerCase().startsWith(lower),
  ];
  for (const way of ways) {
    const found = torrents.filter(way);
    if (found.length === 1) return found[0]!;
    if (found.length > 1)
      throw new CommandError(
        'no-torrent',
        `"${text}" names ${found.length} torrents`,
        'give more of the name, or the infohash as /see_swarms shows it',
      );
  }
  throw new CommandError(
    'no-torrent',
    `There is no torrent "${text}"`,
    'see the names with /see_swarms',
  );
}

/**
 * The torrent in view, or the only one there is.
 * @throws CommandError `no-torrent`
 */
export function torrentInView(engine: EngineHandle, inView: string | undefined): TorrentSummary {
  const { torrents } = engine.getSnapshot();
  const seen = torrents.find(({ infoHash }) => infoHash === inView);
  if (seen !== undefined) return seen;
  if (torrents.length === 1) return torrents[0]!;
  if (torrents.length === 0)
    throw new CommandError('no-torrent', 'There is no torrent', 'add one with /add');
  throw new CommandError(
    'no-torrent',
    `There are ${torrents.length} torrents and none is in view`,
    'name one with --torrent NAME',
  );
}
