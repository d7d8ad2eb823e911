import { describe, expect, it } from 'vitest';
import { peerFlags } from '../../../src/tui/format/peer-flags.ts';
import {
  STATUS_WIDTH,
  shownPercent,
  shownShare,
  statusLook,
} from '../../../src/tui/format/status.ts';
import { mainFacts, moreFacts, torrentSentence } from '../../../src/tui/format/torrent-facts.ts';
import { FakeEngine } from '../fake-engine.ts';
import { START_MS } from '../fake-peers.ts';
import { LIVELY_SEEDS } from '../fake-seed.ts';

const engine = new FakeEngine(LIVELY_SEEDS);
const details = engine
  .getSnapshot()
  .torrents.map(({ infoHash }) => engine.torrent(infoHash)!.getDetail());

const idle = {
  peerCount: 0,
  downBytesPerS: 0,
  fileCount: 18,
  wantedFileCount: 18,
  trackerTrouble: undefined,
} as const;

const unlimited = { downBytesPerS: undefined, upBytesPerS: undefined };

describe('statusLook', () => {
  it('tells apart why nothing comes', () => {
    const waiting = { ...idle, status: 'downloading' } as const;
    expect(statusLook(waiting).words).toBe('looking for peers');
    expect(statusLook({ ...waiting, peerCount: 2 }).words).toBe('waiting for data');
    expect(statusLook({ ...waiting, peerCount: 2, downBytesPerS: 9 }).words).toBe('downloading');
  });

  it('says when no tracker answers, or one refuses, while nobody is here', () => {
    const troubles = { 'no-answer': 'no tracker answers', refusal: 'tracker refuses it' } as const;
    for (const status of ['downloading', 'metadata', 'seeding'] as const)
      for (const trackerTrouble of ['no-answer', 'refusal'] as const) {
        const { words, tone } = statusLook({ ...idle, status, trackerTrouble });
        expect({ words, tone }).toEqual({ words: troubles[trackerTrouble], tone: 'warn' });
        expect(words.length).toBeLessThanOrEqual(STATUS_WIDTH);
        const met = statusLook({ ...idle, status, trackerTrouble, peerCount: 1 });
        expect(met).toEqual(statusLook({ ...idle, status, peerCount: 1 }));
      }
    const paused = { ...idle, status: 'paused', trackerTrouble: 'refusal' } as const;
    expect(statusLook(paused).words).toBe('paused');
    expect(statusLook({ ...idle, status: 'downloading' }).words).toBe('looking for peers');
    expect(statusLook({ ...idle, status: 'metadata', peerCount: 1 }).words).toBe(
      'fetching metadata',
    );
  });

  it('does not pass a selection for the whole torrent', () => {
    const seeding = { ...idle, status: 'seeding' } as const;
    expect(statusLook(seeding).words).toBe('seeding');
    expect(statusLook({ ...seeding, wantedFileCount: 1 }).words).toBe('1 of 18 files');
    for (const status of ['seeding', 'downloading'] as const)
      expect(statusLook({ ...idle, status, wantedFileCount: 0 })).toMatchObject({
        tone: 'faint',
        words: 'nothing selected',
      });
  });

  it('has another glyph for each status, so that colour is not needed', () => {
    const statuses = ['metadata', 'checking', 'downloading', 'seeding', 'paused', 'error'] as const;
    const looks = statuses.map((status) => statusLook({ ...idle, status }));
    expect(new Set(looks.map(({ glyph }) => glyph)).size).toBe(statuses.length);
  });
});

describe('shownShare', () => {
  it('shows the check while it runs, nothing for a bare magnet, else what is there', () => {
    const half = { ...idle, checkedFraction: 0.2, haveLength: 5, wantedLength: 10 };
    expect(shownShare({ ...half, status: 'checking' })).toBe(0.2);
    expect(shownShare({ ...half, status: 'metadata' })).toBe(0);
    expect(shownShare({ ...half, status: 'paused' })).toBe(0.5);
    expect(shownShare({ ...half, status: 'seeding', wantedFileCount: 0 })).toBe(0);
  });
});

