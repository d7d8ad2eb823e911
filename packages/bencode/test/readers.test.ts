import { describe, expect, test } from 'vitest';
import { BencodeError, type BencodeValue, DictReader, decode, encode } from '../src/index.ts';

const written = decode(
  encode({
    info: { files: [{ length: 1 }, { length: 'long', path: ['a', new Uint8Array([0xff])] }] },
    name: 'é',
    bom: '\ufeffa',
    peers: new Uint8Array(6),
  }),
) as ReadonlyMap<string, BencodeValue>;
const torrent = new DictReader(new Map([...written, ['big', 2n ** 60n]]));

function fault(read: () => unknown): [string, string | undefined, string] {
  try {
    read();
  } catch (error) {
    if (error instanceof BencodeError) return [error.code, error.path, error.message];
    throw error;
  }
  throw new Error('it was accepted');
}

test('gives values of the type that is asked for', () => {
  const [first, second] = torrent.dict('info').list('files').dicts();
  expect(first!.integer('length')).toBe(1);
  expect(second!.list('path').texts()).toEqual(['a', '\ufffd']);
  expect(torrent.text('name')).toBe('é');
  expect(torrent.text('bom')).toBe('\ufeffa');
  expect(torrent.bytes('peers', { length: 6 })).toEqual(new Uint8Array(6));
  expect(torrent.value('big')).toBe(2n ** 60n);
  expect(torrent.has('big')).toBe(true);
});

describe('errors have the path', () => {
  const files = torrent.dict('info').list('files');

  test('of a member of an element', () => {
    expect(fault(() => files.dict(1).integer('length'))).toEqual([
      'wrong-type',
      'info.files[1].length',
      'info.files[1].length: expected an integer',
    ]);
  });

  test('of an element of a list in an element', () => {
    expect(fault(() => files.dict(1).list('path').text(1, { invalid: 'refuse' }))).toEqual([
      'bad-text',
      'info.files[1].path[1]',
      'info.files[1].path[1]: expected UTF-8',
    ]);
  });

  test('of what is missing', () => {
    expect(fault(() => files.dict(0).text('path'))[2]).toBe('info.files[0].path: missing');
    expect(fault(() => files.dict(2))[2]).toBe('info.files[2]: missing');
  });

  test('of the outermost value, which has none', () => {
    expect(fault(() => DictReader.of(1))[2]).toBe('expected a dict');
    expect(fault(() => DictReader.of(1, 'answer'))[2]).toBe('answer: expected a dict');
  });
});

test('an integer has bounds, and a bigint is past every bound', () => {
  const first = torrent.dict('info').list('files').dict(0);
  expect(first.integer('length', { min: 1, max: 1 })).toBe(1);
  expect(fault(() => first.integer('length', { min: 2 }))[0]).toBe('out-of-range');
  expect(fault(() => first.integer('length', { max: 0 }))[0]).toBe('out-of-range');
  expect(fault(() => torrent.integer('big'))[0]).toBe('out-of-range');
});

test('a byte string has an exact length where one is asked for', () => {
  expect(fault(() => torrent.bytes('peers', { length: 20 }))[2]).toBe(
    'peers: expected 20 bytes, got 6',
  );
});

test('what is optional may be missing but not of another type', () => {
  expect(torrent.optionalInteger('none')).toBeUndefined();
  expect(torrent.optionalBytes('none')).toBeUndefined();
  expect(torrent.optionalText('none')).toBeUndefined();
  expect(torrent.optionalList('none')).toBeUndefined();
  expect(torrent.optionalDict('none')).toBeUndefined();
  expect(torrent.optionalDict('info')!.optionalList('files')!.length).toBe(2);
  expect(torrent.optionalBytes('peers')!.length).toBe(6);
  expect(torrent.optionalText('name')).toBe('é');
  expect(fault(() => torrent.optionalInteger('name'))[0]).toBe('wrong-type');
});
