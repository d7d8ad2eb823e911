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
  /** From when an announce was due to its answer, the slowest of every 100 left out, once warm. */
  readonly p99Ms: number;
}

/** Its own code is not compiled before: what falls due in this time says nothing of the tracker. */
const WARM_UP_MS = 1_000;

/** Counts while a generator runs. */
export class LoadCounter {
  answerCount = 0;
  faultCount = 0;
  #peerCount = 0;
  readonly #waitsMs: number[] = [];
  readonly #startedAtMs = performance.now();
  readonly #cpuAtStart = process.cpuUsage();

  /** @param dueAtMs - when its announce was to be sent */
  countAnswer(dueAtMs: number, peerCount: number): void {
    this.answerCount += 1;
    this.#peerCount += peerCount;
    if (dueAtMs >= this.#startedAtMs + WARM_UP_MS) this.#waitsMs.push(performance.now() - dueAtMs);
  }

  report(): LoadReport {
    const { user, system } = process.cpuUsage(this.#cpuAtStart);
    const elapsedS = (performance.now() - this.#startedAtMs) / 1000;
    const waitsMs = Float64Array.from(this.#waitsMs).sort();
    return {
      answerCount: this.answerCount,
      faultCount: this.faultCount,
      elapsedS,
      cpuS: (user + system) / 1e6,
      peersPerAnswer: this.#peerCount / Math.max(1, this.answerCount),
      p99Ms: waitsMs[Math.floor(waitsMs.length * 0.99)] ?? Number.NaN,
    };
  }
}
