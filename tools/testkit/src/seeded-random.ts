/** Random numbers that repeat: the same seed, the same run. */
import type { Random } from '@shoal/units';

/** Numbers in [0, 2^32) of one seed: sfc32 (Doty-Humphrey), good and short. */
export function seededRandom(seed: number): Random {
  const state = Uint32Array.of(seed, seed / 2 ** 32, 0x9e37_79b9, 1);
  const next = (): number => {
    const [a, b, c, counter] = state as unknown as [number, number, number, number];
    const sum = (a + b + counter) >>> 0;
    state[3] = counter + 1;
    state[0] = b ^ (b >>> 9);
    state[1] = c + (c << 3);
    state[2] = ((c << 21) | (c >>> 11)) + sum;
    return sum;
  };
  for (let round = 0; round < 15; round++) next();
  return {
    bytes: (length) => Uint8Array.from({ length }, () => next() & 255),
    below(limit) {
      // Numbers past the last whole multiple of the limit would make the low ones likelier.
      const end = 2 ** 32 - (2 ** 32 % limit);
      for (let n = next(); ; n = next()) if (n < end) return n % limit;
    },
  };
}
