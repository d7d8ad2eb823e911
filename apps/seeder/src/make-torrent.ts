/** The torrent of a path that is shared for the first time, or again. */
import { basename, resolve } from 'node:path';
import {
  CliError,
  checkTorrentTarget,
  cleanText,
  ExitCode,
  explaining,
  formatByteSize,
  formatPercent,
  type Reporter,
  readTorrentFile,
  torrentPath,
  writeTorrentFile,
} from '@shoal/cli';
import { createTorrent, type Metainfo, parseMetainfo } from '@shoal/metainfo';
import { idToHex } from '@shoal/units';
import type { SeederFlags } from './seeder-flags.ts';
import { USER_AGENT } from './version.ts';

/**
 * Hashes a path and writes PATH.torrent, or what `-o` names; a torrent of the same content and
 * trackers that lies there already stays as it is.
 * @param ownTracker - the URL of the tracker it serves itself: named when no other is
 * @throws CliError: no tracker given (2), nothing there, not writable, disk full (9)
 */
export async function makeTorrent(
  path: string,
  ownTracker: string | undefined,
  flags: SeederFlags,
  reporter: Reporter,
  signal: AbortSignal,
): Promise<Metainfo> {
  const urls = flags.tracker ?? (ownTracker === undefined ? [] : [ownTracker]);
  const trackers = urls.map((url) => [url]);
  if (trackers.length === 0) throw noTracker(path);
  const own = resolve(path);
  const target = await torrentPath(flags.output, `${basename(own)}.torrent`, `${own}.torrent`);
  await checkTorrentTarget(target, { mayReplace: true });
  const { bytes, metainfo } = await explaining('', () =>
    createTorrent(path, {
      trackers,
      isPrivate: flags.private === true,
      createdBy: USER_AGENT,
      creationDateS: Math.floor(Date.now() / 1000),
      ...(flags.pieceLength === undefined ? {} : { pieceLength: flags.pieceLength }),
      ...(flags.comment === undefined ? {} : { comment: flags.comment }),
      onProgress: ({ hashedLength, totalLength }) =>
        reporter.progress(() => formatHashing(path, hashedLength, totalLength)),
      signal,
    }),
  );
  if (!(await isSameTorrent(target, metainfo)))
    await writeTorrentFile(target, bytes, { mayReplace: true });
  const { infoHash } = metainfo.info;
  reporter.event('created', { path: target, infoHash: idToHex(infoHash) });
  reporter.say(`${cleanText(target)} is the torrent of ${cleanText(path)}`);
  return metainfo;
}

async function isSameTorrent(path: string, wanted: Metainfo): Promise<boolean> {
  try {
    const found = parseMetainfo(await readTorrentFile(path));
    const key = ({ info, trackers, comment }: Metainfo): string =>
      JSON.stringify([idToHex(info.infoHash), trackers, comment]);
    return key(found) === key(wanted);
  } catch {
    return false;
  }
}

function formatHashing(path: string, hashedLength: number, totalLength: number): string {
  const fraction = totalLength === 0 ? 1 : hashedLength / totalLength;
  return `hashing ${cleanText(path)}: ${formatPercent(fraction)} of ${formatByteSize(totalLength)}`;
}

function noTracker(path: string): CliError {
  return new CliError(
    ExitCode.usage,
    `A torrent of ${cleanText(path)} needs a tracker.`,
    'Give its URL with --tracker, such as http://192.0.2.7:6969/announce, or --serve-tracker.',
  );
}
