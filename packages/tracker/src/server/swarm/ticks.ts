/**
 * Ages in 16 bits: seconds modulo 2^16. They wrap after 18 hours, far beyond any lifetime, so of two
 * ticks the nearer way round tells which one is the earlier.
 */

/** A tick may be ahead of this process's time by so much: another machine's clock set it. */
export const MAX_AHEAD_S = 256;

/** @param nowMs - monotonic time in milliseconds */
export function tickOf(nowMs: number): number {
  return Math.floor(nowMs / 1_000) & 0xffff;
}

/** Seconds since a tick; 0 for one that is a little ahead. */
export function ageOf(tick: number, nowTick: number): number {
  const age = (nowTick - tick) & 0xffff;
  return age > 0xffff - MAX_AHEAD_S ? 0 : age;
}

/** Seconds from tick `a` to tick `b`; below 0 when `b` is the earlier one. */
export function secondsBetween(a: number, b: number): number {
  return ((b - a) << 16) >> 16;
}
