/** Values to bytes, always canonical. */
import bencode from 'bencode';
import { BencodeError } from './bencode-error.ts';
import type { EncodableObject, EncodableValue } from './values.ts';

/**
 * Writes a value as canonical bencode: one value has one form, keys rise as raw bytes. Pure.
 *
 * Strings become UTF-8. Keys of a Map have one character a byte, as `decode` gives them; keys of
 * an object are UTF-8, and its undefined members are left out.
 *
 * npm `bencode` writes the bytes; this file hands it only what it writes right.
 *
 * @returns freshly allocated bytes
 * @throws BencodeError `not-encodable` for an integer outside +-(2^53 - 1), for a number that is no
 * integer and for anything that bencode has no form for, `bad-key` for a Map key that is no byte string
 * @see BEP 3, "bencoding"
 */
export function encode(value: EncodableValue): Uint8Array {
  return bencode.encode(toNpm(value));
}

/**
 * A key as npm `bencode` writes it untouched: as bytes. It sorts keys as text, so the text of this
 * one has a character for each byte.
 */
class ByteKey extends Uint8Array {
  override toString(): string {
    return Buffer.from(this).toString('latin1');
  }
}

/** The same value in the types npm `bencode` knows. */
function toNpm(value: EncodableValue): unknown {
  if (typeof value === 'string') return Buffer.from(value);
  if (value instanceof Uint8Array) return value;
  if (typeof value === 'number' || typeof value === 'bigint') return toNpmInteger(value);
  if (Array.isArray(value)) return value.map(toNpm);
  if (value instanceof Map) return toNpmDict(value);
  if (isPlainObject(value)) return toNpmDict(toDict(value));
  throw new BencodeError('not-encodable', `no bencode for ${describe(value)}`);
}

/** npm `bencode` rounds what is larger, and leaves a bigint out without a word. */
function toNpmInteger(value: number | bigint): number {
  const number = Number(value);
  if (Number.isSafeInteger(number) && BigInt(number) === BigInt(value)) return number;
  throw new BencodeError('not-encodable', `${value} is no integer within 2^53`);
}

function toNpmDict(dict: ReadonlyMap<string, EncodableValue>): Map<ByteKey, unknown> {
  const npmDict = new Map<ByteKey, unknown>();
  for (const [key, value] of dict) {
    if (!isByteString(key)) throw new BencodeError('bad-key', 'a key that is no byte string');
    npmDict.set(new ByteKey(Buffer.from(key, 'latin1')), toNpm(value));
  }
  return npmDict;
}

function toDict(object: EncodableObject): ReadonlyMap<string, EncodableValue> {
  const dict = new Map<string, EncodableValue>();
  for (const [key, value] of Object.entries(object))
    if (value !== undefined) dict.set(toByteString(key), value);
  return dict;
}

/** Text as one character a byte of its UTF-8. */
function toByteString(text: string): string {
  return /^[\0-\x7f]*$/.test(text) ? text : Buffer.from(text).toString('latin1');
}

function isPlainObject(value: unknown): value is EncodableObject {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

function isByteString(key: unknown): boolean {
  return typeof key === 'string' && /^[\0-\xff]*$/.test(key);
}

function describe(value: unknown): string {
  return typeof value === 'object' ? Object.prototype.toString.call(value) : String(value);
}
