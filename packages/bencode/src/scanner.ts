/** Walks bencoded bytes once, checking everything, and builds only what is asked for. */
import { BencodeError } from './bencode-error.ts';
import { checkInteger, type IntegerRange, isWithin, pathOf } from './checks.ts';
import {
  DEFAULT_MAX_DEPTH,
  DEFAULT_MAX_ITEMS,
  DEFAULT_MAX_LENGTH,
  type DecodeOptions,
} from './decode-options.ts';
import { DICT, END, INTEGER, isDigit, Lexer, LIST } from './lexer.ts';
import type { BencodeValue } from './values.ts';

/** The four kinds of value. BEP 3. */
export type BencodeType = 'integer' | 'string' | 'list' | 'dict';

/** Keys of a dict that may be out of order: what is remembered of it to find one twice. */
const MAX_UNSORTED_KEYS = 1_000;

/**
 * Reads values one after the other, for input too large to build whole: `decode` where it is not.
 *
 * Each method reads the next value and throws BencodeError when the bytes are no canonical bencode,
 * when a limit is passed, or, with the path, when the value has another type.
 *
 * Grammar (BEP 3): integer `i` (0 | -?[1-9][0-9]*) `e` | string length `:` bytes |
 * list `l` value* `e` | dict `d` (string value)* `e`, keys rising as raw bytes.
 */
export class Scanner {
  readonly #lexer: Lexer;
  readonly #maxItems: number;
  readonly #maxDepth: number;
  readonly #allowUnsortedKeys: boolean;
  #itemCount = 0;
  /** Where the next value lies, outermost first: keys and indexes of what `list` and `dict` visit. */
  readonly #path: (string | number)[];
  #depth = 0;
  /** Place, begin and end of the first keys of the dicts we are in, for dicts out of order. */
  readonly #keys: number[] = [];
  #keysEnd = 0;

  /**
   * @param path - where the value lies, for errors: '' for the outermost
   * @throws BencodeError `too-large` past maxLength
   */
  constructor(bytes: Uint8Array, options: DecodeOptions = {}, path = '') {
    const maxLength = options.maxLength ?? DEFAULT_MAX_LENGTH;
    if (bytes.length > maxLength)
      throw new BencodeError('too-large', `${bytes.length} bytes, limit ${maxLength}`);
    this.#lexer = new Lexer(bytes);
    this.#maxItems = options.maxItems ?? DEFAULT_MAX_ITEMS;
    this.#maxDepth = options.maxDepth ?? DEFAULT_MAX_DEPTH;
    this.#allowUnsortedKeys = options.allowUnsortedKeys ?? false;
    this.#path = [path];
  }

  /** Offset of the next byte. */
  get at(): number {
    return this.#lexer.at;
  }

  /** What the value is, by its first byte. Reads nothing. */
  type(): BencodeType {
    const byte = this.#lexer.peek();
    if (isDigit(byte)) return 'string';
    if (byte === INTEGER) return 'integer';
    if (byte === LIST) return 'list';
    if (byte === DICT) return 'dict';
    const hex = byte.toString(16).padStart(2, '0');
    throw new BencodeError('unexpected-byte', `no value begins with 0x${hex}`, { at: this.at });
  }

  /** Builds the value. Its byte strings are views. */
  value(): BencodeValue {
    return this.#read(true)!;
  }

  /** Checks the value and builds nothing. */
  skip(): void {
    this.#read(false);
  }

