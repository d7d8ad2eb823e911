/** Threat 39: any one call of the system fails. Nothing crashes, and all comes to its end. */
import { describe, expect, test } from 'vitest';
import { type FaultPlace, transferWithFault } from './fault-stage.ts';

/** Runs of each place; with `SHOAL_SOAK`, as `npm run interop -- soak` sets it, one for every call. */
const RUN_COUNT = process.env.SHOAL_SOAK === '1' ? Number.POSITIVE_INFINITY : 4;

const PLACES: readonly FaultPlace[] = [
  { who: 'leecher', what: 'files' },
  { who: 'seeder', what: 'files' },
  { who: 'leecher', what: 'network' },
  { who: 'seeder', what: 'network' },
];

describe.each(PLACES)('a call of the $who fails, of its $what', (place) => {
  test('another torrent goes on, and this one when it is begun again', async () => {
    const { callCount } = await transferWithFault(place);
    expect(callCount).toBeGreaterThan(10);
    const step = Math.max(1, callCount / RUN_COUNT);
    for (let n = 1; n <= callCount; n += step) {
      const call = Math.floor(n);
      const { failed, stoppedCount } = await transferWithFault(place, call).catch((error) => {
        throw new Error(`call ${call} of ${callCount}`, { cause: error });
      });
      expect(stoppedCount, `${failed}, call ${call}`).toBeLessThanOrEqual(1);
    }
  }, 300_000);
});
