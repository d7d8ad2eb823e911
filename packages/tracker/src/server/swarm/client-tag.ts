/**
 * What a client is recognised by when its address changes, and told from another one that speaks
 * from the same address and port: 32 bits of its peer id and its `key`. Pure. BEP 3, 7, 15.
 *
 * | tag | is |
 * |---|---|
 * | 0 | unknown: told by a batch without tags |
 * | odd | of peer id and key: other peers learn the id alone, so nobody else can say it |
 * | even | of the peer id, from a client without a key |
 *
 * A mix and no secret hash: it must come out alike in all processes that share swarms, and who does
 * not know the key has one chance in 2^31 at each try.
 */
import { readWord } from '../read-word.ts';

/** Nobody knows which client it is. */
export const UNKNOWN_CLIENT = 0;

const FACTOR = 0x5bd1_e995;
const PEER_ID_WORDS = 5;

/**
 * @param bytes - has the peer id at `at`
 * @param key - 32 bits; 0 for none
 */
export function clientTag(bytes: Uint8Array, at: number, key: number): number {
  let hash = key | 0;
  for (let word = 0, from = at; word < PEER_ID_WORDS; word++, from += 4) {
    hash ^= readWord(bytes, from);
    hash = Math.imul(hash, FACTOR);
    hash ^= hash >>> 15;
  }
  return key === 0 ? hash & ~1 || 2 : hash | 1;
}

/** Whether a tag is of a key too: then whoever says it is that client, wherever from. */
export function isKeyed(tag: number): boolean {
  return (tag & 1) === 1;
}

/**
 * Whether a client may take a peer away that was announced by `known`: one with a key is its own, all
 * others are whoever speaks from their address.
 */
export function maySpeakFor(known: number, tag: number): boolean {
  return known === tag || !isKeyed(known) || tag === UNKNOWN_CLIENT;
}
