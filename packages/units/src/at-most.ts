/** Waiting that ends. */
import type { Clock } from './ports.ts';

/**
 * Waits for work, but no longer than `limitMs`; the work itself goes on.
 * @returns whether it was done by then
 */
export async function atMost(
  limitMs: number,
  clock: Pick<Clock, 'after'>,
  work: Promise<unknown>,
): Promise<boolean> {
  const isLate = Promise.withResolvers<false>();
  const timer = clock.after(limitMs, () => isLate.resolve(false));
  try {
    return await Promise.race([work.then(() => true), isLate.promise]);
  } finally {
    timer.cancel();
  }
}
