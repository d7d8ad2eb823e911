/** When to announce which swarm: data in, decisions out. All times in milliseconds of one clock. */

interface Turn {
  dueMs: number;
  /** When it was taken last, or undefined before the first time. */
  lastMs: number | undefined;
}

export interface ScheduleOptions {
  /** From one announce of a swarm to the next. */
  readonly intervalMs: number;
  /** At least so long apart, however often someone asks. */
  readonly minIntervalMs: number;
}

/** Swarms by key, each with the time of its next announce. */
export class AnnounceSchedule {
  readonly #options: ScheduleOptions;
  readonly #turns = new Map<string, Turn>();

  constructor(options: ScheduleOptions) {
    this.#options = options;
  }

  has(key: string): boolean {
    return this.#turns.has(key);
  }

  keys(): Iterable<string> {
    return this.#turns.keys();
  }

  /** Due at once; without effect when the swarm is there already. */
  add(key: string, nowMs: number): void {
    if (!this.has(key)) this.#turns.set(key, { dueMs: nowMs, lastMs: undefined });
  }

  delete(key: string): void {
    this.#turns.delete(key);
  }

  /** Brings the next announce forward to `dueMs`, or to as soon after it as the minimum allows. */
  hasten(key: string, dueMs: number): void {
    const turn = this.#turns.get(key);
    if (turn === undefined) return;
    const earliestMs =
      turn.lastMs === undefined
        ? dueMs
        : Math.max(dueMs, turn.lastMs + this.#options.minIntervalMs);
    turn.dueMs = Math.min(turn.dueMs, earliestMs);
  }

  /**
   * Up to `limit` swarms whose turn comes before `nowMs + aheadMs`, the most overdue first; their
   * next turn is one interval from now. None when no turn has come by `nowMs`.
   */
  take(nowMs: number, limit: number, aheadMs = 0): string[] {
    if ((this.nextDueMs() ?? Number.POSITIVE_INFINITY) > nowMs) return [];
    const due = [...this.#turns]
      .filter(([, turn]) => turn.dueMs <= nowMs + aheadMs)
      .sort(([, a], [, b]) => a.dueMs - b.dueMs)
      .slice(0, limit);
    for (const [, turn] of due) {
      turn.lastMs = nowMs;
      turn.dueMs = nowMs + this.#options.intervalMs;
    }
    return due.map(([key]) => key);
  }

  /** When the next turn comes, or undefined without any swarm. */
  nextDueMs(): number | undefined {
    let next: number | undefined;
    for (const { dueMs } of this.#turns.values())
      if (next === undefined || dueMs < next) next = dueMs;
    return next;
  }
}
