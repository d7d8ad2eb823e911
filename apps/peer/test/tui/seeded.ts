/** Random numbers that repeat. */

export interface Seeded {
  /** 0 <= n < limit, whole. */
  below(limit: number): number;
  between(low: number, high: number): number;
  /** `byteLength` bytes in hex. */
  hex(byteLength: number): string;
}

/** mulberry32 */
export function seeded(seed: number): Seeded {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const below = (limit: number): number => Math.floor(next() * limit);
  return {
    below,
    between: (low, high) => low + next() * (high - low),
    hex: (byteLength) =>
      Array.from({ length: byteLength }, () => below(256).toString(16).padStart(2, '0')).join(''),
  };
}
