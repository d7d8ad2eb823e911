import { describe, expect, test } from 'vitest';
import { addressScope, leadsInward } from '../../src/client/address-scope.ts';
import { isTrackerPath, parseTrackerUrl } from '../../src/client/tracker-url.ts';

describe('a tracker URL', () => {
  test.each([
    ['http://t.example/announce', 'http:', 't.example', 80, '/announce'],
    ['https://t.example/announce', 'https:', 't.example', 443, '/announce'],
    ['http://t.example:6969/a?b=%01', 'http:', 't.example', 6_969, '/a?b=%01'],
    ['udp://t.example:6969', 'udp:', 't.example', 6_969, ''],
    ['udp://t.example:80/announce', 'udp:', 't.example', 80, '/announce'],
    ['udp://[2001:db8::1]:6969', 'udp:', '2001:db8::1', 6_969, ''],
    ['http://127.1/announce', 'http:', '127.0.0.1', 80, '/announce'],
  ])('%s is read', (text, protocol, host, port, target) => {
    expect(parseTrackerUrl(text)).toMatchObject({ protocol, host, port, target });
  });

  test.each([
    'file:///etc/passwd',
    'ftp://t.example/announce',
    'ws://t.example/announce',
    'javascript:alert(1)',
    'data:text/plain,x',
    't.example:6969',
    'announce',
    '',
    'udp://t.example',
    'udp://t.example:0',
    'udp://:6969',
    'http:///',
    'http://t.example:99999/announce',
  ])('%j is none', (text) => {
    expect(() => parseTrackerUrl(text)).toThrow(expect.objectContaining({ code: 'bad-url' }));
  });

  test.each([
    'udp://t.example:53',
    'udp://127.0.0.1:22/announce',
    'http://trаcker.example/announce',
    'http://xn--trcker-rec.example/announce',
    'http://t.xn--e1afmkfd/announce',
    'udp://trаcker.example:6969',
  ])('%s is not asked', (text) => {
    expect(() => parseTrackerUrl(text)).toThrow(expect.objectContaining({ code: 'forbidden-url' }));
  });

  test('no secret of the URL is in the error', () => {
    expect(() => parseTrackerUrl('udp://t.example:53/passkey123')).toThrow(
      expect.not.objectContaining({ message: expect.stringContaining('passkey123') }),
    );
  });
});

test.each([
  ['/announce', true],
  ['/announce.php', true],
  ['/scrape', true],
  ['/0123456789abcdef0123456789abcdef/announce', true],
  ['/', false],
  ['/shutdown', false],
  ['/announce/../shutdown', false],
  ['/api/announce', false],
  ['/latest/meta-data', false],
  ['/announce/x', false],
])('on our own machine %s may be asked for: %s', (path, isAsked) => {
  expect(isTrackerPath(path)).toBe(isAsked);
});

test.each([
  ['127.0.0.1', 'own'],
  ['127.255.0.1', 'own'],
  ['0.0.0.0', 'own'],
  ['::1', 'own'],
  ['::', 'own'],
  ['::ffff:127.0.0.1', 'own'],
  ['169.254.169.254', 'own'],
  ['fe80::1', 'own'],
  ['10.1.2.3', 'private'],
  ['172.31.0.1', 'private'],
  ['192.168.1.1', 'private'],
  ['100.64.0.1', 'private'],
  ['fd00::1', 'private'],
  ['::ffff:192.168.1.1', 'private'],
  ['::127.0.0.1', 'own'],
  ['64:ff9b::127.0.0.1', 'own'],
  ['64:ff9b::a9fe:a9fe', 'own'],
  ['64:ff9b::10.0.0.1', 'private'],
  ['64:ff9b:1::1', 'private'],
  ['64:ff9b::8.8.8.8', 'global'],
  ['172.32.0.1', 'global'],
  ['8.8.8.8', 'global'],
  ['2001:db8::1', 'global'],
])('%s is reached: %s', (ip, scope) => {
  expect(addressScope(ip)).toBe(scope);
});

test.each([
  ['8.8.8.8', '192.168.1.1', true],
  ['8.8.8.8', '127.0.0.1', true],
  ['8.8.8.8', '169.254.169.254', true],
  ['192.168.1.1', '127.0.0.1', true],
  ['2001:db8::1', '::ffff:10.0.0.1', true],
  ['8.8.8.8', '9.9.9.9', false],
  ['192.168.1.1', '10.0.0.1', false],
  ['127.0.0.1', '8.8.8.8', false],
])('a redirect from %s to %s leads inward: %s', (from, to, isInward) => {
  expect(leadsInward(from, to)).toBe(isInward);
});
