/** Text that attacks a terminal. */
import type { FakeSeed } from './fake-seed.ts';

export const HOSTILE_TEXTS: Readonly<Record<string, string>> = {
  'writes the clipboard (OSC 52)': 'a\x1b]52;c;aGVsbG8=\x07b',
  'sets the title (OSC 0, closed by ST)': 'a\x1b]0;owned\x1b\\b',
  'makes a link (OSC 8)': 'a\x1b]8;;https://evil.example\x07b\x1b]8;;\x07',
  'starts an OSC and never ends it': 'a\x1b]0;b',
  'clears the screen': 'a\x1b[2J\x1b[Hb',
  'changes the colours': 'a\x1b[31;1mb',
  'asks the terminal who it is': 'a\x1b[c\x1b[6nb',
  'resets the terminal': 'a\x1bcb',
  'switches the alphabet': 'a\x1b(0b',
  'starts a device control string': 'a\x1bP+q544e\x1b\\b',
  'uses one-byte C1 controls': 'a\x9b2J\x9d52;c;aGVsbG8=\x9cb',
  'goes back over itself': 'a\b\b\b\r\x7fb',
  'breaks the line': 'a\nb\r\nc\u2028d\u0085e',
  'turns the order of letters (U+202E)': 'a\u202egpj.exe',
  'isolates and marks directions': 'a\u2066b\u2069\u200e\u200f\u061c',
  'hides letters': 'a\u200b\u200c\u200d\u2060\ufeff\u00adb',
  'hides a message in tags': 'a\u{e0041}\u{e007f}b',
  'holds half a surrogate': 'a\ud800b',
  'piles marks up': `a${'\u0301'.repeat(60)}b`,
};

/** All of them at once. */
export const HOSTILE = Object.values(HOSTILE_TEXTS).join(' ');

/** A word that is seen wherever hostile text is shown. */
export const HOSTILE_MARK = 'HOSTILE';

/** A torrent that has hostile text wherever data brings text. */
export const HOSTILE_SEED: FakeSeed = {
  name: `${HOSTILE_MARK} ${HOSTILE}`,
  status: 'downloading',
  totalLength: 2 ** 30,
  have: 0.5,
  downBytesPerS: 2 ** 20,
  upBytesPerS: 2 ** 20,
  peerCount: 5,
  files: [`${HOSTILE_MARK} ${HOSTILE}`, `dir/${HOSTILE}`],
  clients: [`${HOSTILE_MARK} ${HOSTILE}`],
  log: [`${HOSTILE_MARK} ${HOSTILE}`],
  trackers: [
    {
      url: `http://${HOSTILE_MARK}/${HOSTILE}`,
      tier: 0,
      status: 'error',
      lastOutcome: 'failed',
      lastAnnounceAtMs: undefined,
      nextAnnounceAtMs: undefined,
      seederCount: undefined,
      leecherCount: undefined,
      peerCount: undefined,
      message: `${HOSTILE_MARK} ${HOSTILE}`,
      reported: undefined,
    },
  ],
};
