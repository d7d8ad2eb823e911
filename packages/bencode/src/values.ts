/** The values of bencode as TypeScript has them, read and written. */

/**
 * What `decode` gives. Integers within +-(2^53 - 1) are numbers, others bigints, so that every
 * integer is exact. Byte strings are views into the input: copy what must outlive it.
 */
export type BencodeValue = number | bigint | Uint8Array | readonly BencodeValue[] | BencodeDict;

/**
 * A dict, in the order of the bytes. Keys have one character a byte (latin1), which loses nothing;
 * being a Map, it takes `__proto__` for a key like any other.
 */
export type BencodeDict = ReadonlyMap<string, BencodeValue>;

/** What `encode` takes: what `decode` gives, and strings and plain objects. */
export type EncodableValue =
  | number
  | bigint
  | string
  | Uint8Array
  | readonly EncodableValue[]
  | ReadonlyMap<string, EncodableValue>
  | EncodableObject;

/** A dict as an object literal; members that are undefined are left out. Keys are UTF-8. */
export interface EncodableObject {
  readonly [key: string]: EncodableValue | undefined;
}
