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

/**
 * The clock of this machine, `times` as fast: what a program waits for is over that much sooner,
 * and what it may take at most too.
 */
export function hurriedClock(times: number): Clock {
  const startMs = performance.now();
  const startWallMs = Date.now();
  return {
    nowMs: () => performance.now() * times,
    wallMs: () => Math.floor(startWallMs + (performance.now() - startMs) * times),
    after: (delayMs, fire) => realClock.after(delayMs / times, fire),
    every: (periodMs, fire) => realClock.every(periodMs / times, fire),
  };
}

export const realRandom: Random = {
  bytes: (length) => new Uint8Array(randomBytes(length)),
  below: (limit) => randomInt(limit),
};
