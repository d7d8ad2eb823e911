/** On the screen a torrent that has seeded enough is paused, and stays in the list. */
import { isSeedGoalReached, type SeedGoal } from '@shoal/cli';
import type { EngineHandle } from '@shoal/engine';

/** Milliseconds between looks. */
const TICK_MS = 1000;

/** Watches every torrent, also those added later. @returns stop watching */
export function pauseAtGoal(engine: EngineHandle, goal: SeedGoal): () => void {
  /** Infohash to the time it was first seen complete, or `paused` once it was. */
  const seen = new Map<string, number | 'paused'>();
  const look = (): void => {
    const nowMs = performance.now();
    for (const { infoHash, status, uploaded, haveLength } of engine.getSnapshot().torrents) {
      if (status !== 'seeding') continue;
      const since = seen.get(infoHash) ?? nowMs;
      seen.set(infoHash, since);
      if (since === 'paused') continue;
      if (!isSeedGoalReached(goal, uploaded, haveLength, nowMs - since)) continue;
      seen.set(infoHash, 'paused');
      engine.torrent(infoHash)?.pause();
    }
  };
  const timer = setInterval(look, TICK_MS);
  return () => clearInterval(timer);
}
