import { describe, expect, test } from 'vitest';
import { BencodeError, encode, Scanner } from '../src/index.ts';
import { toBytes, toText } from './latin1.ts';

function fault(read: () => unknown): [string, string] {
  try {
    read();
  } catch (error) {
    if (error instanceof BencodeError) return [error.code, error.message];
    throw error;
  }
  throw new Error('it was accepted');
}

/** Reads the lengths of `info.files` and skips the rest. */
function lengths(bytes: Uint8Array): number[] {
  const scanner = new Scanner(bytes);
  const found: number[] = [];
  const readFile = (key: string): void => {
    if (key === 'length') found.push(scanner.integer({ min: 0 }));
    else scanner.skip();
  };
  const readInfo = (key: string): void => {
    if (key === 'files') scanner.list(() => scanner.dict(readFile));
    else scanner.skip();
  };
  scanner.dict((key) => (key === 'info' ? scanner.dict(readInfo) : scanner.skip()));
  scanner.end();
  return found;
}

test('reads what is asked for and skips the rest', () => {
  const files = [
    { length: 1, path: ['a'] },
    { attr: 'x', length: 2 },
  ];
  expect(lengths(encode({ announce: 'x', info: { files, name: 'n' } }))).toEqual([1, 2]);
});

test('reads values of every kind', () => {
  const scanner = new Scanner(encode(['é', new Uint8Array([0xff]), -1, [{ a: 1 }], 'x']));
  const read: unknown[] = [];
  const readers = [
    () => scanner.text(),
    () => toText(scanner.bytes()),
    () => scanner.integer(),
    () => scanner.value(),
    () => scanner.skip(),
  ];
  scanner.list((index) => read.push(readers[index]!()));
  expect(read).toEqual(['é', '\xff', -1, [new Map([['a', 1]])], undefined]);
});

describe('errors have the path', () => {
  test.each([
    [
      { info: { files: [{ length: 1 }, { length: 'x' }] } },
      'info.files[1].length: expected an integer',
    ],
    [{ info: { files: [{}, { length: -1 }] } }, /^info\.files\[1\]\.length: expected 0 to/],
    [{ info: { files: [{}, 'x'] } }, 'info.files[1]: expected a dict'],
    [{ info: { files: {} } }, 'info.files: expected a list'],
    [{ info: 1 }, 'info: expected a dict'],
    [1, 'expected a dict at byte 0'],
  ])('%j', (value, message) => {
    expect(fault(() => lengths(encode(value)))[1]).toMatch(message);
  });

  test('of a string that is none', () => {
    const scanner = new Scanner(toBytes('li1ee'));
    expect(fault(() => scanner.list(() => scanner.text()))[1]).toBe('[0]: expected a string');
  });
});

test('what is skipped is checked all the same', () => {
  for (const text of ['l1:e', 'li01ee', 'ld1:bi1e1:ai1eee', 'ld1:ai1e1:ai1eee', 'l', 'lx'])
    expect(() => {
      const scanner = new Scanner(toBytes(text));
      scanner.list(() => scanner.skip());
    }).toThrow(BencodeError);
});

test('bytes that are left are refused', () => {
  const scanner = new Scanner(toBytes('i1e2'));
  scanner.skip();
  expect(fault(() => scanner.end())).toEqual([
    'trailing-bytes',
    '1 bytes after the value at byte 3',
  ]);
});

test('keys out of order are taken up to 1,000 in a dict', () => {
  const dict = (count: number): Uint8Array => {
    const keys = Array.from({ length: count }, (_, index) => `4:${1_000 + index}i0e`);
    return toBytes(`d${keys.reverse().join('')}e`);
  };
  const options = { allowUnsortedKeys: true };
  expect(() => new Scanner(dict(1_000), options).skip()).not.toThrow();
  expect(fault(() => new Scanner(dict(1_001), options).skip())[0]).toBe('unsorted-keys');
});
