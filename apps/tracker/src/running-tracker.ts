/** A tracker with what its operator wants to know of how it runs. */
import type { TrackerServer } from '@shoal/tracker/server';
import type { ProcessLoad } from './workers/process-load.ts';

export interface RunningTracker extends TrackerServer {
  /** Left out without --workers. */
  readonly workers?: WorkersStatus;
  /** When swarms were written to disk last, in milliseconds since 1970. Left out without --snapshot. */
  readonly snapshotMs?: () => number | undefined;
}

/** How it goes with the worker processes. */
export interface WorkersStatus {
  /** As they said last, by their numbers: from 1, and one that replaces another has its number. */
  loads(): ReadonlyMap<number, ProcessLoad>;
  /** Workers that listen and were heard of lately. */
  answeringCount(): number;
  /** Workers that ended and were replaced, since the start. */
  restartCount(): number;
}
