/** Knows whether files are being read or written, or bytes hashed, on the thread pool. */
import { type AsyncHook, createHook } from 'node:async_hooks';

/** Requests that take real time and then end: of `fs`, of file handles, of `crypto`. */
const KINDS = new Set(['FSREQCALLBACK', 'FSREQPROMISE', 'FILEHANDLECLOSEREQ', 'HASHREQUEST']);

/** Counts what was begun after it was made. Watching slows promises down: stop it in the end. */
export class PendingWork {
  readonly #ids = new Set<number>();
  readonly #hook: AsyncHook;

  constructor() {
    const ids = this.#ids;
    this.#hook = createHook({
      init(id, kind) {
        if (KINDS.has(kind)) ids.add(id);
      },
      after(id) {
        ids.delete(id);
      },
      destroy(id) {
        ids.delete(id);
      },
    }).enable();
  }

  get count(): number {
    return this.#ids.size;
  }

  stop(): void {
    this.#hook.disable();
    this.#ids.clear();
  }
}
