/** Knows whether files are being read or written, or bytes hashed, on the thread pool. */
import { type AsyncHook, createHook } from 'node:async_hooks';

/** Requests that take real time and then end: of `fs`, of file handles, of `crypto`. */
const KINDS = new Set(['FSREQCALLBACK', 'FSREQPROMISE', 'FILEHANDLECLOSEREQ', 'HASHREQUEST']);

/** Counts what was begun after it was made: stop it in the end. */
export class PendingWork {
  readonly #ids = new Set<number>();
  readonly #hook: AsyncHook;
  #handleNone: (() => void) | undefined;

  constructor() {
    const ids = this.#ids;
    const end = (id: number): void => {
      if (ids.delete(id) && ids.size === 0) this.#tellNone();
    };
    this.#hook = createHook({
      // Watching each promise until it is collected would take half of the time of a swarm.
      trackPromises: false,
      init(id, kind) {
        if (KINDS.has(kind)) ids.add(id);
      },
      after: end,
      destroy: end,
    }).enable();
  }

  /** Whether something was begun and has not ended. */
  get isPending(): boolean {
    return this.#ids.size > 0;
  }

  /** Waits until nothing is under way. One may wait at a time. */
  none(): Promise<void> {
    if (!this.isPending) return Promise.resolve();
    return new Promise((resolve) => {
      this.#handleNone = resolve;
    });
  }

  stop(): void {
    this.#hook.disable();
    this.#ids.clear();
    this.#tellNone();
  }

  #tellNone(): void {
    this.#handleNone?.();
    this.#handleNone = undefined;
  }
}
