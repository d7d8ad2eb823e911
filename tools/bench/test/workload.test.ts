import { describe, expect, test } from 'vitest';
import {
  fillTurn,
  peerCountOf,
  peersPerSource,
  SOURCE_COUNT,
  WORKLOADS,
} from '../src/tracker/workload.ts';

describe.each(Object.entries(WORKLOADS))('%s', (_name, workload) => {
  test('every peer is announced once a round, and every torrent has some', () => {
    const peers = new Set<number>();
    const torrents = new Set<number>();
    const turn = { torrent: 0, port: 0, left: 0 };
    for (let source = 0; source < SOURCE_COUNT; source += 1) {
      for (let n = 0; n < peersPerSource(workload); n += 1) {
        fillTurn(turn, workload, source, n);
        peers.add((turn.torrent * SOURCE_COUNT + source) * 1_000 + turn.port - 20_000);
        torrents.add(turn.torrent);
      }
    }
    expect(peers.size).toBe(peerCountOf(workload));
    expect(torrents.size).toBe(workload.torrentCount);
    expect(Math.max(...torrents)).toBe(workload.torrentCount - 1);
  });
});
