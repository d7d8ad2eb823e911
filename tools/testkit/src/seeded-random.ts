/** Random numbers that repeat: the same seed, the same run. */
import type { Random } from '@shoal/units';

/** Numbers in [0, 2^32) of one seed: sfc32 (Doty-Humphrey), good and short. */
export function seededRandom(seed: number): Random {
  let a = seed | 0;
  let b = (seed / 2 ** 32) | 0;
  let c = 0x9e37_79b9 | 0;
  let counter = 1;
  const next = (): number => {
    const sum = (a + b + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + sum) | 0;
    return sum >>> 0;
  };
  for (let round = 0; round < 15; round++) next();
  return {
    bytes(length) {
      const bytes = new Uint8Array(length);
      for (let at = 0; at < length; at++) bytes[at] = next() & 255;
      return bytes;
    },
    below(limit) {
      // Numbers past the last whole multiple of the limit would make the low ones likelier.
      const end = 2 ** 32 - (2 ** 32 % limit);
      for (let n = next(); ; n = next()) if (n < end) return n % limit;
    },
  };
}
