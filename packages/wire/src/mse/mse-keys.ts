/** What both sides derive from the shared secret and the infohash, by SHA-1. */
import { createHash } from 'node:crypto';
import type { InfoHash } from '@shoal/units';
import { Rc4 } from './rc4.ts';

/** The first bytes of the RC4 key stream are weak and are not used. */
const DROP_LENGTH = 1024;

/** HASH('req1', S): where the initiator's padding ends. 20 bytes. */
export function syncMark(secret: Uint8Array): Uint8Array {
  return sha1('req1', secret);
}

/**
 * HASH('req2', SKEY): by which a responder finds the torrent an initiator means. 20 bytes; keep
 * one for each torrent.
 */
export function mseTorrentHash(infoHash: InfoHash): Uint8Array {
  return sha1('req2', infoHash);
}

/** HASH('req2', SKEY) xor HASH('req3', S), and its own inverse. 20 bytes. */
export function maskTorrentHash(torrentHash: Uint8Array, secret: Uint8Array): Uint8Array {
  const mask = sha1('req3', secret);
  return torrentHash.map((byte, at) => byte ^ mask[at]!);
}

/** The cipher for what the initiator sends. */
export function initiatorCipher(secret: Uint8Array, infoHash: InfoHash): Rc4 {
  return new Rc4(sha1('keyA', secret, infoHash), DROP_LENGTH);
}

/** The cipher for what the responder sends. */
export function responderCipher(secret: Uint8Array, infoHash: InfoHash): Rc4 {
  return new Rc4(sha1('keyB', secret, infoHash), DROP_LENGTH);
}

function sha1(label: string, ...parts: readonly Uint8Array[]): Uint8Array {
  const hash = createHash('sha1').update(label);
  for (const part of parts) hash.update(part);
  return new Uint8Array(hash.digest());
}
