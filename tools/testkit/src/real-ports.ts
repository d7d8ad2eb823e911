/** The clock and the chance of this machine, for tests over sockets whose load takes real time. */
import { randomBytes, randomInt } from 'node:crypto';
import type { Clock, Random } from '@shoal/units';

export const realClock: Clock = {
  nowMs: () => performance.now(),
  wallMs: () => Date.now(),
  after: (delayMs, fire) => {
    const timer = setTimeout(fire, delayMs);
    return { cancel: () => clearTimeout(timer) };
  },
  every: (periodMs, fire) => {
    const timer = setInterval(fire, periodMs);
    return { cancel: () => clearInterval(timer) };
  },
};

export const realRandom: Random = {
  bytes: (length) => new Uint8Array(randomBytes(length)),
  below: (limit) => randomInt(limit),
};
