import { expect, test } from 'vitest';
import { type AddressScope, isBelievable, leadsInward, scopeOf } from '../src/index.ts';

test.each<[string, AddressScope]>([
  ['127.0.0.1', 'loopback'],
  ['127.255.0.1', 'loopback'],
  ['::1', 'loopback'],
  ['::ffff:127.0.0.1', 'loopback'],
  ['64:ff9b::7f00:1', 'loopback'],
  ['169.254.169.254', 'link'],
  ['64:ff9b::169.254.169.254', 'link'],
  ['fe80::1', 'link'],
  ['febf::1', 'link'],
  ['10.255.0.1', 'private'],
  ['::ffff:10.0.0.1', 'private'],
  ['64:ff9b::a00:1', 'private'],
  ['64:ff9b:1::1', 'private'],
  ['100.64.0.1', 'private'],
  ['100.128.0.1', 'global'],
  ['172.15.255.255', 'global'],
  ['172.16.0.0', 'private'],
  ['172.31.255.255', 'private'],
  ['172.32.0.0', 'global'],
  ['192.168.1.1', 'private'],
  ['198.17.255.255', 'global'],
  ['198.18.0.1', 'private'],
  ['198.19.255.255', 'private'],
  ['198.20.0.0', 'global'],
  ['fd12::1', 'private'],
  ['fec0::1', 'global'],
  ['2001:db8::1', 'global'],
  ['8.8.8.8', 'global'],
  ['64:ff9b::8.8.8.8', 'global'],
  ['64:ff9b::1:808:808', 'global'],
  ['0.0.0.0', 'none'],
  ['0.1.2.3', 'none'],
  ['224.0.0.1', 'none'],
  ['239.192.152.143', 'none'],
  ['255.255.255.255', 'none'],
  ['64:ff9b::224.0.0.1', 'none'],
  ['::', 'none'],
  ['::127.0.0.1', 'none'],
  ['::8.8.8.8', 'none'],
  ['ff15::efc0:988f', 'none'],
  ['example.org', 'none'],
])('the scope of %s is %s', (host, scope) => {
  expect(scopeOf(host)).toBe(scope);
});

test.each([
  ['8.8.8.8', '192.168.1.1', true],
  ['8.8.8.8', '198.18.0.1', true],
  ['8.8.8.8', '127.0.0.1', true],
  ['8.8.8.8', '169.254.169.254', true],
  ['8.8.8.8', '64:ff9b::a00:1', true],
  ['8.8.8.8', '::127.0.0.1', true],
  ['8.8.8.8', '224.0.0.1', true],
  ['192.168.1.1', '169.254.169.254', true],
  ['192.168.1.1', '127.0.0.1', true],
  ['2001:db8::1', '::ffff:10.0.0.1', true],
  ['8.8.8.8', '9.9.9.9', false],
  ['192.168.1.1', '10.0.0.1', false],
  ['127.0.0.1', '8.8.8.8', false],
])('going from %s to %s leads inward: %s', (from, to, isInward) => {
  expect(leadsInward(scopeOf(from), scopeOf(to))).toBe(isInward);
});

test.each([
  '127.0.0.1',
  '169.254.169.254',
  '10.0.0.1',
  '198.18.0.1',
  '64:ff9b::a00:1',
  '64:ff9b::7f00:1',
  '64:ff9b:1::1',
  '::127.0.0.1',
  'fe80::1',
  '224.0.0.1',
])('a stranger is not believed about %s', (host) => {
  expect(isBelievable(scopeOf(host), scopeOf('8.8.8.8'))).toBe(false);
});

test('somebody of this network is believed about it and all that is further away', () => {
  const tellerScope = scopeOf('192.168.1.1');
  for (const host of ['10.0.0.1', 'fd12::1', '8.8.8.8'])
    expect(isBelievable(scopeOf(host), tellerScope)).toBe(true);
  for (const host of ['127.0.0.1', '169.254.1.1', '0.0.0.0'])
    expect(isBelievable(scopeOf(host), tellerScope)).toBe(false);
});
