/** Words of 32 bits, big-endian, without an object for each. */

/** The four bytes at `at`, signed; `>>> 0` behind it makes them a count. */
export function readWord(bytes: Uint8Array, at: number): number {
  return (bytes[at]! << 24) | (bytes[at + 1]! << 16) | (bytes[at + 2]! << 8) | bytes[at + 3]!;
}
