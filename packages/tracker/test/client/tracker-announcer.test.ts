import { ManualClock, seededRandom } from '@shoal/testkit';
import { type PeerAddress, toInfoHash, toPeerId } from '@shoal/units';
import { beforeEach, describe, expect, test } from 'vitest';
import {
  type AnnounceResponse,
  TrackerAnnouncer,
  type TrackerAnnouncerOptions,
  TrackerError,
  type TransferStats,
} from '../../src/client/index.ts';
import { FakeTrackers } from './fake-trackers.ts';

const down = new TrackerError('unreachable', 'nothing listens there');
const peer: PeerAddress = { host: '192.0.2.1', port: 1, family: 4 };

let clock: ManualClock;
let trackers: FakeTrackers;
let stats: TransferStats;
let found: PeerAddress[];
let announced: string[];

beforeEach(() => {
  clock = new ManualClock();
  trackers = new FakeTrackers(() => clock.nowMs());
  stats = { uploaded: 1, downloaded: 2, left: 3 };
  found = [];
  announced = [];
});

function announcer(
  tiers: readonly (readonly string[])[],
  options: Partial<TrackerAnnouncerOptions> = {},
): TrackerAnnouncer {
  return new TrackerAnnouncer({
    torrent: {
      infoHash: toInfoHash(new Uint8Array(20).fill(1))!,
      peerId: toPeerId(new Uint8Array(20).fill(2))!,
      port: 6_881,
      stats: () => stats,
      wantedPeerCount: () => 30,
      handlePeers: (peers) => found.push(...peers),
      handleAnnounced: (url, ok, message, peerCount) =>
        announced.push(`${url} ${ok ? 'ok' : 'failed'} ${message ?? '-'} ${peerCount}`),
    },
    tiers,
    transport: trackers,
    clock,
    random: seededRandom(1),
    ...options,
  });
}

/** Lets everything run that needs no time. */
const settle = (): Promise<void> => clock.advance(0);

