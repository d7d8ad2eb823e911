/** `shoal show`: what a torrent file or magnet says. */
import {
  cleanText,
  ExitCode,
  explaining,
  formatByteSize,
  type OutputFlags,
  reporting,
} from '@shoal/cli';
import { formatMagnet, type Magnet, type Metainfo, parseMagnet } from '@shoal/metainfo';
import { formatPeerAddress, idToHex } from '@shoal/units';
import { magnetOf } from '../magnet-of.ts';
import { readTorrent, refuseUrl } from '../read-torrent.ts';

/** One line of a table: what it is, and one or more values below each other. */
type Row = readonly [label: string, ...values: readonly string[]];

export function show([source]: readonly string[], flags: OutputFlags): Promise<ExitCode> {
  return reporting(flags, async (reporter) => {
    const text = source!;
    if (/^magnet:/i.test(text)) {
      const magnet = await explaining('', () => parseMagnet(text));
      reporter.event('torrent', describeMagnet(magnet));
      reporter.say(formatRows(magnetRows(magnet)));
    } else {
      refuseUrl(text, 'shoal show reads magnets and torrent files on this disk');
      const metainfo = await readTorrent(text);
      reporter.event('torrent', describeMetainfo(metainfo));
      reporter.say(formatRows(metainfoRows(metainfo)));
    }
    return ExitCode.done;
  });
}

function metainfoRows(metainfo: Metainfo): Row[] {
  const { info } = metainfo;
  const { layout } = info;
  const files = info.files.flatMap((file, index) =>
    file.isPad ? [] : [{ number: index + 1, length: file.length, path: file.path.join('/') }],
  );
  const numberWidth = String(info.files.length).length;
  return [
    ['Name', info.name],
    ['Infohash', idToHex(info.infoHash)],
    ['Size', `${formatByteSize(layout.totalLength)} (${layout.totalLength} bytes)`],
    ['Pieces', `${layout.pieceCount} of ${formatByteSize(layout.pieceLength)}`],
    ['Private', info.isPrivate ? 'yes' : 'no'],
    ['Source', ...given(info.source)],
    ['Comment', ...given(metainfo.comment)],
    ['Created', ...given(formatCreation(metainfo))],
    ['Trackers', ...formatTiers(metainfo.trackers)],
    ['Web seeds', ...metainfo.webSeeds],
    ['Magnet', formatMagnet(magnetOf(metainfo))],
    [
      'Files',
      ...files.map(
        ({ number, length, path }) =>
          `${String(number).padStart(numberWidth)}  ${formatByteSize(length).padStart(10)}  ${path}`,
      ),
    ],
  ];
}

function magnetRows(magnet: Magnet): Row[] {
  return [
    ['Name', ...given(magnet.name)],
    ['Infohash', idToHex(magnet.infoHash)],
    [
      'Size',
      ...given(
        magnet.exactLength === undefined
          ? undefined
          : `${formatByteSize(magnet.exactLength)} (${magnet.exactLength} bytes)`,
      ),
    ],
    ['Trackers', ...magnet.trackers],
    ['Web seeds', ...magnet.webSeeds],
    ['Peers', ...magnet.peers.map(formatPeerAddress)],
    ['Files', ...given(magnet.selectedFiles?.map((index) => index + 1).join(', '))],
  ];
}

function describeMetainfo(metainfo: Metainfo): Record<string, unknown> {
  const { info } = metainfo;
  return {
    name: info.name,
    infoHash: idToHex(info.infoHash),
    totalLength: info.layout.totalLength,
    pieceLength: info.layout.pieceLength,
    pieceCount: info.layout.pieceCount,
    isPrivate: info.isPrivate,
    source: info.source,
    comment: metainfo.comment,
    createdBy: metainfo.createdBy,
    creationDateS: metainfo.creationDateS,
    trackers: metainfo.trackers,
    webSeeds: metainfo.webSeeds,
    magnet: formatMagnet(magnetOf(metainfo)),
    files: info.files.flatMap((file, index) =>
      file.isPad ? [] : [{ number: index + 1, path: file.path.join('/'), length: file.length }],
    ),
  };
}

function describeMagnet(magnet: Magnet): Record<string, unknown> {
  return {
    ...magnet,
    infoHash: idToHex(magnet.infoHash),
    peers: magnet.peers.map(formatPeerAddress),
  };
}

function given(text: string | undefined): string[] {
  return text === undefined || text === '' ? [] : [text];
}

/** The tier stands before each URL when there is more than one tier. */
function formatTiers(tiers: readonly (readonly string[])[]): string[] {
  return tiers.flatMap((tier, index) =>
    tier.map((url) => (tiers.length > 1 ? `${index + 1}  ${url}` : url)),
  );
}

function formatCreation({ createdBy, creationDateS }: Metainfo): string | undefined {
  const date = new Date((creationDateS ?? Number.NaN) * 1000);
  const when = Number.isNaN(date.getTime())
    ? ''
    : date.toISOString().replace('T', ' ').replace('.000Z', ' UTC');
  return [when, createdBy === undefined ? '' : `by ${createdBy}`]
    .filter((part) => part !== '')
    .join(' ');
}

/**
 * Labels in one column, values in the next; rows without a value are left out; every text cleaned.
 * Only our own magnet, ASCII that leads nowhere when it is cut, may be of any length.
 */
function formatRows(rows: readonly Row[]): string {
  const filled = rows.filter((row) => row.length > 1);
  const width = Math.max(...filled.map(([label]) => label.length)) + 2;
  return filled
    .flatMap(([label, ...values]) =>
      values.map((value, at) => {
        const text = label === 'Magnet' ? value : cleanText(value, 4000);
        return (at === 0 ? label : '').padEnd(width) + text;
      }),
    )
    .join('\n');
}
