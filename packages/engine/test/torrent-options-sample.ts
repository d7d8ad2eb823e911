/** How a torrent is asked for, for tests: nothing is on disk and nobody is asked for it. */
import { ManualClock } from '@shoal/testkit';
import type { ResumeState } from '../src/state/resume.ts';
import type { TorrentOptions } from '../src/torrent-options.ts';
import { toTorrentOptions } from '../src/torrent-source.ts';
import { lendParts } from './lent-parts.ts';
import { makeSample } from './sample-torrent.ts';

const { metainfo } = makeSample({
  files: [
    { path: 'a.bin', length: 100_000 },
    { path: 'b.bin', length: 50_000 },
  ],
  trackers: [['http://one.test/announce']],
});

export function sampleOptions(changes: Partial<TorrentOptions> = {}): TorrentOptions {
  const parts = lendParts(new ManualClock());
  const source = { metainfo };
  return { ...toTorrentOptions({ source, outputFolder: 'nowhere' }, parts), ...changes };
}

/** What the last run left of the same torrent, with nothing done. */
export function sampleState(changes: Partial<ResumeState> = {}): ResumeState {
  return {
    name: 'sample',
    infoBytes: metainfo.info.infoBytes,
    outputFolder: 'nowhere',
    storeKind: 'files',
    pieces: undefined,
    marks: [],
    priorities: ['normal', 'normal'],
    selectedFiles: undefined,
    downloaded: 0,
    uploaded: 0,
    wasted: 0,
    addedAtMs: 1_000,
    isPaused: false,
    sequential: false,
    downBytesPerS: undefined,
    upBytesPerS: undefined,
    trackers: metainfo.trackers,
    addedTrackers: [],
    webSeeds: [],
    peers: [],
    ...changes,
  };
}
