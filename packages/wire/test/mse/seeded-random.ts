/** Random numbers that repeat: the seed is the test's to print. */
import type { Random } from '@shoal/units';

/** xorshift32: good enough for padding and keys of tests. */
export function seededRandom(seed: number): Random {
  let state = seed | 1;
  const next = (): number => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return state >>> 0;
  };
  return {
    bytes: (length) => Uint8Array.from({ length }, () => next() >>> 24),
    below: (limit) => next() % limit,
  };
}

/** Gives one private key, and no padding. */
export function fixedKey(privateKey: Uint8Array): Random {
  return {
    bytes: (length) => (length === privateKey.length ? privateKey : new Uint8Array(length)),
    below: () => 0,
  };
}
