/** A limit on how long one exchange may take, on the clock port. */
import type { Clock } from '@shoal/units';
import { TrackerError } from '../protocol/tracker-error.ts';

/**
 * Runs `run` with a signal that fires when `signal` does, or after `limitMs`, and waits no longer. It
 * fires at the end too, for what goes on behind a result.
 * @throws TrackerError `timeout` past the limit; the signal's reason when it fires
 */
export async function withDeadline<Result>(
  clock: Clock,
  limitMs: number,
  signal: AbortSignal,
  run: (signal: AbortSignal) => Promise<Result>,
): Promise<Result> {
  const limit = new AbortController();
  const timer = clock.after(limitMs, () =>
    limit.abort(new TrackerError('timeout', `no answer within ${limitMs / 1_000} s`)),
  );
  const either = AbortSignal.any([signal, limit.signal]);
  try {
    return await orAborted(run(either), either);
  } finally {
    timer.cancel();
    // One address has answered: what is asked of another one has no timer any more.
    limit.abort();
  }
}

/** `promise`, or the signal's reason as soon as it fires. What comes later is dropped. */
export function orAborted<Result>(promise: Promise<Result>, signal: AbortSignal): Promise<Result> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) reject(signal.reason);
    const abort = (): void => reject(signal.reason);
    signal.addEventListener('abort', abort, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  });
}
