import { expect, test } from 'vitest';
import { ClientRules } from '../../../src/server/admission/client-rules.ts';
import { readPrivatePath } from '../../../src/server/admission/private-path.ts';
import { TrustedProxies } from '../../../src/server/admission/trusted-proxies.ts';

function isAllowed(rules: ClientRules, peerId: string): boolean {
  return rules.allows(new Uint8Array(Buffer.from(`xx${peerId.padEnd(20, '0')}`, 'latin1')), 2);
}

test('clients are known by how their peer ids begin, and deny goes before allow', () => {
  const rules = new ClientRules({ allow: ['-TR4', '-SL'], deny: ['-SL0000'] });
  expect(isAllowed(rules, '-TR4100-')).toBe(true);
  expect(isAllowed(rules, '-TR3000-')).toBe(false);
  expect(isAllowed(rules, '-SL0100-')).toBe(true);
  expect(isAllowed(rules, '-SL0000-')).toBe(false);
  expect(isAllowed(new ClientRules({}), 'anything')).toBe(true);
  expect(isAllowed(new ClientRules({ deny: ['a'] }), 'b')).toBe(true);
  expect(isAllowed(new ClientRules({ allow: [] }), 'b')).toBe(false);
});

test.each(['', 'x'.repeat(21), 'Ā'])('%j is no prefix', (prefix) => {
  expect(() => new ClientRules({ deny: [prefix] })).toThrow(RangeError);
});

test('proxies are trusted by address and by network, of both families', () => {
  const proxies = new TrustedProxies(['10.0.0.0/8', '192.0.2.1', '2001:db8::/32', '::1']);
  for (const ip of ['10.1.2.3', '::ffff:10.1.2.3', '192.0.2.1', '2001:db8:1::9', '::1'])
    expect(proxies.trusts(ip), ip).toBe(true);
  for (const ip of ['11.0.0.1', '192.0.2.2', '2001:db9::1', '::', '', 'localhost'])
    expect(proxies.trusts(ip), ip).toBe(false);
  expect(new TrustedProxies([]).trusts('127.0.0.1')).toBe(false);
});

test.each(['', 'x', '10.0.0.0/33', '::/129', '10.0.0/8', '10.0.0.0/', '300.0.0.1', 'a.example'])(
  '%j is no network',
  (network) => {
    expect(() => new TrustedProxies([network])).toThrow(RangeError);
  },
);

test('the client is the last address of the chain that is no trusted proxy', () => {
  const proxies = new TrustedProxies(['10.0.0.0/8']);
  expect(proxies.clientOf('203.0.113.9')).toBe('203.0.113.9');
  expect(proxies.clientOf('8.8.8.8, 203.0.113.9, 10.0.0.2')).toBe('203.0.113.9');
  expect(proxies.clientOf('10.0.0.7, 10.0.0.2')).toBe('10.0.0.7');
  expect(proxies.clientOf('203.0.113.9:4711')).toBe('203.0.113.9');
  expect(proxies.clientOf('[2001:db8::1]:4711')).toBe('2001:db8::1');
  for (const text of ['', 'unknown', '8.8.8.8, junk', 'unknown, 10.0.0.2'])
    expect(proxies.clientOf(text), text).toBeUndefined();
});

test('of a long chain the end counts, and no address that is cut there', () => {
  const proxies = new TrustedProxies(['10.0.0.0/8']);
  expect(proxies.clientOf(`${'8.8.8.8, '.repeat(300)}203.0.113.9, 10.0.0.2`)).toBe('203.0.113.9');
  expect(proxies.clientOf(`${'x'.repeat(9_000)}, 203.0.113.9`)).toBe('203.0.113.9');
  // The 2,048 characters begin inside of 203.0.113.9: `3.0.113.9` was never said.
  expect(proxies.clientOf(`203.0.113.9,${'10.0.0.1,'.repeat(226)}10.0.0.2`)).toBe('10.0.0.1');
  for (const text of [`8.8.8.8,${' '.repeat(3_000)}`, `8.8.8.8${' '.repeat(3_000)}`])
    expect(proxies.clientOf(text)).toBeUndefined();
});

test('a passkey is the first part of the path', () => {
  const passkey = '0123456789abcdef0123456789abcdef';
  expect(readPrivatePath(`/${passkey}/announce`)).toEqual({ passkey, path: '/announce' });
  expect(readPrivatePath(`/${passkey}/scrape`)).toEqual({ passkey, path: '/scrape' });
  expect(readPrivatePath(`/${passkey}`)).toEqual({ passkey, path: '/' });
  for (const path of [
    '/announce',
    '/',
    `/${passkey}x/announce`,
    `/${passkey.toUpperCase()}/announce`,
  ])
    expect(readPrivatePath(path)).toEqual({ passkey: undefined, path });
});
