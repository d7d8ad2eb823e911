/** How long to seed: `--seed-ratio` and `--seed-time`. */

/** Whichever is reached first ends it. Neither: what the command does by itself. */
export interface SeedGoal {
  /** Times the size of the torrent that was uploaded. */
  readonly ratio: number | undefined;
  readonly timeMs: number | undefined;
}

/** The goal the flags ask for, undefined when they ask for none. */
export function seedGoalOf(flags: {
  readonly seedRatio?: number;
  readonly seedTime?: number;
}): SeedGoal | undefined {
  if (flags.seedRatio === undefined && flags.seedTime === undefined) return undefined;
  const minutes = flags.seedTime;
  return {
    ratio: flags.seedRatio,
    timeMs: minutes === undefined ? undefined : minutes * 60_000,
  };
}

/**
 * Whether a complete torrent has seeded enough.
 * @param uploaded - bytes, all time
 * @param length - bytes of what we have of it
 * @param seedingMs - since it was complete, in this run
 */
export function isSeedGoalReached(
  goal: SeedGoal,
  uploaded: number,
  length: number,
  seedingMs: number,
): boolean {
  const byRatio = goal.ratio !== undefined && uploaded >= goal.ratio * length;
  return byRatio || (goal.timeMs !== undefined && seedingMs >= goal.timeMs);
}
