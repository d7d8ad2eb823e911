/** The real clock: monotonic time and the timers of the event loop. */
import type { Clock } from '@shoal/units';

/** The longest delay that timers take, about 24.8 days; a longer one is cut to it. */
const LONGEST_DELAY_MS = 2 ** 31 - 1;

export const systemClock: Clock = {
  nowMs: () => performance.now(),
  wallMs: () => Date.now(),
  after(delayMs, fire) {
    const timeout = setTimeout(fire, Math.min(delayMs, LONGEST_DELAY_MS));
    return { cancel: () => clearTimeout(timeout) };
  },
  every(periodMs, fire) {
    const interval = setInterval(fire, Math.min(periodMs, LONGEST_DELAY_MS));
    return { cancel: () => clearInterval(interval) };
  },
};
