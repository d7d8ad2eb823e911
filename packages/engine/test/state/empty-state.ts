/** A resume state that says nothing yet: a torrent's first one, without its metadata. */
import type { ResumeState } from '../../src/state/resume.ts';

export const EMPTY_STATE: ResumeState = {
  name: 'x',
  infoBytes: undefined,
  outputFolder: '/nowhere',
  storeKind: 'files',
  pieces: undefined,
  marks: [],
  priorities: [],
  selectedFiles: undefined,
  downloaded: 0,
  uploaded: 0,
  wasted: 0,
  addedAtMs: 0,
  isPaused: false,
  sequential: false,
  downBytesPerS: undefined,
  upBytesPerS: undefined,
  trackers: [],
  addedTrackers: [],
  webSeeds: [],
  peers: [],
};
