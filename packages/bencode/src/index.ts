/**
 * Bencode, strict and bounded: bytes to values, values to bytes, typed readers, raw spans. BEP 3.
 *
 * The codec is our own. npm `bencode` reads `i1.5e`, strings cut short, keys twice and bytes left
 * over, rounds integers past 2^53, lets `__proto__` change a dict and overflows the stack; it writes
 * nothing for a bigint and sorts keys as UTF-16. Where it is right, tests compare with it.
 */
export { BencodeError, type BencodeErrorCode } from './bencode-error.ts';
export { decode, decodePrefix } from './decode.ts';
export type { DecodeOptions } from './decode-options.ts';
export { encode } from './encode.ts';
export { rawMembers, rawSpan } from './raw.ts';
export { DictReader, ListReader } from './readers.ts';
export { type BencodeType, Scanner } from './scanner.ts';
export type { BencodeDict, BencodeValue, EncodableObject, EncodableValue } from './values.ts';
