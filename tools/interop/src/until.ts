/** Waits for something that other programs bring about. */
import { setTimeout as delay } from 'node:timers/promises';

const PERIOD_MS = 50;

/**
 * Asks `probe` again and again until it gives something.
 * @param what - completes "waited in vain for …"
 * @throws Error when `signal` aborts; whatever `probe` throws
 */
export async function until<T>(
  what: string,
  signal: AbortSignal,
  probe: () => T | undefined | Promise<T | undefined>,
): Promise<T> {
  while (!signal.aborted) {
    const found = await probe();
    if (found !== undefined) return found;
    await delay(PERIOD_MS);
  }
  throw new Error(`waited in vain for ${what}`);
}
