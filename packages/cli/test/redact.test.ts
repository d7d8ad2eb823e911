import { describe, expect, it } from 'vitest';
import { redactSecrets } from '../src/redact.ts';
import { textLog } from '../src/text-log.ts';

describe('secrets in logs', () => {
  it.each([
    ['http://t.example/0123456789abcdef0123456789abcdef/announce', 'http://t.example/***/announce'],
    ['https://t.example/a.php?passkey=abc&x=1', 'https://t.example/a.php?***'],
    ['http://me:secret@t.example:80/announce', 'http://***@t.example:80/announce'],
    ['udp://t.example:6969/announce', 'udp://t.example:6969/announce'],
    ['https://t.example/abcDEFghiJKLmnoPQRstu/announce', 'https://t.example/***/announce'],
    ['http://t.example/announce?0123456789abcdef', 'http://t.example/announce?***'],
    ['http://t.example/announce?pk=a<b>\'c"d', 'http://t.example/announce?***'],
    ['udp://t.example:80/announce#secret', 'udp://t.example:80/announce#***'],
    ['http://t.example?passkey=abc', 'http://t.example?***'],
    ['http://t.example/abc12345/announce', 'http://t.example/***/announce'],
    ['http://t.example/ABCDEFGHIJKL/scrape.php', 'http://t.example/***/scrape.php'],
    ["http://t.example/it's<me>/announce", 'http://t.example/***/announce'],
    ['http://t.example/announce.php/abc/def', 'http://t.example/announce.php/***'],
    ['http://announce/tracker/announce?', 'http://announce/***/announce?'],
    ['redis://:pa/ss#w?o@rd@h:6379/0', 'redis://***@h:6379/0'],
    ['redis://:12/34@h', 'redis://***@h'],
    ['http://me:pa/ss@h/list', 'http://***@h/list'],
    ['http://me:pa#ss@h/list', 'http://***@h/list'],
    ['http://t.example:80/npm/@scope/x.js', 'http://t.example:80/npm/@scope/x.js'],
    ['http://[2001:db8::1]:80/@scope/x.js', 'http://[2001:db8::1]:80/@scope/x.js'],
    ['https://t.example/debian/iso/list.txt', 'https://t.example/debian/iso/list.txt'],
  ])('writes %s as %s', (url, shown) => {
    expect(redactSecrets(`announce to ${url} failed`)).toBe(`announce to ${shown} failed`);
  });

  it('lets no planted passkey into a log line', () => {
    const lines: string[] = [];
    const log = textLog(
      'debug',
      (line) => lines.push(line),
      () => 0,
    );
    log.warn('announce failed', { url: 'http://t.example/ann?passkey=PLANTED', attempt: 2 });
    log.info('hello https://t.example/PLANTED123456789/announce');
    expect(lines.join('\n')).not.toContain('PLANTED');
    expect(lines[0]).toBe(
      '1970-01-01T00:00:00.000Z warn announce failed url="http://t.example/ann?***" attempt=2',
    );
  });

  it('leaves out what is below the level and any escape', () => {
    const lines: string[] = [];
    const log = textLog(
      'warn',
      (line) => lines.push(line),
      () => 0,
    );
    log.info('not shown');
    log.error('peer says \x1b[2J');
    expect(lines).toEqual(['1970-01-01T00:00:00.000Z error peer says \ufffd[2J']);
  });
});
