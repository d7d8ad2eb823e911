/** Holds back exchanges with one tracker, so that thousands of torrents do not ask it all at once. */

/** Most exchanges at a time with one host and port, unless told otherwise. */
const MAX_CONCURRENT = 32;

interface Lane {
  running: number;
  readonly waiting: (() => void)[];
}

/** A queue for each key; a key that nobody uses takes no memory. */
export class HostGate {
  readonly #lanes = new Map<string, Lane>();
  readonly #maxConcurrent: number;

  /** @param maxConcurrent - how many of one key run at a time; default 32 */
  constructor(maxConcurrent = MAX_CONCURRENT) {
    this.#maxConcurrent = maxConcurrent;
  }

  /** Runs `run` as soon as one of its key may. */
  async pass<Result>(key: string, run: () => Promise<Result>): Promise<Result> {
    const lane = this.#lanes.get(key) ?? { running: 0, waiting: [] };
    this.#lanes.set(key, lane);
    if (lane.running < this.#maxConcurrent) lane.running++;
    else await new Promise<void>((resolve) => lane.waiting.push(resolve));
    try {
      return await run();
    } finally {
      const next = lane.waiting.shift();
      if (next !== undefined) next();
      else if (--lane.running === 0) this.#lanes.delete(key);
    }
  }
}
