/** `/create`: a torrent of a file or folder. */
import { basename, join } from 'node:path';
import {
  checkTorrentTarget,
  cleanText,
  formatByteSize,
  formatPercent,
  writeTorrentFile,
} from '@shoal/cli';
import { createTorrent, formatMagnet } from '@shoal/metainfo';
import { idToHex } from '@shoal/units';
import { magnetOf } from '../../magnet-of.ts';
import { formatNoun } from '../../tui/format/numbers.ts';
import { USER_AGENT } from '../../version.ts';
import { reporting, say, saySoFar } from '../answer.ts';
import { many } from '../argument.ts';
import { pathArgument } from '../arguments/path-argument.ts';
import { urlArgument } from '../arguments/word-arguments.ts';
import { command } from '../command.ts';

export const create = command({
  name: 'create',
  section: 'torrents',
  summary: 'makes NAME.torrent of a file or folder, if none is there; each URL is a tracker',
  answers: 'progress, then the torrent that was written, its infohash and its magnet',
  examples: ['/create ~/reef http://192.0.2.1:6969/announce', '/create "my film.mkv"'],
  arguments: [pathArgument, many(urlArgument)],
  async *run({ host, signal }, path, urls) {
    const target = join(host.folder, `${basename(path)}.torrent`);
    await checkTorrentTarget(target, { mayReplace: false });
    const { bytes, metainfo } = yield* reporting((report) =>
      createTorrent(path, {
        trackers: urls.map((url) => [url]),
        createdBy: USER_AGENT,
        creationDateS: Math.floor(host.clock.wallMs() / 1000),
        onProgress: ({ hashedLength, totalLength }) =>
          report(
            saySoFar(`hashed ${formatPercent(hashedLength / totalLength)}`, {
              hashedLength,
              totalLength,
            }),
          ),
        signal,
      }),
    );
    await writeTorrentFile(target, bytes, { mayReplace: false });
    const { layout, infoHash, name } = metainfo.info;
    const magnet = formatMagnet(magnetOf(metainfo));
    const size = `${formatByteSize(layout.totalLength)} in ${formatNoun(layout.pieceCount, 'piece')} of ${formatByteSize(layout.pieceLength)}`;
    yield say(
      `${cleanText(target)}: ${size}\ninfohash  ${idToHex(infoHash)}\nmagnet    ${magnet}`,
      { path: target, name, infoHash: idToHex(infoHash), magnet },
    );
  },
});
