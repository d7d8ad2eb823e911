/** Many small questions to the system, a bounded number at a time. */

/** Asked at once: keeps libuv's threads busy and memory flat for a million files. */
const BATCH_COUNT = 256;

/** Calls `ask` for 0..count-1. @returns the answers in order */
export async function inBatches<T>(count: number, ask: (n: number) => Promise<T>): Promise<T[]> {
  const answers: T[] = [];
  for (let start = 0; start < count; start += BATCH_COUNT) {
    const batch = Array.from({ length: Math.min(BATCH_COUNT, count - start) }, (_, n) =>
      ask(start + n),
    );
    answers.push(...(await Promise.all(batch)));
  }
  return answers;
}
