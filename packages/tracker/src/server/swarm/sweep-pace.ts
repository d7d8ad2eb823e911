/** How fast a store is swept: round once in so many slices of work. Pure. */

/** Slices of a round, and looks of each, at least. */
const SLICE_COUNT = 480;
const MIN_SLICE = 256;
/**
 * The pace falls this slowly: it would fall with what is left otherwise, while a flood goes, and the
 * last of it would stay for rounds.
 */
const DECAY = 1 - 1 / (4 * SLICE_COUNT);

export class SweepPace {
  #lookCount = 0;

  /** @param lookCount - of a round @returns the looks of the next slice */
  next(lookCount: number): number {
    this.#lookCount = Math.max(lookCount, DECAY * this.#lookCount);
    return MIN_SLICE + Math.ceil(this.#lookCount / SLICE_COUNT);
  }
}
