import { describe, expect, it } from 'vitest';
import { peerFlags } from '../../../src/tui/format/peer-flags.ts';
import { shownShare, statusLook } from '../../../src/tui/format/status.ts';
import { mainFacts, moreFacts, torrentSentence } from '../../../src/tui/format/torrent-facts.ts';
import { FakeEngine } from '../fake-engine.ts';
import { START_MS } from '../fake-peers.ts';
import { LIVELY_SEEDS } from '../fake-seed.ts';

const engine = new FakeEngine(LIVELY_SEEDS);
const details = engine
  .getSnapshot()
  .torrents.map(({ infoHash }) => engine.torrent(infoHash)!.getDetail());

describe('statusLook', () => {
  it('tells apart why nothing comes', () => {
    const waiting = { status: 'downloading', peerCount: 0, downBytesPerS: 0 } as const;
    expect(statusLook(waiting).words).toBe('looking for peers');
    expect(statusLook({ ...waiting, peerCount: 2 }).words).toBe('waiting for data');
    expect(statusLook({ ...waiting, peerCount: 2, downBytesPerS: 9 }).words).toBe('downloading');
  });

  it('has another glyph for each status, so that colour is not needed', () => {
    const statuses = ['metadata', 'checking', 'downloading', 'seeding', 'paused', 'error'] as const;
    const looks = statuses.map((status) => statusLook({ status, peerCount: 1, downBytesPerS: 1 }));
    expect(new Set(looks.map(({ glyph }) => glyph)).size).toBe(statuses.length);
  });
});

describe('shownShare', () => {
  it('shows the check while it runs, nothing for a bare magnet, else what is there', () => {
    const half = { checkedFraction: 0.2, haveLength: 5, wantedLength: 10 };
    expect(shownShare({ ...half, status: 'checking' })).toBe(0.2);
    expect(shownShare({ ...half, status: 'metadata' })).toBe(0);
    expect(shownShare({ ...half, status: 'paused' })).toBe(0.5);
  });
});

describe('torrent facts', () => {
  it('say in one sentence what a torrent does', () => {
    expect(torrentSentence(details[0]!)).toMatch(/^downloading · \d+ MiB of 692 MiB · .* left$/);
    expect(torrentSentence(details.at(-1)!)).toMatch(/^the disk is full/);
  });

  it('fill three lines and five more', () => {
    expect(mainFacts(details[0]!)).toHaveLength(3);
    expect(moreFacts(details[0]!, START_MS)).toHaveLength(5);
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
