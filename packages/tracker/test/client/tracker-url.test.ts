import { describe, expect, test } from 'vitest';
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
