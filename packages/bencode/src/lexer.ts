/** The smallest parts of bencode: integers, strings, single bytes. Canonical forms only. */
import { BencodeError } from './bencode-error.ts';

/** Digits of the longest integer: bounds the work that one bigint can cause. */
const MAX_INTEGER_DIGITS = 1_000;
/** Any integer of so many digits is below 2^53. */
const SAFE_DIGITS = 15;
/** Keys repeat from dict to dict: short ones are made once. Slots, a power of two. */
const KEY_SLOTS = 64;
const MAX_CACHED_KEY_LENGTH = 24;

const COLON = 0x3a;
const MINUS = 0x2d;
const ZERO = 0x30;
const NINE = 0x39;
export const DICT = 0x64;
export const END = 0x65;
export const INTEGER = 0x69;
export const LIST = 0x6c;

/** A place in bencoded bytes that moves over one part at a time and takes no memory for strings. */
export class Lexer {
  readonly bytes: Uint8Array;
  at = 0;
  /** The bytes of the string that was read last: begin and end. */
  stringStart = 0;
  stringEnd = 0;
  readonly #buffer: Buffer;
  readonly #keys: string[] = new Array<string>(KEY_SLOTS).fill('');

  constructor(bytes: Uint8Array) {
    this.bytes = new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  /** The next byte. @throws BencodeError `truncated` at the end */
  peek(): number {
    const byte = this.bytes[this.at];
    if (byte === undefined) throw truncated(this.at);
    return byte;
  }

  /** Reads an integer: a bigint only where a number would not be exact. */
  integer(): number | bigint {
    const { bytes } = this;
    const start = this.at + 1;
    const negative = bytes[start] === MINUS;
    const digits = negative ? start + 1 : start;
    let at = digits;
    let value = 0;
    for (; at < bytes.length && isDigit(bytes[at]!); at++) value = value * 10 + bytes[at]! - ZERO;
    if (at === bytes.length) throw truncated(at);
    const count = at - digits;
    const leadingZero = bytes[digits] === ZERO && (count > 1 || negative);
    if (bytes[at] !== END || count === 0 || leadingZero)
      throw this.#fault('bad-integer', 'an integer that is not canonical');
    if (count > MAX_INTEGER_DIGITS)
      throw this.#fault('bad-integer', `${count} digits, limit ${MAX_INTEGER_DIGITS}`);
    this.at = at + 1;
    if (count <= SAFE_DIGITS) return negative ? 0 - value : value;
    const exact = BigInt(this.#buffer.toString('latin1', start, at));
    const number = Number(exact);
    return Number.isSafeInteger(number) ? number : exact;
  }

  /** Reads a string and leaves its place in `stringStart` and `stringEnd`. */
  string(): void {
    const { bytes } = this;
    const start = this.at;
    let at = start;
    let length = 0;
    for (; at < bytes.length && isDigit(bytes[at]!); at++) {
      length = length * 10 + bytes[at]! - ZERO;
      if (length > bytes.length)
        throw this.#fault('truncated', `a string of ${length} bytes or more`);
    }
    if (at === bytes.length) throw truncated(at);
    const canonical = at > start && (bytes[start] !== ZERO || at === start + 1);
    if (bytes[at] !== COLON || !canonical)
      throw this.#fault('bad-length', 'a string length that is not canonical');
    const left = bytes.length - at - 1;
    if (length > left) throw this.#fault('truncated', `a string of ${length} bytes, ${left} there`);
    this.stringStart = at + 1;
    this.stringEnd = at + 1 + length;
    this.at = this.stringEnd;
  }

  /** Bytes as UTF-8, U+FFFD where they are none. */
  text(start: number, end: number): string {
    return this.#buffer.toString('utf8', start, end);
  }

  /** Bytes as a key: one character a byte. */
  key(start: number, end: number): string {
    const length = end - start;
    if (length === 0 || length > MAX_CACHED_KEY_LENGTH)
      return this.#buffer.toString('latin1', start, end);
    const { bytes } = this;
    const slot = (bytes[start]! * 31 + bytes[end - 1]! * 7 + length) & (KEY_SLOTS - 1);
    const cached = this.#keys[slot]!;
    if (cached.length === length && this.#equals(cached, start)) return cached;
    const key = this.#buffer.toString('latin1', start, end);
    this.#keys[slot] = key;
    return key;
  }

  /** Below 0 when the first run of bytes sorts before the second, 0 when they are equal. */
  compare(aStart: number, aEnd: number, bStart: number, bEnd: number): number {
    const { bytes } = this;
    const length = Math.min(aEnd - aStart, bEnd - bStart);
    for (let i = 0; i < length; i++) {
      const difference = bytes[aStart + i]! - bytes[bStart + i]!;
      if (difference !== 0) return difference;
    }
    return aEnd - aStart - (bEnd - bStart);
  }

  #equals(key: string, start: number): boolean {
    for (let i = 0; i < key.length; i++)
      if (key.charCodeAt(i) !== this.bytes[start + i]) return false;
    return true;
  }

  #fault(code: 'bad-integer' | 'bad-length' | 'truncated', what: string): BencodeError {
    return new BencodeError(code, what, { at: this.at });
  }
}

export function isDigit(byte: number): boolean {
  return byte >= ZERO && byte <= NINE;
}

function truncated(at: number): BencodeError {
  return new BencodeError('truncated', 'the bytes end inside a value', { at });
}
