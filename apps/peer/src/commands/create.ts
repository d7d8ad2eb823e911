/** `shoal create`: makes a torrent of a file or folder. */
import { basename, resolve } from 'node:path';
import {
  checkTorrentTarget,
  cleanText,
  ExitCode,
  explaining,
  formatByteSize,
  type OutputFlags,
  type Reporter,
  stoppable,
  torrentPath,
  writeTorrentFile,
} from '@shoal/cli';
import { createTorrent, formatMagnet } from '@shoal/metainfo';
import { idToHex } from '@shoal/units';
import { magnetOf } from '../magnet-of.ts';
import { USER_AGENT } from '../version.ts';
import { WorkLine } from '../work-line.ts';

export interface CreateFlags extends OutputFlags {
  readonly tracker?: readonly string[];
  readonly output?: string;
  readonly pieceLength?: number;
  readonly private?: boolean;
  readonly comment?: string;
  readonly source?: string;
  readonly webSeed?: readonly string[];
  readonly name?: string;
  readonly hidden?: boolean;
  readonly links?: boolean;
  readonly force?: boolean;
}

export function create([path]: readonly string[], flags: CreateFlags): Promise<ExitCode> {
  return stoppable(flags, async (reporter, signal) => {
    const line = new WorkLine('hashing', reporter);
    const name = flags.name ?? basename(resolve(path!));
    const target = await torrentPath(flags.output, `${name}.torrent`);
    // Who names the file means it, as with other tools; a name that was made up takes nobody's place.
    const options = { mayReplace: flags.output !== undefined || flags.force === true };
    await checkTorrentTarget(target, options);
    const { bytes, metainfo, renamed } = await explaining('', () =>
      createTorrent(path!, {
        ...optionsOf(flags),
        createdBy: USER_AGENT,
        creationDateS: creationDateS(),
        onProgress: ({ hashedLength, totalLength }) => line.update(hashedLength, totalLength),
        signal,
      }),
    );
    await writeTorrentFile(target, bytes, options);
    const { info } = metainfo;
    const magnet = formatMagnet(magnetOf(metainfo));
    const infoHash = idToHex(info.infoHash);
    reporter.event('created', { path: target, infoHash, magnet, name: info.name });
    reporter.say(
      `${cleanText(target)}: ${formatByteSize(info.layout.totalLength)} in ${info.layout.pieceCount} ${info.layout.pieceCount === 1 ? 'piece' : 'pieces'} of ${formatByteSize(info.layout.pieceLength)}`,
    );
    reporter.say(`infohash  ${infoHash}\nmagnet    ${magnet}`);
    warnOfRenamed(renamed, reporter);
    return ExitCode.done;
  });
}

/** Says it when others will store a file under another name than this disk has. */
function warnOfRenamed(renamed: readonly string[], reporter: Reporter): void {
  if (renamed.length === 0) return;
  const others = renamed.length > 1 ? ` and ${renamed.length - 1} more` : '';
  reporter.warn(
    `${cleanText(renamed[0]!)}${others}: some systems take the name for that of another file, so whoever adds this torrent stores it under a new one.`,
  );
}

/** The flags by the names `createTorrent` has for them, those that were not given left out. */
function optionsOf(flags: CreateFlags) {
  return {
    trackers: (flags.tracker ?? []).map((url) => [url]),
    webSeeds: flags.webSeed ?? [],
    isPrivate: flags.private === true,
    includeHidden: flags.hidden === true,
    followLinks: flags.links === true,
    ...(flags.pieceLength === undefined ? {} : { pieceLength: flags.pieceLength }),
    ...(flags.comment === undefined ? {} : { comment: flags.comment }),
    ...(flags.source === undefined ? {} : { source: flags.source }),
    ...(flags.name === undefined ? {} : { name: flags.name }),
  };
}

/** Seconds since 1970; `SOURCE_DATE_EPOCH` stands in for the time, so that a build can be repeated. */
function creationDateS(): number {
  const given = process.env.SOURCE_DATE_EPOCH ?? '';
  return /^\d{1,11}$/.test(given) ? Number(given) : Math.floor(Date.now() / 1000);
}
