/** Makes several things durable; one that was removed is no reason to leave the others. */
import { isMissing } from './system-error.ts';

/**
 * Runs all steps in turn, the others too when something of one is `missing`: it stays so however often
 * it is asked for, and all that was removed is to be told at once.
 * @throws the first `missing` at the end; any other failure where it comes
 */
export async function syncInTurn(steps: Iterable<() => Promise<void>>): Promise<void> {
  let missing: unknown;
  for (const step of steps) {
    try {
      await step();
    } catch (error) {
      if (!isMissing(error)) throw error;
      missing ??= error;
    }
  }
  if (missing !== undefined) throw missing;
}
