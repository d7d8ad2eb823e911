import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildDemo } from './build-demo.ts';
import { hasTmux, openTerminal, type Terminal } from './tmux.ts';
import { expectNoClears, expectOnlyOurs } from './written.ts';

/** tmux is what this test is about: it is left out on a desk that lacks it, but never in CI. */
const isSkipped = !hasTmux() && process.env.CI === undefined;

describe.skipIf(isSkipped)('the screen on a real terminal (needs tmux)', () => {
  let folder: string;
  let logFile: string;
  let terminal: Terminal;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'shoal-tui-'));
    logFile = join(folder, 'written');
    terminal = await openTerminal({
      columns: 80,
      rows: 24,
      command: [process.execPath, await buildDemo(), 'hostile'],
      env: { NODE_ENV: 'production' },
      logFile,
    });
  });

  afterAll(async () => {
    await terminal?.close();
    await rm(folder, { recursive: true });
  });

  const shows = (text: string | RegExp) =>
    expect.poll(() => terminal.text(), { timeout: 10_000 }).toMatch(text);

  it('takes a paste, shows each view, follows the window and leaves the terminal as it was', async () => {
    await shows(/▌ ↓ HOSTILE/);
    await terminal.paste('magnet:?xt=urn:btih:aa&dn=Blender');
    await shows('› magnet:?xt=urn:btih:aa&dn=Blender');
    await terminal.keys('Enter');
    await shows(/▌ ◌ Blender/);
    await terminal.keys('g', 'Enter');
    await shows('Received');
    for (const [key, sees] of [
      ['2', 'Flags'],
      ['3', 'Priority'],
      ['4', '■ have'],
      ['5', 'Tier'],
      ['6', 'HOSTILE'],
    ] as const) {
      await terminal.keys(key);
      await shows(sees);
    }
    const steady = await readFile(logFile, 'utf8');

    await terminal.resize(60, 15);
    await shows(/6 Log\n[─━]{60}\n/);
    await terminal.keys('Escape');
    await shows('1–5 of 109');
    await terminal.resize(200, 60);
    await shows(/Name +Status +Done/);
    await terminal.keys('G');
    await shows(/▌ ◌ Blender/);
    await terminal.resize(80, 24);
    await shows(/^ ≋ shoal {2}109 torrents.*\n─{80}\n/);
    await terminal.keys('q');
    await shows('left: quit');
    expect(await terminal.text()).not.toContain('shoal');

    expectNoClears(steady);
    expectOnlyOurs(await readFile(logFile, 'utf8'));
  });

  it.each([{ LC_ALL: 'C' }, { TERM: 'linux' }])('is drawn in ASCII with %o', async (env) => {
    await terminal.close();
    terminal = await openTerminal({
      columns: 80,
      rows: 24,
      command: [process.execPath, await buildDemo(), 'lively'],
      env: { NODE_ENV: 'production', ...env },
    });
    await shows(/^ ~ shoal .*\n-{80}\n/);
    for (const [keys, sees] of [
      [['Enter'], /=+>?-+/],
      [['4'], '# have'],
      [['?'], /\+-+\+.*\n.*\| ~ shoal 0\.1\.0/],
    ] as const) {
      await terminal.keys(...keys);
      await shows(sees);
      expect(await terminal.text()).toMatch(/^[\n\x20-\x7e]*$/);
    }
  });
});
