/** A bencoded value with its SHA-1 beside it: what the disk has damaged is not believed. */
import { hash } from 'node:crypto';
import { DictReader, decode, type EncodableValue, encode } from '@shoal/bencode';
import { equalBytes } from '@shoal/units';

/** The largest state: 10 MB of metadata and 32 MB of marks, one for each of two million chunks. */
const MAX_STATE_LENGTH = 64 * 1024 * 1024;
const LIMITS = { maxLength: MAX_STATE_LENGTH };

/** `d 4:sha1 20:… 5:state N:… e`: the state is bencoded by itself, and the SHA-1 is of those bytes. */
export function seal(value: EncodableValue): Uint8Array {
  const state = encode(value);
  return encode({ sha1: hash('sha1', state, 'buffer'), state });
}

/** What was sealed, and whether it is as it was written. */
export interface Opened {
  readonly reader: DictReader;
  readonly isIntact: boolean;
}

/** @throws BencodeError for what is no sealed dict */
export function openSealed(bytes: Uint8Array, name: string): Opened {
  const sealed = DictReader.of(decode(bytes, LIMITS), name);
  const state = sealed.bytes('state');
  const isIntact = equalBytes(hash('sha1', state, 'buffer'), sealed.bytes('sha1'));
  return { reader: DictReader.of(decode(state, LIMITS), name), isIntact };
}
