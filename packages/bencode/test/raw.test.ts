import fc from 'fast-check';
import { expect, test } from 'vitest';
import { BencodeError, decode, encode, rawMembers, rawSpan } from '../src/index.ts';
import { arbitraryValue } from './arbitrary-value.ts';
import { toBytes, toText } from './latin1.ts';

const torrent = toBytes('d8:announce3:url4:infod6:lengthi1e4:name1:aee');

test('finds where the value of a key lies', () => {
  const { start, end } = rawSpan(torrent, 'info')!;
  expect(toText(torrent.subarray(start, end))).toBe('d6:lengthi1e4:name1:ae');
  expect(rawSpan(torrent, 'length')).toBeUndefined();
});

test('finds the bytes as they are, keys unsorted', () => {
  const unsorted = toBytes('d4:infod1:bi1e1:ai2ee1:ai1ee');
  const span = rawSpan(unsorted, 'info', { allowUnsortedKeys: true })!;
  expect(toText(unsorted.subarray(span.start, span.end))).toBe('d1:bi1e1:ai2ee');
  expect(() => rawSpan(unsorted, 'info')).toThrow(BencodeError);
});

test('checks what it does not build', () => {
  for (const text of ['d1:ai01ee', 'd1:a1:be1', 'd1:ad1:bi1e1:bi2eee', 'd1:al', 'le', 'i1e'])
    expect(() => rawMembers(toBytes(text), [])).toThrow(BencodeError);
  const twice = toBytes('d1:ad1:bi1e1:ai1e1:bi2eee');
  expect(() => rawMembers(twice, [], { allowUnsortedKeys: true })).toThrow(
    'a key twice at byte 17',
  );
});

test('errors have the path that is given', () => {
  expect(() => rawMembers(toBytes('le'), [], {}, 'info')).toThrow('info: expected a dict');
});

test('members are the values of the keys that are asked for, undecoded', () => {
  fc.assert(
    fc.property(fc.array(arbitraryValue), (values) => {
      const dict = new Map(values.map((value, index) => [String.fromCharCode(index), value]));
      const keys = [...dict.keys()].filter((_, index) => index % 2 === 0);
      const members = rawMembers(encode(dict), [...keys, 'none']);
      const decoded = [...members].map(([key, raw]) => [key, decode(raw)]);
      expect(decoded).toEqual(keys.map((key) => [key, dict.get(key)]));
    }),
  );
});
