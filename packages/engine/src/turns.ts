/** What is done about one thing is done one after the other; about others beside it. */

export class Turns {
  /** What is under way or waits last, by key. */
  readonly #last = new Map<string, Promise<unknown>>();

  /** Runs when all that was asked for this key before has ended, well or not; at once when nothing was. */
  take<T>(key: string, run: () => Promise<T>): Promise<T> {
    const before = this.#last.get(key);
    const turn = before === undefined ? run() : Promise.allSettled([before]).then(run);
    const forget = (): void => {
      if (this.#last.get(key) === turn) this.#last.delete(key);
    };
    this.#last.set(key, turn);
    turn.then(forget, forget);
    return turn;
  }

  /** Resolves when all that was asked for until now has ended. */
  async settled(): Promise<void> {
    await Promise.allSettled(this.#last.values());
  }
}