describe('events', () => {
  test('says started once, then nothing at each interval', async () => {
    trackers.answers.set('a', { intervalS: 1_000, peers: [peer] });
    announcer([['a']], { key: 77 }).start();
    await clock.advance(2_500_000);
    expect(trackers.said()).toEqual(['a started', 'a -', 'a -']);
    expect(trackers.heard.map(({ atMs }) => atMs)).toEqual([0, 1_000_000, 2_000_000]);
    expect(trackers.heard[0]).toMatchObject({ ...stats, port: 6_881, numWant: 30, key: 77 });
    expect(found).toEqual([peer, peer, peer]);
    expect(announced[0]).toBe('a ok - 1');
  });

  test('says started until a tracker has heard it', async () => {
    trackers.answers.set('a', down);
    announcer([['a']]).start();
    await settle();
    trackers.answers.delete('a');
    await clock.advance(15_000);
    expect(trackers.said()).toEqual(['a started', 'a started']);
  });

  test('says completed once, at once, and to each tracker that heard started', async () => {
    const it = announcer([['a'], ['b']]);
    it.start();
    await settle();
    stats = { ...stats, left: 0 };
    it.complete();
    it.complete();
    await settle();
    expect(trackers.said()).toEqual(['a started', 'a completed']);
    trackers.answers.set('a', down);
    await clock.advance(1_800_000);
    expect(trackers.said().slice(2)).toEqual(['a -', 'b started']);
    await clock.advance(1_800_000);
    expect(trackers.said().filter((line) => line.endsWith('completed'))).toHaveLength(1);
  });

  test('says completed when the tracker is back, if it was away', async () => {
    const it = announcer([['a']]);
    it.start();
    await settle();
    trackers.answers.set('a', down);
    stats = { ...stats, left: 0 };
    it.complete();
    await settle();
    trackers.answers.delete('a');
    await clock.advance(15_000);
    await clock.advance(1_800_000);
    expect(trackers.said()).toEqual(['a started', 'a completed', 'a completed', 'a -']);
  });

  test('says completed right behind an announce that is under way', async () => {
    const late = Promise.withResolvers<AnnounceResponse>();
    trackers.answers.set('a', late.promise);
    const it = announcer([['a'], ['b']]);
    it.start();
    await settle();
    stats = { ...stats, left: 0 };
    it.complete();
    it.announceNow();
    await settle();
    expect(trackers.said()).toEqual(['a started']);
    late.resolve({ intervalS: 1_800, peers: [] });
    await settle();
    expect(trackers.said()).toEqual(['a started', 'a completed']);
  });

  test('says completed before stopped when it ends right behind the download', async () => {
    const it = announcer([['a']]);
    it.start();
    await settle();
    it.complete();
    await it.stop();
    expect(trackers.said().slice(0, 1)).toEqual(['a started']);
    expect(trackers.said().slice(-2)).toEqual(['a completed', 'a stopped']);
  });

  test('never says completed when it was complete at the start', async () => {
    stats = { ...stats, left: 0 };
    const it = announcer([['a']]);
    it.start();
    await settle();
    it.complete();
    await settle();
    expect(trackers.said()).toEqual(['a started']);
  });

  test('says stopped to each tracker that heard started, wanting no peers, and nothing after', async () => {
    const it = announcer([['a'], ['b'], ['c']]);
    it.start();
    await settle();
    trackers.answers.set('a', down);
    await clock.advance(1_800_000);
    await it.stop();
    expect(trackers.said().slice(-2)).toEqual(['a stopped', 'b stopped']);
    expect(trackers.heard.at(-1)).toMatchObject({ numWant: 0 });
    await clock.advance(10_000_000);
    expect(trackers.said().at(-1)).toBe('b stopped');
    expect(clock.pendingTimerCount).toBe(0);
  });

  test('says stopped to a tracker whose answer to started is under way', async () => {
    trackers.answers.set('a', 'silence');
    const it = announcer([['a']]);
    it.start();
    await settle();
    trackers.answers.delete('a');
    await it.stop();
    expect(trackers.said()).toEqual(['a started', 'a stopped']);
  });

  test('says stopped to a tracker that answered what cannot be read, not to one that said nothing', async () => {
    const it = announcer([['a'], ['b'], ['c']], { allTiers: true });
    trackers.answers.set('a', new TrackerError('bad-response', 'no answer'));
    trackers.answers.set('b', new TrackerError('timeout', 'no answer within 30 s'));
    trackers.answers.set('c', new TrackerError('failure', 'no'));
    it.start();
    await settle();
    trackers.answers.set('a', down);
    await clock.advance(15_000);
    expect(trackers.said().filter((line) => line === 'a started')).toHaveLength(2);
    await it.stop();
    expect(trackers.said().filter((line) => line.endsWith('stopped'))).toEqual(['a stopped']);
  });

  test('says all of it to a tracker that is slower than the download', async () => {
    trackers.answers.set('a', 'silence');
    const it = announcer([['a']]);
    it.start();
    await settle();
    trackers.answers.delete('a');
    it.complete();
    await it.stop();
    expect(trackers.said().slice(1)).toEqual(['a started', 'a completed', 'a stopped']);
  });

  test('begins anew after a stop, even while the goodbye is under way', async () => {
    const it = announcer([['a']]);
    it.start();
    await settle();
    trackers.answers.set('a', 'silence');
    const stopped = it.stop();
    trackers.answers.delete('a');
    it.start();
    await stopped;
    await settle();
    expect(trackers.said()).toEqual(['a started', 'a stopped', 'a started']);
  });

  test('stopping what never started does nothing', async () => {
    await announcer([['a']]).stop();
    expect(trackers.said()).toEqual([]);
  });
});

