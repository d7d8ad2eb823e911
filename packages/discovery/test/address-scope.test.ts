import { expect, it } from 'vitest';
import { scopeOf } from '../src/address-scope.ts';

it.each([
  ['127.0.0.1', 'loopback'],
  ['::1', 'loopback'],
  ['10.255.0.1', 'local'],
  ['100.64.0.1', 'local'],
  ['100.128.0.1', 'global'],
  ['169.254.9.9', 'local'],
  ['172.15.255.255', 'global'],
  ['172.16.0.0', 'local'],
  ['172.31.255.255', 'local'],
  ['172.32.0.0', 'global'],
  ['192.168.1.1', 'local'],
  ['fd12::1', 'local'],
  ['fe80::1', 'local'],
  ['febf::1', 'local'],
  ['fec0::1', 'global'],
  ['2001:db8::1', 'global'],
  ['8.8.8.8', 'global'],
  ['::ffff:10.0.0.1', 'local'],
  ['0.1.2.3', 'none'],
  ['224.0.0.1', 'none'],
  ['239.192.152.143', 'none'],
  ['255.255.255.255', 'none'],
  ['::', 'none'],
  ['ff15::efc0:988f', 'none'],
  ['example.org', 'none'],
])('the scope of %s is %s', (host, scope) => {
  expect(scopeOf(host)).toBe(scope);
});
