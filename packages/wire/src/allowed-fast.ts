/** Which pieces a choked peer may have: the same for every peer that computes it. BEP 6. */
import { createHash } from 'node:crypto';
import type { InfoHash } from '@shoal/units';
import { readUint32 } from './integers.ts';

/**
 * The allowed fast set of a peer, in canonical order: a longer set begins with a shorter one.
 *
 * @param ip - of the peer that will be allowed; its last byte does not matter, so that a network
 *   gets one set. BEP 6 knows IPv4 alone: 16 bytes give an empty set
 * @param k - how many pieces; at most pieceCount are given
 * @see BEP 6 "Allowed Fast Set Generation"
 */
export function allowedFastSet(
  ip: Uint8Array,
  infoHash: InfoHash,
  pieceCount: number,
  k: number,
): number[] {
  if (ip.length !== 4) return [];
  const size = Math.min(k, pieceCount);
  const set = new Set<number>();
  let hash = new Uint8Array(24);
  hash.set(ip.subarray(0, 3));
  hash.set(infoHash, 4);
  while (set.size < size) {
    hash = createHash('sha1').update(hash).digest();
    for (let at = 0; at < 20 && set.size < size; at += 4)
      set.add(readUint32(hash, at) % pieceCount);
  }
  return [...set];
}