describe('tiers (BEP 12)', () => {
  test('goes on to the next tier only when all of a tier fail', async () => {
    for (const url of ['a', 'b']) trackers.answers.set(url, down);
    announcer([['a', 'b'], ['c'], ['d']]).start();
    await settle();
    expect(trackers.said().slice(0, 2).sort()).toEqual(['a started', 'b started']);
    expect(trackers.said().slice(2)).toEqual(['c started']);
  });

  test('shuffles each tier once', async () => {
    const firsts = new Set<string>();
    for (let seed = 0; seed < 40; seed++) {
      const it = announcer([['a', 'b', 'c'], ['z']], { random: seededRandom(seed) });
      const order = it.states().map(({ url }) => url);
      expect(order.slice(0, 3).sort()).toEqual(['a', 'b', 'c']);
      expect(order[3]).toBe('z');
      firsts.add(order[0]!);
    }
    expect(firsts.size).toBe(3);
  });

  test('the tracker that answers is the first of its tier from then on', async () => {
    const it = announcer([['a', 'b', 'c']]);
    const [first, second, third] = it.states().map(({ url }) => url);
    trackers.answers.set(first!, down);
    trackers.answers.set(second!, down);
    it.start();
    await settle();
    expect(it.states().map(({ url }) => url)).toEqual([third, first, second]);
    trackers.answers.clear();
    await clock.advance(1_800_000);
    expect(trackers.said().at(-1)).toBe(`${third} -`);
  });

  test('comes back to the first tier at the next announce', async () => {
    trackers.answers.set('a', down);
    announcer([['a'], ['b']]).start();
    await settle();
    trackers.answers.clear();
    await clock.advance(1_800_000);
    expect(trackers.said()).toEqual(['a started', 'b started', 'a started']);
  });

  test('with allTiers one tracker of each tier is kept informed', async () => {
    const it = announcer([['a'], ['b'], ['c']], { allTiers: true });
    trackers.answers.set('b', down);
    it.start();
    await settle();
    expect(trackers.said()).toEqual(['a started', 'b started', 'c started']);
    await it.stop();
    expect(trackers.said().slice(3)).toEqual(['a stopped', 'c stopped']);
  });

  test('a URL that stands twice is asked once', async () => {
    const it = announcer([['a'], ['a', 'b'], []]);
    expect(it.states().map(({ url, tier }) => `${url} ${tier}`)).toEqual(['a 0', 'b 1']);
  });

  test('a tracker that is added is asked at once, beside the others', async () => {
    const it = announcer([['a']]);
    it.start();
    await settle();
    it.addTracker('b');
    it.addTracker('a');
    await settle();
    expect(trackers.said()).toEqual(['a started', 'b started']);
    expect(it.states()).toMatchObject([
      { url: 'a', tier: 0 },
      { url: 'b', tier: 1, status: 'working' },
    ]);
  });
});

describe('times', () => {
  test.each([
    [0, 30],
    [-1, 30],
    [2 ** 31, 12 * 3_600],
    [Number.MAX_SAFE_INTEGER, 12 * 3_600],
    [600, 600],
  ])('an interval of %d s is taken for %d s', async (intervalS, takenS) => {
    trackers.answers.set('a', { intervalS, peers: [] });
    announcer([['a']]).start();
    await clock.advance(takenS * 1_000 - 1);
    expect(trackers.heard).toHaveLength(1);
    await clock.advance(1);
    expect(trackers.heard).toHaveLength(2);
  });

  test('after errors it waits 15 s, then twice as long each time, up to half an hour', async () => {
    trackers.answers.set('a', down);
    announcer([['a']]).start();
    await clock.advance(3 * 3_600_000);
    const waits = trackers.heard.map(
      ({ atMs }, index) => atMs - (trackers.heard[index - 1]?.atMs ?? 0),
    );
    expect(waits.map((ms) => ms / 1_000)).toEqual([
      0, 15, 30, 60, 120, 240, 480, 960, 1_800, 1_800, 1_800, 1_800,
    ]);
  });

  test('waits 15 s at least, however soon a refusal wants us back', async () => {
    trackers.answers.set('a', new TrackerError('failure', 'busy', { retryInS: 0.006 }));
    announcer([['a']]).start();
    await clock.advance(60_000);
    expect(trackers.heard.map(({ atMs }) => atMs / 1_000)).toEqual([0, 15, 30, 45, 60]);
  });

  test('comes back when a refusal says so (BEP 31), and never when it says never', async () => {
    trackers.answers.set('a', new TrackerError('failure', 'busy', { retryInS: 300 }));
    const it = announcer([['a'], ['b']], { allTiers: true });
    const never = new TrackerError('failure', 'gone', { retryInS: Number.POSITIVE_INFINITY });
    trackers.answers.set('b', never);
    it.start();
    await clock.advance(299_000);
    expect(trackers.heard).toHaveLength(2);
    await clock.advance(1_000);
    expect(trackers.said().slice(2)).toEqual(['a started']);
    await clock.advance(100_000_000);
    expect(trackers.said()).not.toContainEqual('b -');
    expect(trackers.said().filter((line) => line.startsWith('b'))).toHaveLength(1);
    expect(it.states()[1]).toMatchObject({
      status: 'off',
      message: 'gone',
      nextAnnounceAtMs: undefined,
    });
  });

  test.each([
    ['never', Number.POSITIVE_INFINITY],
    ['in an hour', 3_600],
  ])('a tracker that said %s is asked again when a person wants it', async (_, retryInS) => {
    trackers.answers.set('a', new TrackerError('failure', 'disabled', { retryInS }));
    const it = announcer([['a']]);
    it.start();
    it.announceNow();
    await clock.advance(14_999);
    expect(trackers.said()).toEqual(['a started']);
    await clock.advance(1);
    expect(trackers.said()).toEqual(['a started', 'a started']);
    trackers.answers.delete('a');
    await clock.advance(3_000_000);
    expect(trackers.heard).toHaveLength(2);
    it.announceNow();
    await clock.advance(1_800_000);
    expect(trackers.said().slice(2)).toEqual(['a started', 'a -']);
    expect(it.states()[0]).toMatchObject({ status: 'working', message: undefined });
  });

  test.each(['bad-url', 'forbidden-url'] as const)(
    'a URL that is not asked (%s) is not asked by wish either',
    async (code) => {
      trackers.answers.set('a', new TrackerError(code, 'no'));
      const it = announcer([['a']]);
      it.start();
      await settle();
      it.announceNow();
      await clock.advance(100_000_000);
      expect(trackers.heard).toHaveLength(1);
      expect(it.states()[0]).toMatchObject({ status: 'off', message: 'no' });
    },
  );

  test('announceNow waits for the min interval, and is not forgotten', async () => {
    trackers.answers.set('a', { intervalS: 1_800, minIntervalS: 200, peers: [] });
    const it = announcer([['a']]);
    it.start();
    it.announceNow();
    it.announceNow();
    await clock.advance(199_999);
    expect(trackers.heard).toHaveLength(1);
    await clock.advance(1);
    expect(trackers.heard).toHaveLength(2);
    await clock.advance(300_000);
    it.announceNow();
    await settle();
    expect(trackers.heard).toHaveLength(3);
  });

  test('announceNow waits two seconds when the tracker names no min interval', async () => {
    const it = announcer([['a']]);
    it.start();
    await settle();
    it.announceNow();
    await clock.advance(1_999);
    expect(trackers.heard).toHaveLength(1);
    await clock.advance(1);
    expect(trackers.heard).toHaveLength(2);
  });

  test('announceNow cuts a long back-off short, but not below 15 s', async () => {
    trackers.answers.set('a', down);
    const it = announcer([['a']]);
    it.start();
    await clock.advance(250_000);
    const before = trackers.heard.length;
    it.announceNow();
    await settle();
    expect(trackers.heard).toHaveLength(before + 1);
    it.announceNow();
    await clock.advance(14_999);
    expect(trackers.heard).toHaveLength(before + 1);
    await clock.advance(1);
    expect(trackers.heard).toHaveLength(before + 2);
  });
});

