import { parsePeerAddress } from '@shoal/units';
import { expect, test } from 'vitest';
import { peerPriority } from '../src/index.ts';
import { readVectors } from './vectors.ts';

interface Vector {
  readonly a: string;
  readonly b: string;
  readonly ports: readonly [number, number];
  readonly crc32c: string;
  readonly source: string;
}

const address = (text: string) => parsePeerAddress(text, 6881)!;

test.each(readVectors<readonly Vector[]>('bep40_peer_priority'))(
  '$a and $b have $crc32c ($source)',
  ({ a, b, ports, crc32c }) => {
    const [first, second] = [
      { host: a, port: ports[0], family: 4 } as const,
      { host: b, port: ports[1], family: 4 } as const,
    ];
    expect(peerPriority(first, second).toString(16).padStart(8, '0')).toBe(crc32c);
    expect(peerPriority(second, first)).toBe(peerPriority(first, second));
  },
);

test('of IPv6 /48 counts whole, and one byte more for each that is shared', () => {
  const from = (text: string) => peerPriority(address(text), address('2001:db8:1:2:3::1'));
  // Outside /48, what differs only in masked bits is the same.
  expect(from('2001:db8:2:0::1')).toBe(from('2001:db8:2:aa::1'));
  expect(from('2001:db8:2:0::1')).not.toBe(from('2001:db8:2:1::1'));
  // Inside /48 the byte behind it counts whole; inside /56 the next one too.
  expect(from('2001:db8:1:200::1')).not.toBe(from('2001:db8:1:a200::1'));
  expect(from('2001:db8:1:200::1')).toBe(from('2001:db8:1:2aa::1'));
  expect(from('2001:db8:1:3::1')).not.toBe(from('2001:db8:1:23::1'));
});

test('equal addresses are ranked by port, in either family', () => {
  const rank = (host: string, a: number, b: number) =>
    peerPriority({ ...address(host), port: a }, { ...address(host), port: b });
  expect(rank('::1', 1234, 300)).toBe(0xae8b_7034);
  expect(rank('1.2.3.4', 300, 1234)).toBe(0xae8b_7034);
});

test('IPv4 against IPv6 has a rank too, the same from both sides', () => {
  const [a, b] = [address('1.2.3.4'), address('2001:db8::1')];
  expect(peerPriority(a, b)).toBe(peerPriority(b, a));
});
