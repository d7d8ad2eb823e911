import { parseIp } from '@shoal/units';
import { expect, test } from 'vitest';
import { OwnAddress } from '../../src/peers/own-address.ts';

const told = (own: OwnAddress, voice: string, ip: string) => own.handleTold(voice, parseIp(ip)!);

test('one voice alone is not believed, two that agree are', () => {
  const own = new OwnAddress(6881);
  told(own, '198.51.100.1', '203.0.113.7');
  told(own, '198.51.100.1', '203.0.113.7');
  expect(own.addresses).toEqual([]);
  told(own, 'http://tracker.test/announce', '203.0.113.7');
  expect(own.addresses).toEqual([{ host: '203.0.113.7', port: 6881, family: 4 }]);
});

test('the address that most name counts, of each family', () => {
  const own = new OwnAddress(6881);
  for (const n of [1, 2, 3]) told(own, `198.51.100.${n}`, '203.0.113.7');
  for (const n of [4, 5]) told(own, `198.51.100.${n}`, '192.0.2.99');
  for (const n of [6, 7]) told(own, `198.51.100.${n}`, '2001:db8::7');
  expect(own.addresses.map(({ host }) => host)).toEqual(['203.0.113.7', '2001:db8::7']);
  const before = own.addresses;
  told(own, '198.51.100.8', '203.0.113.7');
  expect(own.addresses).toBe(before);
});

test('a new line is believed when the last voices name it', () => {
  const own = new OwnAddress(6881);
  for (let n = 0; n < 50; n++) told(own, `198.51.100.${n}`, '203.0.113.7');
  for (let n = 0; n < 26; n++) told(own, `192.0.2.${n}`, '203.0.113.8');
  expect(own.addresses.map(({ host }) => host)).toEqual(['203.0.113.8']);
});
