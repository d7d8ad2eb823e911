/** What there is to say of one torrent, as names and values. */
import type { Limits, TorrentDetail } from '@shoal/engine';
import { isNothingWanted } from '../../nothing-wanted.ts';
import { describeLimits, formatBytes } from './bytes.ts';
import { formatCount, formatNoun, formatRatio } from './numbers.ts';
import { statusLook, troubleWords } from './status.ts';
import { stopReason } from './stop-reason.ts';
import { formatAgo, formatLeft } from './time.ts';

/** Of the pieces, when nobody knows what is here. */
const NOT_CHECKED = 'not checked yet';

interface Fact {
  readonly name: string;
  /** May hold text from the torrent as it is. */
  readonly value: string;
}

/** One or two facts that share a line. */
export type FactLine = readonly [Fact, Fact?];

/** `downloading · 412 MiB of 660 MiB · 31s left`, or why it stopped and what to do. */
export function torrentSentence(torrent: TorrentDetail): string {
  const { words } = statusLook(torrent);
  if (torrent.status === 'error') {
    const { text, advice } = stopReason(torrent.error);
    return `${text} · ${advice}`;
  }
  const trouble = troubleSentence(torrent);
  if (torrent.status === 'metadata')
    return trouble ?? `${words}: name and files come from the first peers`;
  if (isNothingWanted(torrent) && !torrent.isUnchecked)
    return `${words} · ${allThatIsHere(torrent)}`;
  const size = formatBytes(torrent.wantedLength);
  const amount = torrent.isUnchecked
    ? `${NOT_CHECKED} · ${size}`
    : `${formatBytes(torrent.haveLength)} of ${size}`;
  const left = formatLeft(torrent.etaS);
  const isPart = torrent.status === 'seeding' && torrent.wantedFileCount < torrent.fileCount;
  const doing = isPart && torrent.wantedFileCount > 0 ? `complete, ${words}` : words;
  const does = trouble === undefined ? [doing] : torrent.status === 'seeding' ? ['seeding'] : [];
  const parts = [...does, ...(trouble === undefined ? [] : [trouble]), amount];
  return [...parts, ...(left === '' ? [] : [left])].join(' · ');
}

/** Why its trackers bring nobody: `tracker refuses it: not tracked here` */
function troubleSentence(torrent: TorrentDetail): string | undefined {
  const words = troubleWords(torrent);
  if (words === undefined || torrent.trackerTrouble !== 'refusal') return words;
  const refusing = torrent.trackers.find(({ lastOutcome }) => lastOutcome === 'refused');
  return refusing?.message === undefined ? words : `${words}: ${refusing.message}`;
}

/** What the selection leaves out counts too. */
function allThatIsHere({ files, totalLength }: TorrentDetail): string {
  const haveLength = files.reduce((sum, file) => sum + file.haveLength, 0);
  return `${formatBytes(haveLength)} of ${formatBytes(totalLength)} is here`;
}

/** Three lines: what was moved, with whom, how much is there. */
export function mainFacts(torrent: TorrentDetail): readonly FactLine[] {
  const { peerCount, seederCount, knownPeerCount, havePieceCount, pieceCount } = torrent;
  const count = `${formatCount(havePieceCount)} of ${formatCount(pieceCount)}`;
  const pieces = torrent.isUnchecked ? NOT_CHECKED : count;
  return [
    [
      { name: 'Received', value: formatBytes(torrent.downloaded) },
      { name: 'Peers', value: `${peerCount} · ${seederCount} seeding` },
    ],
    [
      { name: 'Sent', value: formatBytes(torrent.uploaded) },
      { name: 'Known', value: formatNoun(knownPeerCount, 'address', 'addresses') },
    ],
    [
      { name: 'Ratio', value: formatRatio(torrent.ratio) },
      { name: 'Pieces', value: ofInfo(torrent, pieces) },
    ],
  ];
}

/**
 * Five lines, or six: how it is fetched, where it is kept, what it is called.
 * @param shared - the limits of all torrents together: a line when there is one
 */
export function moreFacts(
  torrent: TorrentDetail,
  nowMs: number,
  shared: Limits,
): readonly FactLine[] {
  return [
    ...(isLimited(shared)
      ? [[{ name: 'All', value: `together ${describeLimits(shared)}` }] as const]
      : []),
    [
      { name: 'Limits', value: limitsOf(torrent) },
      { name: 'Piece', value: ofInfo(torrent, formatBytes(torrent.pieceLength)) },
    ],
    [
      { name: 'Order', value: torrent.sequential ? 'from the first piece' : 'rarest first' },
      { name: 'Wasted', value: formatBytes(torrent.wasted) },
    ],
    [
      { name: 'Added', value: formatAgo(torrent.addedAtMs, nowMs) },
      { name: 'Privacy', value: ofInfo(torrent, torrent.isPrivate ? 'private' : 'public') },
    ],
    [{ name: 'Folder', value: torrent.outputFolder }],
    [{ name: 'Infohash', value: torrent.infoHash }],
  ];
}

/** What the info dict says, which a magnet does not have yet. */
function ofInfo({ pieceCount }: TorrentDetail, value: string): string {
  return pieceCount === 0 ? 'not known yet' : value;
}

function limitsOf({ limits }: TorrentDetail): string {
  return isLimited(limits) ? describeLimits(limits) : 'none';
}

function isLimited({ downBytesPerS, upBytesPerS }: Limits): boolean {
  return downBytesPerS !== undefined || upBytesPerS !== undefined;
}
