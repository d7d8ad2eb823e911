/** SHA-1 of a whole piece. */
import { hash, webcrypto } from 'node:crypto';

/** Below this the way to the thread pool and back costs more than the hash itself (measured). */
const POOL_FROM_LENGTH = 131_072;

/**
 * SHA-1 of `bytes`, 20 bytes: on libuv's thread pool when that pays, so that large pieces do not
 * hold up the event loop.
 */
export async function sha1(bytes: Uint8Array): Promise<Uint8Array> {
  if (bytes.length < POOL_FROM_LENGTH) return hash('sha1', bytes, 'buffer');
  return new Uint8Array(await webcrypto.subtle.digest('SHA-1', bytes as Uint8Array<ArrayBuffer>));
}

/** Hex SHA-1 of a block, at once: for `smart-ban.ts`, which only runs when a piece was bad. */
export function blockHash(bytes: Uint8Array): string {
  return hash('sha1', bytes, 'hex');
}
