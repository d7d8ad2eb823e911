/** Writes to one file: one at a time, and what is adjacent leaves together. */

/** Most parts in one `writev`: IOV_MAX of Linux and macOS. */
const PARTS_LIMIT = 1024;
/** Most bytes in one `writev`: keeps one call near 10 ms, so that a read is not held up behind it. */
const RUN_LENGTH_LIMIT = 16 * 1024 * 1024;

/** Writes some of the parts at `position`. @returns bytes written, possibly fewer than given */
export type WriteParts = (parts: readonly Uint8Array[], position: number) => Promise<number>;

interface Write {
  readonly position: number;
  readonly bytes: Uint8Array;
  readonly done: PromiseWithResolvers<void>;
}

/**
 * Writes that come while one is under way wait; then those whose positions follow each other go in
 * one call. Parallel writes to one file make Linux spin on its lock, so there is never a second.
 */
export class WriteQueue {
  readonly #writeParts: WriteParts;
  #waiting: Write[] = [];
  #running: readonly Write[] = [];
  #isDraining = false;

  constructor(writeParts: WriteParts) {
    this.#writeParts = writeParts;
  }

  /** Resolves when all the bytes are written at `position`; the bytes must not change until then. */
  write(position: number, bytes: Uint8Array): Promise<void> {
    const write = { position, bytes, done: Promise.withResolvers<void>() };
    this.#waiting.push(write);
    if (!this.#isDraining) void this.#drain();
    return write.done.promise;
  }

  /** Resolves when the writes asked for so far have ended; failures are told to those who wrote. */
  async settled(): Promise<void> {
    const writes = [...this.#running, ...this.#waiting];
    await Promise.allSettled(writes.map(({ done }) => done.promise));
  }

  async #drain(): Promise<void> {
    this.#isDraining = true;
    while (this.#waiting.length > 0) {
      this.#running = this.#takeRun();
      await this.#writeRun(this.#running);
    }
    this.#running = [];
    this.#isDraining = false;
  }

  /** The write that waited longest and those that follow it without a gap, in order of position. */
  #takeRun(): Write[] {
    const first = this.#waiting.shift()!;
    if (this.#waiting.length === 0) return [first];
    const run = [first];
    let end = first.position + first.bytes.length;
    const rest: Write[] = [];
    for (const write of this.#waiting.sort((a, b) => a.position - b.position)) {
      const fits =
        write.position === end &&
        run.length < PARTS_LIMIT &&
        end + write.bytes.length - first.position <= RUN_LENGTH_LIMIT;
      if (!fits) rest.push(write);
      else {
        run.push(write);
        end += write.bytes.length;
      }
    }
    this.#waiting = rest;
    return run;
  }

  /** A short write is gone on with; on an error those that were written whole have succeeded. */
  async #writeRun(run: readonly Write[]): Promise<void> {
    let writtenLength = 0;
    let next = 0;
    try {
      while (next < run.length) {
        const parts = run.slice(next).map((write) => write.bytes);
        const skipped = writtenLength;
        parts[0] = parts[0]!.subarray(skipped);
        writtenLength += await this.#writeParts(parts, run[next]!.position + skipped);
        while (next < run.length && writtenLength >= run[next]!.bytes.length) {
          writtenLength -= run[next]!.bytes.length;
          run[next++]!.done.resolve();
        }
      }
    } catch (error) {
      for (const write of run.slice(next)) write.done.reject(error);
    }
  }
}
