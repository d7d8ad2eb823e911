/** What a torrent is doing, in a glyph and a few words. */
import type { TorrentSummary } from '@shoal/engine';
import type { Tone } from '../theme.ts';
import { fraction } from './numbers.ts';

export interface StatusLook {
  /** One column. */
  readonly glyph: string;
  readonly tone: Tone;
  readonly words: string;
}

type StatusFacts = Pick<TorrentSummary, 'status' | 'peerCount' | 'downBytesPerS'>;

/** The words are short: at most 17 columns. */
export function statusLook(torrent: StatusFacts): StatusLook {
  switch (torrent.status) {
    case 'metadata':
      return { glyph: '◌', tone: 'accent', words: 'fetching metadata' };
    case 'checking':
      return { glyph: '◔', tone: 'warn', words: 'checking' };
    case 'downloading':
      return { glyph: '↓', tone: 'down', words: downloadWords(torrent) };
    case 'seeding':
      return { glyph: '✓', tone: 'good', words: 'seeding' };
    case 'paused':
      return { glyph: '‖', tone: 'faint', words: 'paused' };
    case 'error':
      return { glyph: '!', tone: 'bad', words: 'stopped' };
    case 'closed':
      return { glyph: '·', tone: 'faint', words: 'closed' };
  }
}

function downloadWords(torrent: StatusFacts): string {
  if (torrent.peerCount === 0) return 'looking for peers';
  return torrent.downBytesPerS < 1 ? 'waiting for data' : 'downloading';
}

/** What the bar shows, 0..1: the check while it runs, else the wanted bytes that are there. */
export function shownShare(
  torrent: Pick<TorrentSummary, 'status' | 'checkedFraction' | 'haveLength' | 'wantedLength'>,
): number {
  if (torrent.status === 'metadata') return 0;
  if (torrent.status === 'checking') return torrent.checkedFraction;
  return fraction(torrent.haveLength, torrent.wantedLength);
}

/** The tone of the bar: a paused torrent's is plain, not faint, to stand out from its rest. */
export function barTone(torrent: StatusFacts): Tone {
  const { tone } = statusLook(torrent);
  return tone === 'faint' ? 'plain' : tone;
}
