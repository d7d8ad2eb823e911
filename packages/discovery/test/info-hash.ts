/** Infohashes for tests. */
import { type InfoHash, toInfoHash } from '@shoal/units';

/** Twenty bytes that differ with `n`, 0..65535. */
export function infoHash(n: number): InfoHash {
  const bytes = new Uint8Array(20).fill(0xab);
  bytes[0] = n >> 8;
  bytes[1] = n & 255;
  return toInfoHash(bytes)!;
}
