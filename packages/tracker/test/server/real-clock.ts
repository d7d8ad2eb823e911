/** The clock of this machine, for tests over sockets whose load takes real time. */
import type { Clock } from '@shoal/units';

export const realClock: Clock = {
  nowMs: () => performance.now(),
  wallMs: () => Date.now(),
  after: (ms, fire) => {
    const timer = setTimeout(fire, ms);
    return { cancel: () => clearTimeout(timer) };
  },
  every: (ms, fire) => {
    const timer = setInterval(fire, ms);
    return { cancel: () => clearInterval(timer) };
  },
};
