import { seededRandom } from '@shoal/testkit';
import { expect, test } from 'vitest';
import { type Opened, openContent } from '../src/open-content.ts';
import { BanList } from '../src/peers/ban-list.ts';
import { PeerPool } from '../src/peers/peer-pool.ts';
import { Swarm } from '../src/peers/swarm.ts';
import type { ResumeState } from '../src/state/resume.ts';
import type { TorrentOptions } from '../src/torrent-options.ts';
import { TorrentRecord } from '../src/torrent-record.ts';
import { Traffic } from '../src/transfer/traffic.ts';
import { deafContentListener } from './deaf-content-listener.ts';
import { sampleOptions, sampleState } from './torrent-options-sample.ts';

const ignore = (): void => {};

function open(changes: Partial<TorrentOptions>, state?: ResumeState): Opened {
  const options = sampleOptions(changes);
  const { parts } = options;
  const swarm = new Swarm({
    clock: parts.clock,
    pool: new PeerPool({ random: seededRandom(1) }),
    bans: new BanList(),
    ourPeerId: parts.peerId,
    listener: {
      handleJoined: ignore,
      handleLeft: ignore,
      handleInterest: ignore,
      handleUseful: ignore,
      handleSeeder: ignore,
      handleExtended: ignore,
      handlePort: ignore,
    },
  });
  return openContent({
    info: options.info!,
    state,
    options,
    record: new TorrentRecord(options, 0),
    traffic: new Traffic(options.limits, parts, 0),
    swarm,
    listener: deafContentListener,
  });
}

const priorities = ({ content }: Opened): readonly string[] => content.selection.priorities;

test('all files are wanted unless somebody says otherwise', () => {
  expect(priorities(open({}))).toEqual(['normal', 'normal']);
});

test('the files that are asked for are wanted, and go before those of the last run', () => {
  const state = sampleState({ priorities: ['high', 'off'] });
  expect(priorities(open({ selectedFiles: [1] }, state))).toEqual(['off', 'normal']);
});

test('the priorities of the last run are taken up when they fit the files', () => {
  expect(priorities(open({}, sampleState({ priorities: ['high', 'off'] })))).toEqual([
    'high',
    'off',
  ]);
  expect(priorities(open({}, sampleState({ priorities: ['off'] })))).toEqual(['normal', 'normal']);
});

test('a file that is asked for and does not exist is named', () => {
  expect(() => open({ selectedFiles: [0, 2] })).toThrow('file 3 of 2 does not exist');
});

test('pieces are fetched in their order when a person wants that', () => {
  expect(open({ sequential: true }).content.downloader.sequential).toBe(true);
  expect(open({}).content.downloader.sequential).toBe(false);
});
