/** What a load generator prints, as one JSON line, when its time is over. */
export interface LoadReport {
  readonly answerCount: number;
  /** Answers that were errors, or no answers at all. */
  readonly faultCount: number;
  readonly elapsedS: number;
  /** CPU seconds of the generator itself within that time. */
  readonly cpuS: number;
  /** Mean of peers in an answer. */
  readonly peersPerAnswer: number;
}

/** Counts while a generator runs. */
export class LoadCounter {
  answerCount = 0;
  faultCount = 0;
  peerCount = 0;
  readonly #startedAtMs = performance.now();
  readonly #cpuAtStart = process.cpuUsage();

  report(): LoadReport {
    const { user, system } = process.cpuUsage(this.#cpuAtStart);
    return {
      answerCount: this.answerCount,
      faultCount: this.faultCount,
      elapsedS: (performance.now() - this.#startedAtMs) / 1000,
      cpuS: (user + system) / 1e6,
      peersPerAnswer: this.peerCount / Math.max(1, this.answerCount),
    };
  }
}