  /** An integer in a range, as `DictReader.integer`. */
  integer(range: IntegerRange = {}): number {
    if (this.type() !== 'integer') throw this.#wrongType('an integer');
    const value = this.#integer();
    // The place is for the error alone: making it costs more than reading the integer.
    return isWithin(value, range) ? value : checkInteger(value, this.#place(), range);
  }

  /** A byte string, as a view. */
  bytes(): Uint8Array {
    this.#demandString('a byte string');
    return this.#lexer.bytes.subarray(this.#lexer.stringStart, this.#lexer.stringEnd);
  }

  /** A string as UTF-8, U+FFFD where it is none. */
  text(): string {
    this.#demandString('a string');
    return this.#lexer.text(this.#lexer.stringStart, this.#lexer.stringEnd);
  }

  /** A list; `visit` must read the one value that lies at each index. */
  list(visit: (index: number) => void): void {
    if (this.type() !== 'list') throw this.#wrongType('a list');
    this.#enter();
    for (let index = 0; !this.#leave(); index++) {
      this.#path.push(index);
      visit(index);
      this.#path.pop();
    }
  }

  /** A dict; `visit` must read the one value that belongs to each key (one character a byte). */
  dict(visit: (key: string) => void): void {
    if (this.type() !== 'dict') throw this.#wrongType('a dict');
    this.#enter();
    this.#members((start, end) => {
      const key = this.#lexer.key(start, end);
      this.#path.push(key);
      visit(key);
      this.#path.pop();
    });
  }

  /** @throws BencodeError `trailing-bytes` unless everything was read */
  end(): void {
    const { at, bytes } = this.#lexer;
    if (at < bytes.length)
      throw new BencodeError('trailing-bytes', `${bytes.length - at} bytes after the value`, {
        at,
      });
  }

  #read(build: boolean): BencodeValue | undefined {
    const lexer = this.#lexer;
    switch (this.type()) {
      case 'integer':
        return this.#integer();
      case 'string':
        this.#string();
        return build ? lexer.bytes.subarray(lexer.stringStart, lexer.stringEnd) : undefined;
      case 'list':
        this.#enter();
        return build ? this.#buildList() : this.#skipList();
      case 'dict':
        this.#enter();
        return build ? this.#buildDict() : this.#members(this.#skipMember);
    }
  }

  #buildList(): BencodeValue {
    const list: BencodeValue[] = [];
    while (!this.#leave()) list.push(this.#read(true)!);
    return list;
  }

  #skipList(): undefined {
    while (!this.#leave()) this.#read(false);
  }

  #buildDict(): BencodeValue {
    const dict = new Map<string, BencodeValue>();
    this.#members((start, end) => dict.set(this.#lexer.key(start, end), this.#read(true)!));
    return dict;
  }

  readonly #skipMember = (): void => {
    this.#read(false);
  };

  /** Reads the keys of a dict and lets `visit` read the value of each. */
  #members(visit: (keyStart: number, keyEnd: number) => void): undefined {
    const lexer = this.#lexer;
    const base = this.#keysEnd;
    let sorted = true;
    let [count, previousStart, previousEnd] = [0, 0, 0];
    for (; !this.#leave(); count++) {
      const keyAt = lexer.at;
      this.#string();
      const { stringStart: start, stringEnd: end } = lexer;
      const order = count === 0 ? -1 : lexer.compare(previousStart, previousEnd, start, end);
      if (order === 0) throw new BencodeError('duplicate-key', 'a key twice', { at: keyAt });
      sorted &&= order < 0;
      if (!sorted && (!this.#allowUnsortedKeys || count >= MAX_UNSORTED_KEYS))
        throw new BencodeError('unsorted-keys', 'keys that do not rise', { at: keyAt });
      if (this.#allowUnsortedKeys && count < MAX_UNSORTED_KEYS) this.#keepKey(keyAt, start, end);
      [previousStart, previousEnd] = [start, end];
      visit(start, end);
    }
    if (!sorted) this.#refuseDuplicates(base);
    this.#keysEnd = base;
  }

  #keepKey(at: number, start: number, end: number): void {
    this.#keys[this.#keysEnd++] = at;
    this.#keys[this.#keysEnd++] = start;
    this.#keys[this.#keysEnd++] = end;
  }

  #refuseDuplicates(base: number): void {
    const seen = new Set<string>();
    for (let i = base; i < this.#keysEnd; i += 3) {
      const key = this.#lexer.key(this.#keys[i + 1]!, this.#keys[i + 2]!);
      if (seen.has(key))
        throw new BencodeError('duplicate-key', 'a key twice', { at: this.#keys[i]! });
      seen.add(key);
    }
  }

  #enter(): void {
    const { at } = this.#lexer;
    if (this.#depth === this.#maxDepth)
      throw new BencodeError('too-deep', `more than ${this.#maxDepth} levels`, { at });
    this.#count();
    this.#depth++;
    this.#lexer.at = at + 1;
  }

  /** At the end of a list or dict: goes past it and says true. */
  #leave(): boolean {
    if (this.#lexer.peek() !== END) return false;
    this.#lexer.at++;
    this.#depth--;
    return true;
  }

  #integer(): number | bigint {
    this.#count();
    return this.#lexer.integer();
  }

  #string(): void {
    this.#count();
    this.#lexer.string();
  }

  #demandString(expected: string): void {
    if (this.type() !== 'string') throw this.#wrongType(expected);
    this.#string();
  }

  #count(): void {
    if (++this.#itemCount > this.#maxItems)
      throw new BencodeError('too-large', `more than ${this.#maxItems} items`, {
        at: this.#lexer.at,
      });
  }

  #place(): { path: string; key: string | number } {
    const [outermost, ...inner] = this.#path;
    const last = inner.pop();
    const path = inner.reduce<string>((above, key) => pathOf({ path: above, key }), `${outermost}`);
    return { path, key: last ?? '' };
  }

  #wrongType(expected: string): BencodeError {
    return new BencodeError('wrong-type', `expected ${expected}`, {
      path: pathOf(this.#place()),
      at: this.#lexer.at,
    });
  }
}
