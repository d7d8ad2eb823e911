/** How long answers took, in buckets: what Prometheus calls a histogram. No IO. */

/** Upper ends of the buckets, in seconds; what takes longer is in one more. */
export const ANSWER_TIME_BOUNDS_S = [
  0.000_005, 0.000_01, 0.000_02, 0.000_05, 0.000_1, 0.000_2, 0.000_5, 0.001, 0.002, 0.005, 0.01,
  0.05, 0.25, 1,
] as const;

const BOUNDS_MS: readonly number[] = ANSWER_TIME_BOUNDS_S.map((boundS) => 1_000 * boundS);

/** What can be added up over processes. */
export interface AnswerTimeCounts {
  /** Answers in each bucket alone, one more than there are bounds. */
  readonly counts: readonly number[];
  readonly sumS: number;
}

/** Of one transport, since the start: from the request being read to its answer being handed over. */
export class AnswerTimes {
  readonly #counts = new Array<number>(BOUNDS_MS.length + 1).fill(0);
  #sumMs = 0;

  add(durationMs: number): void {
    // Nearly all are in the first few: faster than halving.
    let bucket = 0;
    while (bucket < BOUNDS_MS.length && durationMs > BOUNDS_MS[bucket]!) bucket++;
    this.#counts[bucket]!++;
    this.#sumMs += durationMs;
  }

  read(): AnswerTimeCounts {
    return { counts: [...this.#counts], sumS: this.#sumMs / 1_000 };
  }
}

/** Adds up what two processes counted. */
export function addAnswerTimes(a: AnswerTimeCounts, b: AnswerTimeCounts): AnswerTimeCounts {
  return {
    counts: a.counts.map((count, bucket) => count + b.counts[bucket]!),
    sumS: a.sumS + b.sumS,
  };
}