describe('torrent facts', () => {
  it('say in one sentence what a torrent does', () => {
    expect(torrentSentence(details[0]!)).toMatch(/^downloading · \d+ MiB of 692 MiB · .* left$/);
    expect(torrentSentence(details.at(-1)!)).toMatch(/^the disk is full/);
  });

  it('name the limits of all torrents together where there is one', () => {
    const shared = { ...unlimited, downBytesPerS: 409_600 };
    const [first] = moreFacts(details[0]!, START_MS, shared);
    expect(first![0]).toEqual({ name: 'All', value: 'together ↓ 400 KiB/s, ↑ no limit' });
  });

  it('say nothing of the time that is left when it is beyond telling', () => {
    expect(torrentSentence({ ...details[0]!, etaS: 1e9 })).toMatch(/^downloading · .* MiB$/);
  });

  it('say how much of a torrent a selection is', () => {
    const part = { ...details[2]!, fileCount: 18, wantedFileCount: 1 };
    expect(torrentSentence(part)).toMatch(/^complete, 1 of 18 files · /);
  });

  it('say why no tracker brings anybody', () => {
    const [kelp] = details;
    const alone = { ...kelp!, peerCount: 0, etaS: undefined, trackerTrouble: 'refusal' } as const;
    const [tracker] = kelp!.trackers;
    const refusing = { ...tracker!, lastOutcome: 'refused', message: 'not tracked here' } as const;
    const refused = { ...alone, trackers: [tracker!, refusing] };
    expect(torrentSentence(refused)).toMatch(/^tracker refuses it: not tracked here · \d/);
    expect(torrentSentence({ ...refused, status: 'metadata' })).toMatch(/: not tracked here$/);
    const silent = { ...alone, status: 'seeding', trackerTrouble: 'no-answer' } as const;
    expect(torrentSentence(silent)).toMatch(/^seeding · no tracker answers · \d/);
  });

  it('do not take what was never checked for nothing', () => {
    const unchecked = {
      ...details[0]!,
      status: 'paused',
      etaS: undefined,
      isUnchecked: true,
    } as const;
    expect(torrentSentence(unchecked)).toBe('paused · not checked yet · 692 MiB');
    expect(mainFacts(unchecked).at(-1)?.[1]?.value).toBe('not checked yet');
    expect(shownPercent(unchecked)).toBe('–');
    expect(shownPercent({ ...unchecked, isUnchecked: false })).toBe('41.2%');
  });

  it('say what is here of a torrent of which nothing is selected', () => {
    const none = { ...details[2]!, wantedFileCount: 0, wantedLength: 0, haveLength: 0 };
    expect(torrentSentence(none)).toBe('nothing selected · 61.4 GiB of 61.4 GiB is here');
    expect(shownPercent(none)).toBe('–');
    expect(shownPercent({ ...none, status: 'checking', checkedFraction: 0.5 })).toBe('50.0%');
    expect(shownPercent(details[2]!)).toBe('100%');
  });

  it('do not make up what only the metadata can say', () => {
    const magnet = { ...details[0]!, status: 'metadata', pieceCount: 0, pieceLength: 0 } as const;
    const facts = [...mainFacts(magnet), ...moreFacts(magnet, START_MS, unlimited)].flat();
    const unknown = facts.filter((fact) => fact?.value === 'not known yet');
    expect(unknown.map((fact) => fact?.name)).toEqual(['Pieces', 'Piece', 'Privacy']);
  });

  it('fill three lines and five more', () => {
    expect(mainFacts(details[0]!)).toHaveLength(3);
    expect(moreFacts(details[0]!, START_MS, unlimited)).toHaveLength(5);
  });
});

describe('peerFlags', () => {
  const none = {
    amChoking: false,
    amInterested: false,
    peerChoking: false,
    peerInterested: false,
    isSnubbed: false,
    isOptimistic: false,
    incoming: false,
    isEncrypted: false,
  };

  it('has a capital letter for what flows and a small one for what is choked', () => {
    expect(peerFlags({ ...none, amInterested: true, peerInterested: true })).toBe('DU    ');
    const choked = { amInterested: true, peerChoking: true, peerInterested: true, amChoking: true };
    expect(peerFlags({ ...none, ...choked })).toBe('du    ');
  });

  it('keeps each letter in its column', () => {
    expect(peerFlags({ ...none, isSnubbed: true, isEncrypted: true })).toBe('   S E');
  });
});
