import { expect, test } from 'vitest';
import { TorrentRecord } from '../src/torrent-record.ts';
import { sampleOptions, sampleState } from './torrent-options-sample.ts';

const ADDED_AT_MS = 5_000;

test('a new torrent is as it was asked for, and was added now', () => {
  const record = new TorrentRecord(sampleOptions({ sequential: true }), ADDED_AT_MS);
  expect(record.compose(undefined)).toEqual({
    name: 'sample',
    infoBytes: undefined,
    outputFolder: 'nowhere',
    storeKind: 'files',
    priorities: [],
    selectedFiles: undefined,
    wasted: 0,
    addedAtMs: ADDED_AT_MS,
    sequential: true,
    trackers: [['http://one.test/announce']],
    addedTrackers: [],
    webSeeds: [],
  });
});

test('of the last run it takes when it was added, what was wasted, and what a person wanted', () => {
  const record = new TorrentRecord(sampleOptions(), ADDED_AT_MS);
  record.take(sampleState({ wasted: 300, addedAtMs: 1, sequential: true, selectedFiles: [1] }));
  expect([record.addedAtMs, record.wasted(undefined)]).toEqual([1, 300]);
  expect([record.sequential, record.selectedFiles]).toEqual([true, [1]]);
});

test('what it is added with this time goes before the last run', () => {
  const record = new TorrentRecord(
    sampleOptions({ sequential: true, selectedFiles: [0] }),
    ADDED_AT_MS,
  );
  record.take(sampleState({ sequential: false, selectedFiles: [1] }));
  expect([record.sequential, record.selectedFiles]).toEqual([true, [0]]);
});

test('a tracker is added once, in a tier of its own', () => {
  const record = new TorrentRecord(sampleOptions(), ADDED_AT_MS);
  expect(record.addTracker('http://one.test/announce')).toBe(false);
  expect(record.addTracker('udp://two.test:80')).toBe(true);
  expect(record.addTracker('udp://two.test:80')).toBe(false);
  expect(record.trackerTiers).toEqual([['http://one.test/announce'], ['udp://two.test:80']]);
});

test('a tracker that a person added stays with the torrent, however it is asked for', () => {
  const byHand = 'udp://two.test:80';
  const first = new TorrentRecord(sampleOptions(), ADDED_AT_MS);
  first.addTracker(byHand);
  const { trackers, addedTrackers } = first.compose(undefined);
  const restored = sampleOptions({ trackerTiers: trackers });
  const again = sampleOptions({ trackerTiers: [['http://other.test/announce']] });
  for (const [options, own] of [
    [restored, 'http://one.test/announce'],
    [again, 'http://other.test/announce'],
  ] as const) {
    const record = new TorrentRecord(options, ADDED_AT_MS);
    record.take(sampleState({ trackers, addedTrackers }));
    expect(record.trackerTiers).toEqual([[own], [byHand]]);
    expect(record.compose(undefined).addedTrackers).toEqual([byHand]);
  }
});
