import { hexToInfoHash, parseIp } from '@shoal/units';
import { expect, test } from 'vitest';
import { allowedFastSet } from '../src/index.ts';
import { readVectors } from './vectors.ts';

interface Vector {
  readonly ip: string;
  readonly infohash: string;
  readonly pieces: number;
  readonly k: number;
  readonly set: readonly number[];
  readonly source: string;
}

const vectors = readVectors<readonly Vector[]>('bep6_allowed_fast');
const infoHash = hexToInfoHash('aa'.repeat(20))!;
const ip = parseIp('80.4.4.200')!;

test.each(vectors)('$k of $pieces pieces for $ip as in $source', (vector) => {
  const hash = hexToInfoHash(vector.infohash)!;
  expect(allowedFastSet(parseIp(vector.ip)!, hash, vector.pieces, vector.k)).toEqual(vector.set);
});

test('a longer set begins with the shorter one, and a network has one set', () => {
  const ten = allowedFastSet(ip, infoHash, 1313, 10);
  for (let k = 0; k < 10; k++)
    expect(allowedFastSet(ip, infoHash, 1313, k)).toEqual(ten.slice(0, k));
  expect(allowedFastSet(parseIp('80.4.4.7')!, infoHash, 1313, 10)).toEqual(ten);
});

test('there is no set for IPv6, nor of a torrent without pieces', () => {
  expect(allowedFastSet(parseIp('2001:db8::1')!, infoHash, 1313, 10)).toEqual([]);
  expect(allowedFastSet(ip, infoHash, 0, 10)).toEqual([]);
});
