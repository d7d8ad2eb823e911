/** One program in a race, and what a row of the table is made of. */

/** What one run of a program gave. */
export interface Sample {
  /** In the row's unit; more is better. */
  readonly rate: number;
  /** CPU time, user and system: in the row's `cpuUnit`, one number per part of the program. */
  readonly cpu: readonly number[];
  /** Peak resident memory, bytes. */
  readonly peakBytes: number;
  /** Anything to be said about the run, e.g. how busy the load generator was. */
  readonly note?: string;
}

export interface Contender {
  readonly name: string;
  /** One run; called several times in turn with the other's. */
  measure(): Promise<Sample>;
  close(): Promise<void>;
}

export interface Row {
  readonly title: string;
  /** Of the rate, e.g. `MiB/s`. */
  readonly unit: string;
  /** Of the CPU figures, e.g. `s seeder + leecher`. */
  readonly cpuUnit: string;
  readonly rounds: number;
  ours(): Promise<Contender>;
  theirs(): Promise<Contender>;
}

/** The median of each number; the note of the run in the middle. */
export function medianSample(samples: readonly Sample[]): Sample {
  const first = samples[0];
  if (!first) throw new RangeError('no samples');
  const note = samples.toSorted((a, b) => a.rate - b.rate)[samples.length >> 1]?.note;
  return {
    rate: median(samples.map(({ rate }) => rate)),
    cpu: first.cpu.map((_, part) => median(samples.map(({ cpu }) => cpu[part] ?? 0))),
    peakBytes: Math.max(...samples.map(({ peakBytes }) => peakBytes)),
    ...(note === undefined ? {} : { note }),
  };
}

/** The middle one, or the mean of the middle two. */
export function median(numbers: readonly number[]): number {
  const sorted = numbers.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2;
}
