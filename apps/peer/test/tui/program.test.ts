/** `shoal` itself on a real terminal: its first run, its commands, its second run. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { makeSample, type Sample, seedSamples } from '../sample.ts';
import { hasTmux, openTerminal, type Terminal } from './tmux.ts';

const isSkipped = !hasTmux() && process.env.CI === undefined;

describe.skipIf(isSkipped)('shoal on a real terminal (needs tmux)', () => {
  let folder: string;
  let reef: Sample;
  let terminal: Terminal;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'shoal-tui-'));
    reef = await makeSample(folder, 'reef', 300_000);
  });
  afterAll(async () => {
    await terminal?.close();
    await rm(folder, { recursive: true });
  });

  function start(...args: readonly string[]): Promise<void> {
    return startWith({}, ...args);
  }
  async function startWith(
    env: Readonly<Record<string, string>>,
    ...args: readonly string[]
  ): Promise<void> {
    const here = ['--host', '127.0.0.1', '-p', '0', '-o', join(folder, 'out')];
    const alone = { SHOAL_NO_DHT: '1', SHOAL_NO_LSD: '1', NODE_ENV: 'production' };
    terminal = await openTerminal({
      columns: 100,
      rows: 24,
      command: [process.execPath, inject('program'), ...here, ...args],
      env: { ...alone, XDG_STATE_HOME: join(folder, 'state'), ...env },
    });
  }
  const shows = (text: string | RegExp) =>
    expect.poll(() => terminal.text(), { timeout: 10_000 }).toMatch(text);

  it('explains itself, completes commands, fetches, and goes on where it was', async () => {
    const seeder = await seedSamples([reef], join(folder, 'seeder'));
    await start('--peer', `127.0.0.1:${seeder.port}`);
    await shows('No torrents yet');
    await terminal.keys('/');
    await shows('Tab completes');
    await terminal.keys('s', 'e', 'e', '_s', 'Tab');
    await shows(/› \/see_swarms/);
    await terminal.keys('C-u');
    await terminal.keys('/add ', join(folder, 'reef.to'), 'Tab');
    await shows(/› \/add \S*reef\.torrent/);
    await terminal.keys('Enter');
    await shows(/1 torrent .*1 seeding/);
    await terminal.keys('/help');
    await shows('› /help');
    await terminal.keys('Enter');
    await shows(/1–\d+ of \d+/);
    await terminal.keys('G');
    await shows('/quit');
    await terminal.keys('Escape');
    await expect.poll(() => terminal.text()).not.toContain('Esc closes');
    await seeder.close();
    await terminal.keys('/quit');
    await shows('› /quit');
    await terminal.keys('Enter');
    await shows(/^1 torrent, all complete; the same command seeds again\.$/);
    await terminal.close();

    // The same torrent named again beside the one that is restored.
    await start(reef.torrentPath, '--sequential', '--select', '1');
    await shows(/1 torrent .*1 seeding/);
    await terminal.keys('/');
    await shows('Tab completes');
    await terminal.keys('Up');
    await shows('› /quit');
    await terminal.keys('Up');
    await shows('› /help');
    await terminal.keys('Up');
    await shows(/› \/add \S*reef\.torrent/);
    await terminal.keys('Escape');
    await shows('? help');
    await terminal.keys('Enter', '3');
    await shows(/off.*\n.*off|skip/);
    await terminal.keys('q');
    await shows(/^1 torrent, all complete; the same command seeds again\.$/);
  });

  it('draws nothing on a terminal that cannot be drawn on', async () => {
    await terminal?.close();
    await startWith({ TERM: 'dumb' });
    await shows('There is no terminal to show the screen on');
  });
});
