/** Waiting for several things, none of which may go on unseen. */

/** Waits until all have ended, then fails with the first failure in order. */
export async function allSettled(promises: readonly Promise<void>[]): Promise<void> {
  for (const result of await Promise.allSettled(promises))
    if (result.status === 'rejected') throw result.reason;
}
