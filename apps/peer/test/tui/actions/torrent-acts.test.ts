import type { TorrentSummary } from '@shoal/engine';
import { describe, expect, it } from 'vitest';
import { eventNotice } from '../../../src/tui/actions/event-notice.ts';
import {
  actOnFile,
  actOnTorrent,
  removeTorrent,
  togglePauseAll,
} from '../../../src/tui/actions/torrent-acts.ts';
import { FakeEngine } from '../fake-engine.ts';
import { LIVELY_SEEDS } from '../fake-seed.ts';

const setUp = () => {
  const engine = new FakeEngine(LIVELY_SEEDS);
  const summary = engine.getSnapshot().torrents[0]!;
  return { engine, summary, torrent: engine.torrent(summary.infoHash)! };
};

const asked = ({ infoHash, name }: TorrentSummary, eraseData = false) => {
  return { infoHash, torrentName: name, eraseData };
};

describe('removeTorrent', () => {
  it('keeps the files, or deletes them when asked, and says which', async () => {
    for (const [eraseData, words] of [
      [false, /what is on disk stays$/],
      [true, /its files are deleted$/],
    ] as const) {
      const { engine, summary } = setUp();
      const notice = await removeTorrent(engine, asked(summary, eraseData));
      expect(notice.text).toMatch(words);
      expect(engine.calls).toEqual([`remove ${summary.infoHash}${eraseData ? ' and data' : ''}`]);
    }
  });
});

describe('actOnTorrent', () => {
  it('pauses what runs and resumes what is paused', async () => {
    const { engine, summary, torrent } = setUp();
    const paused = await actOnTorrent(engine, summary, 'toggle-pause');
    expect(paused?.text).toMatch(/is paused$/);
    const resumed = await actOnTorrent(engine, torrent.getSummary(), 'toggle-pause');
    expect(resumed?.text).toMatch(/goes on$/);
    expect(torrent.getSummary().status).toBe('downloading');
  });

  it('turns the order of pieces there and back', async () => {
    const { engine, summary, torrent } = setUp();
    await actOnTorrent(engine, summary, 'sequential');
    expect(torrent.getDetail().sequential).toBe(true);
    await actOnTorrent(engine, summary, 'sequential');
    expect(torrent.getDetail().sequential).toBe(false);
  });

  it('verifies and asks the trackers', async () => {
    const { engine, summary, torrent } = setUp();
    await actOnTorrent(engine, summary, 'verify');
    await actOnTorrent(engine, summary, 'announce');
    expect(torrent.calls).toEqual(['verify', 'announce']);
  });

  it('asks no tracker of a torrent that stands still, and says why', async () => {
    const { engine, torrent } = setUp();
    torrent.pause();
    const notice = await actOnTorrent(engine, torrent.getSummary(), 'announce');
    const { name } = torrent.getSummary();
    expect(notice).toEqual({ tone: 'warn', text: `${name} is paused: p lets it go on`, name });
    expect(torrent.calls).toEqual([]);
  });

  it('says what a check found: bad pieces in warning, good ones in green', async () => {
    const { engine, summary, torrent } = setUp();
    const { infoHash, havePieceCount, pieceCount } = summary;
    const found = async (goodPieces: number) => {
      torrent.beforeVerified = () =>
        engine.emit({ type: 'checked', infoHash, goodPieces, pieceCount });
      return actOnTorrent(engine, summary, 'verify');
    };
    expect(await found(havePieceCount - 1)).toMatchObject({
      tone: 'warn',
      text: expect.stringContaining('1 piece is bad or missing, to be fetched again'),
    });
    expect(await found(havePieceCount)).toMatchObject({
      tone: 'good',
      text: expect.stringMatching(/all [\d,]+ pieces that are here are good$/),
    });
    expect(await found(pieceCount)).toMatchObject({
      tone: 'good',
      text: expect.stringMatching(/is verified: all [\d,]+ pieces are good$/),
    });
  });

  it('says that a check was given up', async () => {
    const { engine, summary, torrent } = setUp();
    torrent.beforeVerified = () => {};
    const notice = await actOnTorrent(engine, summary, 'verify');
    expect(notice).toMatchObject({
      tone: 'plain',
      text: `${summary.name} was not checked to its end`,
    });
  });

  it('says what went wrong instead of throwing', async () => {
    const { engine, summary, torrent } = setUp();
    torrent.failsWith = new Error('the disk is gone');
    const notice = await actOnTorrent(engine, summary, 'verify');
    expect(notice).toMatchObject({ tone: 'bad', text: `! ${summary.name}: the disk is gone` });
  });

  it('tells the name in what it says, so that a long one can be shortened', async () => {
    const { engine, summary, torrent } = setUp();
    for (const act of ['toggle-pause', 'verify', 'sequential', 'announce'] as const) {
      const notice = await actOnTorrent(engine, torrent.getSummary(), act);
      expect(notice).toMatchObject({ name: summary.name });
    }
  });

  it('does nothing to a torrent that is gone', async () => {
    const { engine, summary } = setUp();
    await removeTorrent(engine, asked(summary));
    expect(await actOnTorrent(engine, summary, 'verify')).toBeUndefined();
  });
});

