/** How long answers took over the last minute: half of them, and all but the slowest hundredth. Pure. */
import { ANSWER_TIME_BOUNDS_S, type AnswerTimeCounts, addAnswerTimes } from '@shoal/tracker/server';

/** Looks, one a second. */
const LENGTH = 60;

export interface Quantiles {
  readonly p50S: number;
  readonly p99S: number;
}

export class AnswerQuantiles {
  /** Buckets of all transports at each look; the oldest is what is counted from. */
  readonly #looks: (readonly number[])[] = [];

  /** A second has passed. @param all - of each transport, one at least */
  look(all: readonly AnswerTimeCounts[]): void {
    this.#looks.push(all.reduce(addAnswerTimes).counts);
    if (this.#looks.length > LENGTH + 1) this.#looks.shift();
  }

  /** @returns undefined when nothing was answered */
  read(): Quantiles | undefined {
    const [oldest, latest] = [this.#looks[0], this.#looks.at(-1)];
    const counts = latest?.map((count, bucket) => Math.max(0, count - oldest![bucket]!)) ?? [];
    const total = counts.reduce((sum, count) => sum + count, 0);
    if (total === 0) return undefined;
    return { p50S: quantileOf(counts, total / 2), p99S: quantileOf(counts, 0.99 * total) };
  }
}

/** As `histogram_quantile` of Prometheus: answers lie evenly within their bucket. */
function quantileOf(counts: readonly number[], rank: number): number {
  let below = 0;
  for (const [bucket, count] of counts.entries()) {
    const toS = ANSWER_TIME_BOUNDS_S[bucket];
    const fromS = ANSWER_TIME_BOUNDS_S[bucket - 1] ?? 0;
    if (toS === undefined) return fromS;
    if (below + count >= rank) return fromS + ((toS - fromS) * (rank - below)) / count;
    below += count;
  }
  return ANSWER_TIME_BOUNDS_S.at(-1)!;
}
