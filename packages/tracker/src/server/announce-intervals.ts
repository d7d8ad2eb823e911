/**
 * Seconds until a client announces again, a little different each time: a crowd that came at once,
 * after a restart or a release, does not come back at once for ever.
 */
import type { Random } from '@shoal/units';
import { QuickRandom } from './swarm/quick-random.ts';

/** An interval is shorter by so much of itself at most: never longer, which would be less than asked for. */
const MAX_JITTER_RATIO = 1 / 20;

export interface AnnounceIntervalsOptions {
  /** Seconds between the announces of a client. */
  readonly intervalS: number;
  /** Seconds that must pass even when it wants more peers; held at the interval. */
  readonly minIntervalS: number;
  readonly random: Random;
}

export class AnnounceIntervals {
  /** Seconds that must pass even when a client wants more peers: no interval is shorter. */
  readonly minS: number;
  readonly #longestS: number;
  readonly #choiceCount: number;
  readonly #random: QuickRandom;

  constructor({ intervalS, minIntervalS, random }: AnnounceIntervalsOptions) {
    this.minS = Math.min(intervalS, minIntervalS);
    this.#longestS = intervalS;
    const jitterS = Math.min(Math.floor(intervalS * MAX_JITTER_RATIO), intervalS - this.minS);
    this.#choiceCount = jitterS + 1;
    this.#random = new QuickRandom(random);
  }

  /** The interval for the next answer, in whole seconds. */
  next(): number {
    return this.#longestS - this.#random.below(this.#choiceCount);
  }
}
