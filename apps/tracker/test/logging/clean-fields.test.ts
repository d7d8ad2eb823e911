import { expect, test } from 'vitest';
import { cleanFields, redactText } from '../../src/logging/clean-fields.ts';

const PASSKEY = '0123456789abcdef0123456789abcdef';

test.each([
  [`/${PASSKEY}/announce?left=0`, '/***/announce?left=0'],
  ['/short/scrape', '/***/scrape'],
  [`http://t.example/${PASSKEY}/announce`, 'http://t.example/***/announce'],
  ['redis://user:word@cache.example:6379/0', 'redis://***@cache.example:6379/0'],
  ['http://t.example/announce?passkey=abc', 'http://t.example/announce?***'],
  ['/announce', '/announce'],
  ['/announce/short', '/announce/***'],
  ['/var/lib/shoal/users.db', '/var/lib/shoal/users.db'],
])('%s is logged as %s', (text, redacted) => {
  expect(redactText(text)).toBe(redacted);
});

test('fields that are secrets are never logged, addresses of others when asked for', () => {
  const fields = { passkey: 'abc', remote: '192.0.2.1', address: '127.0.0.1:6969', count: 3 };
  const kept = { passkey: '***', address: '127.0.0.1:6969', count: 3 };
  expect(cleanFields(fields, false)).toEqual(kept);
  expect(cleanFields(fields, true)).toEqual({ ...kept, remote: '192.0.2.1' });
});
