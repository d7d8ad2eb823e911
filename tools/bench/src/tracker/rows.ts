/** The tracker rows: announces of 48,000 peers in 1,000 torrents. opentracker keeps no connection open. */
import type { Row } from '../contender.ts';
import { bittorrentTracker, opentracker, shoalTracker, type TrackerProgram } from './servers.ts';
import { type LoadKind, openUnderLoad } from './under-load.ts';

const ROUNDS = 3;

const RACES: readonly (readonly [title: string, kind: LoadKind, rival: TrackerProgram])[] = [
  ['tracker, UDP', 'udp', bittorrentTracker],
  ['tracker, UDP', 'udp', opentracker],
  ['tracker, HTTP', 'http', bittorrentTracker],
  ['tracker, HTTP', 'http', opentracker],
  ['tracker, HTTP keep-alive', 'http-keep-alive', bittorrentTracker],
];

export const trackerRows: readonly [rivalName: string, row: Row][] = RACES.map(
  ([title, kind, rival]) => [
    rival.name,
    {
      title,
      unit: 'answers/s',
      cpuUnit: 'us an answer',
      rounds: ROUNDS,
      ours: () => openUnderLoad(shoalTracker, kind),
      theirs: () => openUnderLoad(rival, kind),
    },
  ],
);
