/** Lines for a person that come up beside the torrents, on their way to the screen. */

/** Kept until someone listens; older ones are dropped. */
const MAX_WAITING = 10;

export class Notices {
  readonly #listeners = new Set<(text: string) => void>();
  #waiting: string[] = [];

  /** @param text - one sentence, cleaned */
  say(text: string): void {
    if (this.#listeners.size === 0) this.#waiting = [...this.#waiting, text].slice(-MAX_WAITING);
    for (const listener of this.#listeners) listener(text);
  }

  /** @param listener - told of what was said before anyone listened, too. @returns unsubscribe */
  listen(listener: (text: string) => void): () => void {
    this.#listeners.add(listener);
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const text of waiting) listener(text);
    return () => void this.#listeners.delete(listener);
  }
}
