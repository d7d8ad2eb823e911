import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { asciiTerminal, showsGlyphs } from '../../src/tui/ascii-terminal.ts';

describe('showsGlyphs', () => {
  it.each([
    [{ LANG: 'de_DE.UTF-8' }, true],
    [{ LANG: 'C.utf8' }, true],
    [{ LC_CTYPE: 'en_GB.UTF-8', LANG: 'C' }, true],
    [{ LC_ALL: 'C', LC_CTYPE: 'en_GB.UTF-8', LANG: 'en_GB.UTF-8' }, false],
    [{ LC_ALL: '', LANG: 'en_GB.UTF-8' }, true],
    [{ LANG: 'de_DE.ISO-8859-1' }, false],
    [{ LANG: 'POSIX' }, false],
    [{}, false],
    [{ LANG: 'de_DE.UTF-8', TERM: 'linux' }, false],
    [{ LANG: 'de_DE.UTF-8', TERM: 'xterm-256color' }, true],
  ])('of %o is %s', (env, shows) => {
    expect(showsGlyphs(env)).toBe(shows);
  });
});

describe('asciiTerminal', () => {
  it('writes ASCII, and is in all else the terminal it stands for', async () => {
    const under = Object.assign(new PassThrough({ encoding: 'utf8' }), { columns: 80, rows: 24 });
    const terminal = asciiTerminal(under as unknown as NodeJS.WriteStream);
    const resized = new Promise((resolve) =>
      terminal.once('resize', () => resolve(terminal.columns)),
    );
    under.columns = 60;
    under.emit('resize');
    expect(await resized).toBe(60);
    const written = new Promise((resolve) => terminal.write('─ ≋ shoal', resolve));
    await written;
    expect(under.read()).toBe('- ~ shoal');
  });
});