test('gives back the tracker id and shows the warning', async () => {
  trackers.answers.set('a', { intervalS: 100, peers: [], trackerId: 'x1', warning: 'soon down' });
  const it = announcer([['a']]);
  it.start();
  await clock.advance(100_000);
  expect(trackers.heard[1]).toMatchObject({ trackerId: 'x1' });
  expect(announced[0]).toBe('a ok soon down 0');
  expect(it.states()[0]).toMatchObject({ status: 'working', message: 'soon down' });
});

test('shows when it announced, when it will, and the counts of announce and scrape', async () => {
  trackers.answers.set('a', { intervalS: 100, peers: [peer], seederCount: 4, leecherCount: 5 });
  const it = announcer([['a'], ['b']]);
  expect(it.states()[0]).toEqual({
    url: 'a',
    tier: 0,
    status: 'idle',
    lastOutcome: undefined,
    lastAnnounceAtMs: undefined,
    nextAnnounceAtMs: undefined,
    seederCount: undefined,
    leecherCount: undefined,
    peerCount: undefined,
    message: undefined,
  });
  it.start();
  expect(it.states()[0]).toMatchObject({ status: 'announcing' });
  await settle();
  const wallMs = clock.wallMs();
  expect(it.states()[0]).toMatchObject({
    status: 'working',
    lastAnnounceAtMs: wallMs,
    nextAnnounceAtMs: wallMs + 100_000,
    seederCount: 4,
    leecherCount: 5,
    peerCount: 1,
  });
  trackers.counts = { seederCount: 8, leecherCount: 9, completedCount: 0 };
  await it.scrape();
  expect(it.states()[0]).toMatchObject({ seederCount: 8, leecherCount: 9 });
});

test('a torrent without trackers is no matter', async () => {
  const it = announcer([]);
  it.start();
  it.announceNow();
  it.complete();
  await clock.advance(1_000);
  await it.scrape();
  await it.stop();
  expect(it.states()).toEqual([]);
  expect(clock.pendingTimerCount).toBe(0);
});
