/** What happens to the screen from outside: lines of others, a shell that stops it. */
import process from 'node:process';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildDemo } from './build-demo.ts';
import { hasTmux, openTerminal, type Terminal } from './tmux.ts';

const isSkipped = !hasTmux() && process.env.CI === undefined;

describe.skipIf(isSkipped)('a screen that others write to (needs tmux)', () => {
  let terminal: Terminal;

  beforeAll(async () => {
    const command = [
      'bash',
      '-i',
      '-c',
      `set -m; '${process.execPath}' '${await buildDemo()}' empty; echo stopped; fg; echo over`,
    ];
    terminal = await openTerminal({
      columns: 80,
      rows: 24,
      command,
      env: { NODE_ENV: 'production' },
    });
  });
  afterAll(() => terminal?.close());

  const shows = (text: string | RegExp) =>
    expect.poll(() => terminal.text(), { timeout: 10_000 }).toMatch(text);

  it('is whole again after Ctrl-L, and after it was stopped and continued', async () => {
    await shows('No torrents yet');
    await terminal.damage('\x1b[1;1HBroadcast message: the machine goes down\r\n\x1b[12;1Hnow');
    await shows('Broadcast message');
    await terminal.keys('C-l');
    await shows(/^ ≋ shoal/);
    expect(await terminal.text()).not.toMatch(/Broadcast|^now/m);

    await terminal.keys('C-z');
    await shows(/^ ≋ shoal/);
    await terminal.keys('?');
    await shows('any key closes');
    await terminal.keys('x', 'q');
    await shows('over');
    expect(await terminal.text()).toContain('stopped');
  });
});
