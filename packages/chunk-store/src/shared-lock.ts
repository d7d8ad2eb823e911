/** Many at once, or one alone. */

/** Who comes while one is alone, or waits to be, waits in turn. Must not be taken by who has it. */
export class SharedLock {
  #sharerCount = 0;
  /** Settles when the one that is alone, or waits to be, is done. */
  #alone: Promise<void> | undefined;
  #wake: (() => void) | undefined;

  /** Runs beside others that share; at once when nobody is alone. */
  async shared<T>(run: () => Promise<T>): Promise<T> {
    while (this.#alone !== undefined) await this.#alone;
    this.#sharerCount++;
    try {
      return await run();
    } finally {
      this.#sharerCount--;
      if (this.#sharerCount === 0) this.#wake?.();
    }
  }

  /** Runs when all that began before have ended, and nothing else does meanwhile; never at once. */
  async alone<T>(run: () => Promise<T>): Promise<T> {
    while (this.#alone !== undefined) await this.#alone;
    const done = Promise.withResolvers<void>();
    this.#alone = done.promise;
    try {
      await this.#idle();
      return await run();
    } finally {
      this.#alone = undefined;
      done.resolve();
    }
  }

  /** Resolves when nobody shares. */
  async #idle(): Promise<void> {
    if (this.#sharerCount === 0) return;
    await new Promise<void>((resolve) => {
      this.#wake = resolve;
    });
    this.#wake = undefined;
  }
}
