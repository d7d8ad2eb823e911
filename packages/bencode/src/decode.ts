/** Bytes to values. */
import type { DecodeOptions } from './decode-options.ts';
import { Scanner } from './scanner.ts';
import type { BencodeValue } from './values.ts';

/**
 * Reads one value; it must use all of the bytes. Pure.
 *
 * @returns the value; its byte strings are views into `bytes`
 * @throws BencodeError with `at` when the bytes are no canonical bencode or pass a limit
 * @see BEP 3, "bencoding"
 */
export function decode(bytes: Uint8Array, options?: DecodeOptions): BencodeValue {
  const scanner = new Scanner(bytes, options);
  const value = scanner.value();
  scanner.end();
  return value;
}

/**
 * Reads one value at the start of the bytes, whatever follows it: BEP 9 sends a dict and then the
 * bytes of a metadata piece. Pure.
 *
 * @returns the value (views into `bytes`) and its length in bytes
 * @throws BencodeError as `decode`
 */
export function decodePrefix(
  bytes: Uint8Array,
  options?: DecodeOptions,
): { value: BencodeValue; length: number } {
  const scanner = new Scanner(bytes, options);
  const value = scanner.value();
  return { value, length: scanner.at };
}
