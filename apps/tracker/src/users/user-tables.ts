/** Users and what they have moved as lines of text. Pure. */
import { formatByteSize } from '@shoal/cli';
import type { User, UserTorrent } from '@shoal/tracker/server';
import { idToHex } from '@shoal/units';

/** A line of headings, and one a user. */
export function userTable(users: readonly User[]): string[] {
  return align([
    ['NAME', 'STATE', 'UPLOADED', 'DOWNLOADED', 'RATIO', 'TORRENTS', 'CUT'],
    ...users.map((user) => [
      user.name,
      user.isDisabled ? 'disabled' : 'enabled',
      formatByteSize(user.uploaded),
      formatByteSize(user.downloaded),
      formatRatio(user.uploaded, user.downloaded),
      `${user.torrentCount}`,
      `${user.clippedCount}`,
    ]),
  ]);
}

/** A line of headings, and one a torrent. */
export function torrentTable(torrents: readonly UserTorrent[]): string[] {
  return align([
    ['INFOHASH', 'UPLOADED', 'DOWNLOADED', 'RATIO', 'CUT', 'LAST MOVED'],
    ...torrents.map((torrent) => [
      idToHex(torrent.infoHash),
      formatByteSize(torrent.uploaded),
      formatByteSize(torrent.downloaded),
      formatRatio(torrent.uploaded, torrent.downloaded),
      `${torrent.clippedCount}`,
      new Date(torrent.heardMs).toISOString().slice(0, 16).replace('T', ' '),
    ]),
  ]);
}

function formatRatio(uploaded: number, downloaded: number): string {
  return downloaded === 0 ? '-' : (uploaded / downloaded).toFixed(2);
}

/** Columns as wide as their widest cell. */
function align(rows: readonly (readonly string[])[]): string[] {
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  return rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column]!))
      .join('  ')
      .trimEnd(),
  );
}