describe('togglePauseAll', () => {
  it('pauses what runs, and lets all go on where nothing runs', () => {
    const { engine } = setUp();
    const shown = () => engine.getSnapshot().torrents.slice(0, 2);
    const statuses = () => shown().map(({ status }) => status);
    expect(togglePauseAll(engine, shown().slice(0, 1))?.text).toMatch(/^1 torrent is paused/);
    expect(togglePauseAll(engine, shown())?.text).toMatch(/^1 torrent is paused/);
    expect(statuses()).toEqual(['paused', 'paused']);
    expect(togglePauseAll(engine, shown())?.text).toBe('2 torrents go on');
    expect(statuses()).toEqual(['downloading', 'downloading']);
    expect(togglePauseAll(engine, [])).toBeUndefined();
  });
});

describe('actOnFile', () => {
  it('switches a file off and on', () => {
    const { engine, torrent } = setUp();
    const act = (name: 'toggle-file' | 'cycle-priority') => {
      actOnFile(engine, torrent.infoHash, 0, name);
      return torrent.getDetail().files[0]!.priority;
    };
    expect([act('toggle-file'), act('toggle-file')]).toEqual(['off', 'normal']);
    expect([1, 2, 3].map(() => act('cycle-priority'))).toEqual(['high', 'low', 'normal']);
  });
});

describe('eventNotice', () => {
  it('celebrates what is complete with size, time and speed', () => {
    const notice = eventNotice({
      type: 'complete',
      infoHash: '00',
      name: 'debian',
      length: 720 * 2 ** 20,
      fetchedLength: 360 * 2 ** 20,
      elapsedMs: 72_000,
    });
    expect(notice?.text).toBe('✓ debian is complete: 360 MiB in 1m12s, 5.00 MiB/s');
  });

  it('celebrates nothing when nothing came, or nothing is wanted', () => {
    const still = { type: 'complete', infoHash: '00', name: 'debian', elapsedMs: 10 } as const;
    expect(eventNotice({ ...still, length: 5, fetchedLength: 0 })).toEqual({
      tone: 'plain',
      name: 'debian',
      text: 'all of debian is here already',
    });
    expect(eventNotice({ ...still, length: 0, fetchedLength: 5 })).toEqual({
      tone: 'plain',
      name: 'debian',
      text: 'nothing of debian is selected',
    });
  });

  it('tells the cause first when a torrent stops, for its end is cut', () => {
    const message = 'cannot write reef/a.bin: the disk is full';
    expect(
      eventNotice({ type: 'torrent-error', infoHash: '00', code: 'disk-full', message })?.text,
    ).toBe('! the disk is full: cannot write reef/a.bin');
  });

  it('leaves the rest to the log', () => {
    expect(eventNotice({ type: 'piece', infoHash: '00', index: 1 })).toBeUndefined();
  });
});
