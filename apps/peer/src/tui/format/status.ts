/** What a torrent is doing, in a glyph and a few words. */

import type { TorrentSummary, TrackerTrouble } from '@shoal/engine';
import { isNothingWanted } from '../../nothing-wanted.ts';
import type { Tone } from '../theme.ts';
import { NOTHING } from './bytes.ts';
import { formatCount, formatNoun, formatPercent, fraction } from './numbers.ts';

export interface StatusLook {
  /** One column. */
  readonly glyph: string;
  readonly tone: Tone;
  readonly words: string;
}

export type StatusFacts = Pick<
  TorrentSummary,
  'status' | 'peerCount' | 'downBytesPerS' | 'fileCount' | 'wantedFileCount' | 'trackerTrouble'
>;

type Unchecked = Pick<TorrentSummary, 'isUnchecked'>;

/** Columns that the words take, but for very large counts. */
export const STATUS_WIDTH = 18;

/** What the trackers' trouble is called; as wide as `STATUS_WIDTH` at most. */
const TROUBLE: Record<TrackerTrouble, string> = {
  'no-answer': 'no tracker answers',
  refusal: 'tracker refuses it',
};

const NOTHING_SELECTED: StatusLook = { glyph: '○', tone: 'faint', words: 'nothing selected' };

/** Two or three words, so that it fits into `STATUS_WIDTH`. */
export function statusLook(torrent: StatusFacts): StatusLook {
  switch (torrent.status) {
    case 'metadata':
      return { glyph: '◌', tone: troubleTone(torrent) ?? 'accent', words: metadataWords(torrent) };
    case 'checking':
      return { glyph: '◔', tone: 'warn', words: 'checking' };
    case 'downloading':
      if (isNothingWanted(torrent)) return NOTHING_SELECTED;
      return { glyph: '↓', tone: troubleTone(torrent) ?? 'down', words: downloadWords(torrent) };
    case 'seeding':
      return isNothingWanted(torrent) ? NOTHING_SELECTED : seedingLook(torrent);
    case 'paused':
      return { glyph: '‖', tone: 'faint', words: 'paused' };
    case 'error':
      return { glyph: '!', tone: 'bad', words: 'stopped' };
    case 'closed':
      return { glyph: '·', tone: 'faint', words: 'closed' };
  }
}

/** Why nobody comes, in words; undefined while somebody is here, or no tracker is in the way. */
export function troubleWords({
  status,
  peerCount,
  trackerTrouble,
}: Pick<StatusFacts, 'status' | 'peerCount' | 'trackerTrouble'>): string | undefined {
  const isSearching = status === 'metadata' || status === 'downloading' || status === 'seeding';
  return isSearching && peerCount === 0 && trackerTrouble ? TROUBLE[trackerTrouble] : undefined;
}

function troubleTone(torrent: StatusFacts): Tone | undefined {
  return troubleWords(torrent) === undefined ? undefined : 'warn';
}

/** Complete is what was selected, which may be little. */
function seedingLook(torrent: StatusFacts): StatusLook {
  const { fileCount, wantedFileCount } = torrent;
  const trouble = troubleWords(torrent);
  if (trouble !== undefined) return { glyph: '✓', tone: 'warn', words: trouble };
  if (wantedFileCount === fileCount) return { glyph: '✓', tone: 'good', words: 'seeding' };
  const words = `${formatCount(wantedFileCount)} of ${formatNoun(fileCount, 'file')}`;
  return { glyph: '✓', tone: 'good', words };
}

function metadataWords(torrent: StatusFacts): string {
  return torrent.peerCount === 0 ? searchWords(torrent) : 'fetching metadata';
}

function searchWords(torrent: StatusFacts): string {
  return troubleWords(torrent) ?? 'looking for peers';
}

function downloadWords(torrent: StatusFacts): string {
  if (torrent.peerCount === 0) return searchWords(torrent);
  return torrent.downBytesPerS < 1 ? 'waiting for data' : 'downloading';
}

/** What the bar shows, 0..1: the check while it runs, else the wanted bytes that are there. */
export function shownShare(
  torrent: Pick<
    TorrentSummary,
    'status' | 'checkedFraction' | 'haveLength' | 'wantedLength' | 'fileCount' | 'wantedFileCount'
  >,
): number {
  if (torrent.status === 'metadata') return 0;
  if (torrent.status === 'checking') return torrent.checkedFraction;
  if (isNothingWanted(torrent)) return 0;
  return fraction(torrent.haveLength, torrent.wantedLength);
}

/** What the bar shows, in words. */
export function shownPercent(torrent: Parameters<typeof shownShare>[0] & Unchecked): string {
  const isOfNothing = torrent.status !== 'checking' && isNothingWanted(torrent);
  return torrent.isUnchecked || isOfNothing ? NOTHING : formatPercent(shownShare(torrent));
}

/** The tone of the bar: a paused torrent's is plain, not faint, to stand out from its rest. */
export function barTone(torrent: StatusFacts): Tone {
  const { tone } = statusLook(torrent);
  return tone === 'faint' ? 'plain' : tone;
}
