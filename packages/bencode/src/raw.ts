/** The bytes of values as they were found: to hash them, to keep them, to decode them one by one. */
import type { DecodeOptions } from './decode-options.ts';
import { Scanner } from './scanner.ts';

/**
 * Where the value of `key` lies in a bencoded dict, all of which is checked. Pure.
 *
 * @param key - one character a byte
 * @returns offsets in `bytes`, `end` past the last byte; undefined when the dict has no such key
 * @throws BencodeError as `decode`, `wrong-type` when the value is no dict
 */
export function rawSpan(
  bytes: Uint8Array,
  key: string,
  options?: DecodeOptions,
): { start: number; end: number } | undefined {
  const scanner = new Scanner(bytes, options);
  let span: { start: number; end: number } | undefined;
  scanner.dict((found) => {
    const start = scanner.at;
    scanner.skip();
    if (found === key) span = { start, end: scanner.at };
  });
  scanner.end();
  return span;
}

/**
 * The bytes of the values of some keys of a bencoded dict, all of which is checked and nothing
 * built: a large value costs no memory until it is decoded. Pure.
 *
 * @param keys - one character a byte
 * @param path - where the dict lies, for errors
 * @returns views into `bytes` by key, without the keys that the dict lacks
 * @throws BencodeError as `decode`, `wrong-type` when the value is no dict
 */
export function rawMembers<Key extends string>(
  bytes: Uint8Array,
  keys: readonly Key[],
  options?: DecodeOptions,
  path?: string,
): ReadonlyMap<Key, Uint8Array> {
  const scanner = new Scanner(bytes, options, path);
  const wanted = new Set<string>(keys);
  const members = new Map<Key, Uint8Array>();
  scanner.dict((key) => {
    const start = scanner.at;
    scanner.skip();
    if (wanted.has(key)) members.set(key as Key, bytes.subarray(start, scanner.at));
  });
  scanner.end();
  return members;
}
