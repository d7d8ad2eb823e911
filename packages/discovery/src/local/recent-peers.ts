/** Which neighbours were heard of lately, so that one who repeats himself makes no work. */

/** Within so long a repetition is not passed on. */
const REPEAT_MS = 60_000;
/** Peers remembered: past it the one heard longest ago is forgotten. */
const PEER_LIMIT = 2000;

/** Peers of swarms by key, in the order in which they were heard. Times in milliseconds. */
export class RecentPeers {
  readonly #heardMs = new Map<string, number>();

  /** Notes that one was heard. @returns whether for the first time, again, or too soon again */
  note(key: string, nowMs: number): 'first' | 'again' | 'repeated' {
    const lastMs = this.#heardMs.get(key);
    if (lastMs !== undefined && nowMs - lastMs < REPEAT_MS) return 'repeated';
    this.#heardMs.delete(key);
    this.#heardMs.set(key, nowMs);
    if (this.#heardMs.size > PEER_LIMIT) {
      const oldest = this.#heardMs.keys().next();
      if (!oldest.done) this.#heardMs.delete(oldest.value);
    }
    return lastMs === undefined ? 'first' : 'again';
  }
}
