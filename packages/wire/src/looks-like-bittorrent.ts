/** Tells a plain handshake from an encrypted one by its first bytes. */
import { PROTOCOL_HEADER } from './handshake.ts';

/**
 * Whether a stream that somebody opened begins with the BitTorrent handshake (BEP 3). If not, it is
 * an encrypted one (MSE) or nothing of ours.
 *
 * @param bytes - all that came since the start, `bytes[0..length)`
 * @returns undefined while it may still become either: fewer than 20 bytes, all of them right
 */
export function looksLikeBitTorrent(bytes: Uint8Array, length: number): boolean | undefined {
  for (const [at, byte] of PROTOCOL_HEADER.entries()) {
    if (at >= length) return undefined;
    if (bytes[at] !== byte) return false;
  }
  return true;
}
