/** Take values out of dicts and lists by key or index and type; what does not fit is an error with the path. */
import {
  type BytesShape,
  type IntegerRange,
  missing,
  pathOf,
  type TextShape,
  toBytes,
  toDict,
  toInteger,
  toList,
  toText,
} from './checks.ts';
import type { BencodeDict, BencodeValue } from './values.ts';

/**
 * A dict of known keys. Every method throws BencodeError with the path of the member: `missing`,
 * `wrong-type`, `out-of-range`, `bad-text`. An `optional…` method gives undefined only when the
 * key is missing; a member of the wrong type is an error there too.
 */
export class DictReader {
  readonly path: string;
  readonly #dict: BencodeDict;

  /** @param path - where the dict lies, for errors: '' for the outermost */
  constructor(dict: BencodeDict, path = '') {
    this.#dict = dict;
    this.path = path;
  }

  /** A reader on any decoded value. @throws BencodeError `wrong-type` unless it is a dict */
  static of(value: BencodeValue, path = ''): DictReader {
    return new DictReader(toDict(value, { path: '', key: path }), path);
  }

  has(key: string): boolean {
    return this.#dict.has(key);
  }

  /** The member as it is, or undefined. */
  value(key: string): BencodeValue | undefined {
    return this.#dict.get(key);
  }

  integer(key: string, range?: IntegerRange): number {
    return toInteger(this.#demand(key), this.#place(key), range);
  }

  optionalInteger(key: string, range?: IntegerRange): number | undefined {
    return this.has(key) ? this.integer(key, range) : undefined;
  }

  bytes(key: string, shape?: BytesShape): Uint8Array {
    return toBytes(this.#demand(key), this.#place(key), shape);
  }

  optionalBytes(key: string, shape?: BytesShape): Uint8Array | undefined {
    return this.has(key) ? this.bytes(key, shape) : undefined;
  }

  text(key: string, shape?: TextShape): string {
    return toText(this.#demand(key), this.#place(key), shape);
  }

  optionalText(key: string, shape?: TextShape): string | undefined {
    return this.has(key) ? this.text(key, shape) : undefined;
  }

  list(key: string): ListReader {
    const place = this.#place(key);
    return new ListReader(toList(this.#demand(key), place), pathOf(place));
  }

  optionalList(key: string): ListReader | undefined {
    return this.has(key) ? this.list(key) : undefined;
  }

  dict(key: string): DictReader {
    const place = this.#place(key);
    return new DictReader(toDict(this.#demand(key), place), pathOf(place));
  }

  optionalDict(key: string): DictReader | undefined {
    return this.has(key) ? this.dict(key) : undefined;
  }

  #demand(key: string): BencodeValue {
    const value = this.#dict.get(key);
    if (value === undefined) throw missing(this.#place(key));
    return value;
  }

  #place(key: string): { path: string; key: string } {
    return { path: this.path, key };
  }
}

/**
 * A list whose elements have known types. Every method throws BencodeError with the path of the
 * element: `missing` past the end, `wrong-type`, `out-of-range`, `bad-text`.
 */
export class ListReader {
  readonly path: string;
  /** The elements as they are. */
  readonly values: readonly BencodeValue[];

  /** @param path - where the list lies, for errors */
  constructor(values: readonly BencodeValue[], path = '') {
    this.values = values;
    this.path = path;
  }

  get length(): number {
    return this.values.length;
  }

  integer(index: number, range?: IntegerRange): number {
    return toInteger(this.#demand(index), this.#place(index), range);
  }

  bytes(index: number, shape?: BytesShape): Uint8Array {
    return toBytes(this.#demand(index), this.#place(index), shape);
  }

  text(index: number, shape?: TextShape): string {
    return toText(this.#demand(index), this.#place(index), shape);
  }

  list(index: number): ListReader {
    const place = this.#place(index);
    return new ListReader(toList(this.#demand(index), place), pathOf(place));
  }

  dict(index: number): DictReader {
    const place = this.#place(index);
    return new DictReader(toDict(this.#demand(index), place), pathOf(place));
  }

  /** Every element as text. */
  texts(shape?: TextShape): string[] {
    return this.values.map((value, index) => toText(value, this.#place(index), shape));
  }

  /** A reader on every element. */
  dicts(): DictReader[] {
    return this.values.map((_, index) => this.dict(index));
  }

  #demand(index: number): BencodeValue {
    const value = this.values[index];
    if (value === undefined) throw missing(this.#place(index));
    return value;
  }

  #place(index: number): { path: string; key: number } {
    return { path: this.path, key: index };
  }
}
