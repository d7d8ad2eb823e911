/** `shoal` itself on a real terminal with a hundred torrents and two hundred peers, all of them hostile. */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { dialIn, writeTorrents } from './crowd.ts';
import { hasTmux, openTerminal, type Terminal } from './tmux.ts';
import { expectOnlyOurs } from './written.ts';

const isSkipped = !hasTmux() && process.env.CI === undefined;

describe.skipIf(isSkipped)('shoal on a real terminal (needs tmux)', () => {
  let folder: string;
  let terminal: Terminal;
  let hangUp = (): void => {};

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'shoal-crowd-'));
  });
  afterAll(async () => {
    hangUp();
    await terminal?.close();
    // The screen is left before the last states are written.
    await rm(folder, { recursive: true, maxRetries: 20, retryDelay: 100 });
  });

  const shows = (text: string | RegExp) =>
    expect.poll(() => terminal.text(), { timeout: 10_000 }).toMatch(text);

  /** The frame is whole: a rule from edge to edge, and the keys on the last line. */
  async function expectWhole(columns: number, rows: number): Promise<void> {
    await shows(new RegExp(`(^|\\n)[─━]{${columns}}\\n`));
    const lines = (await terminal.text()).split('\n');
    expect(lines).toHaveLength(rows);
    expect(lines.at(-1)).toContain('? help');
  }

  it('holds a hundred torrents and two hundred peers whose names attack it, at any size', async () => {
    const logFile = join(folder, 'written');
    const [first] = await writeTorrents(join(folder, 'torrents'), 100);
    const port = await freePort();
    terminal = await openTerminal({
      columns: 100,
      rows: 24,
      command: [
        ...[process.execPath, inject('program'), join(folder, 'torrents', '000.torrent')],
        ...[join(folder, 'torrents'), '--host', '127.0.0.1', '-p', String(port)],
        ...['-o', join(folder, 'out')],
      ],
      env: {
        SHOAL_NO_DHT: '1',
        SHOAL_NO_LSD: '1',
        NODE_ENV: 'production',
        XDG_STATE_HOME: join(folder, 'state'),
      },
      logFile,
    });
    await shows(/≋ shoal {2}100 torrents/);
    hangUp = dialIn(port, first!, 200);
    for (const [columns, rows] of [
      [60, 15],
      [200, 60],
    ] as const) {
      await terminal.resize(columns, rows);
      await shows(/–\d+ of 100/);
      await expectWhole(columns, rows);
      await terminal.keys('G');
      await shows(/of 100/);
      await expectWhole(columns, rows);
      await terminal.keys('g', 'Enter');
      for (const [key, sees] of [
        ['1', 'Received'],
        ['2', /▌ 127\.0\.0\.1.*HOSTILE\d/],
        ['G', /▌ 127\.0\.0\.1.*HOSTILE[1-9]\d/],
        ['3', 'Priority'],
        ['4', '■ have'],
        ['5', /[Tt]racker/],
        ['6', 'HOSTILE'],
      ] as const) {
        await terminal.keys(key);
        await shows(sees);
        await expectWhole(columns, rows);
      }
      await terminal.keys('Escape');
      await shows(/≋ shoal {2}100 torrents/);
    }
    await terminal.resize(100, 24);
    await shows(/(^|\n)[─━]{100}\n/);
    await terminal.keys('q');
    await expect
      .poll(() => terminal.text(), { timeout: 10_000 })
      .toBe('100 torrents, 100 unfinished; the same command goes on.');
    expectOnlyOurs(await readFile(logFile, 'utf8'));
  }, 90_000);
});

/** A port that nothing listens on just now. */
function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });
}
