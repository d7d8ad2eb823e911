/**
 * HalfSipHash-1-3: a keyed hash for tables whose keys strangers choose. Without the key nobody can
 * pick infohashes or addresses that collide. Pure. (Aumasson and Bernstein, "SipHash"; as Linux
 * uses it for its own tables.)
 */

/**
 * Hashes `count` words of 32 bits.
 * @param key - two words, random and secret
 * @param words - little-endian words of the message; only the first `count` are read
 * @returns 32 bits, signed
 */
export function halfSipHash(key: Int32Array, words: Int32Array, count: number): number {
  let v0 = key[0]!;
  let v1 = key[1]!;
  let v2 = 0x6c79_6765 ^ v0;
  let v3 = 0x7465_6462 ^ v1;
  // One round for each word and for the length, three at the end: the body is written out once.
  for (let round = 0; round <= count + 3; round++) {
    const word = round < count ? words[round]! : round === count ? count << 26 : 0;
    if (round === count + 1) v2 ^= 0xff;
    v3 ^= word;
    v0 = (v0 + v1) | 0;
    v1 = ((v1 << 5) | (v1 >>> 27)) ^ v0;
    v0 = (v0 << 16) | (v0 >>> 16);
    v2 = (v2 + v3) | 0;
    v3 = ((v3 << 8) | (v3 >>> 24)) ^ v2;
    v0 = (v0 + v3) | 0;
    v3 = ((v3 << 7) | (v3 >>> 25)) ^ v0;
    v2 = (v2 + v1) | 0;
    v1 = ((v1 << 13) | (v1 >>> 19)) ^ v2;
    v2 = (v2 << 16) | (v2 >>> 16);
    v0 ^= word;
  }
  return v1 ^ v3;
}
