/** What the readers demand of a value. Each takes the value and its place, and throws with the path. */
import { isUtf8 } from 'node:buffer';
import { BencodeError } from './bencode-error.ts';
import type { BencodeDict, BencodeValue } from './values.ts';

/** Bounds of an integer, both included. Without them, any safe integer will do. */
export interface IntegerRange {
  readonly min?: number;
  readonly max?: number;
}

const ANY_INTEGER = { min: Number.MIN_SAFE_INTEGER, max: Number.MAX_SAFE_INTEGER };

/** `length`: the exact number of bytes. */
export interface BytesShape {
  readonly length?: number;
}

/** Bytes that are no UTF-8: `replace` (the default) gives U+FFFD for them, `refuse` throws. */
export interface TextShape {
  readonly invalid?: 'replace' | 'refuse';
}

/** Path of the container, and the key or index in it. */
export interface Place {
  readonly path: string;
  readonly key: string | number;
}

export function toInteger(value: BencodeValue, place: Place, range?: IntegerRange): number {
  if (typeof value !== 'number' && typeof value !== 'bigint') throw wrongType('an integer', place);
  return checkInteger(value, place, range);
}

export function checkInteger(
  value: number | bigint,
  place: Place,
  range: IntegerRange = {},
): number {
  if (isWithin(value, range)) return value;
  const { min, max } = { ...ANY_INTEGER, ...range };
  throw new BencodeError('out-of-range', `expected ${min} to ${max}, got ${shorten(value)}`, {
    path: pathOf(place),
  });
}

/** Whether an integer is exact as a number and in the range. */
export function isWithin(
  value: number | bigint,
  { min = ANY_INTEGER.min, max = ANY_INTEGER.max }: IntegerRange,
): value is number {
  return typeof value === 'number' && value >= min && value <= max;
}

export function toBytes(value: BencodeValue, place: Place, shape: BytesShape = {}): Uint8Array {
  if (!(value instanceof Uint8Array)) throw wrongType('a byte string', place);
  if (shape.length !== undefined && value.length !== shape.length)
    throw new BencodeError('out-of-range', `expected ${shape.length} bytes, got ${value.length}`, {
      path: pathOf(place),
    });
  return value;
}

export function toText(value: BencodeValue, place: Place, shape: TextShape = {}): string {
  if (!(value instanceof Uint8Array)) throw wrongType('a string', place);
  if (shape.invalid === 'refuse' && !isUtf8(value))
    throw new BencodeError('bad-text', 'expected UTF-8', { path: pathOf(place) });
  return Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString();
}

export function toList(value: BencodeValue, place: Place): readonly BencodeValue[] {
  if (!Array.isArray(value)) throw wrongType('a list', place);
  return value;
}

export function toDict(value: BencodeValue, place: Place): BencodeDict {
  if (!(value instanceof Map)) throw wrongType('a dict', place);
  return value;
}

export function missing(place: Place): BencodeError {
  return new BencodeError('missing', 'missing', { path: pathOf(place) });
}

/** `info` + `files` is `info.files`, `info.files` + 3 is `info.files[3]`. */
export function pathOf({ path, key }: Place): string {
  if (typeof key === 'number') return `${path}[${key}]`;
  return path === '' || key === '' ? `${path}${key}` : `${path}.${key}`;
}

function wrongType(expected: string, place: Place): BencodeError {
  return new BencodeError('wrong-type', `expected ${expected}`, { path: pathOf(place) });
}

function shorten(value: number | bigint): string {
  const text = String(value);
  return text.length > 24 ? `${text.slice(0, 20)}…` : text;
}
