/** `shoal --commands` as a program of its own. */
import { readFile, writeFile } from 'node:fs/promises';
import { parseMagnet } from '@shoal/metainfo';
import { type Ended, eventsOf } from '@shoal/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { commandsProcess } from './commands-process.ts';
import { Sandbox } from './two-peers.ts';

let sandbox: Sandbox;
let peer = '';

beforeAll(async () => {
  sandbox = await Sandbox.open();
  const reef = await sandbox.torrent('reef', { 'a.bin': 200_000 });
  peer = `127.0.0.1:${(await sandbox.seeder([reef])).port}`;
});
afterAll(() => sandbox.close());

async function runScript(name: string, lines: string, ...args: string[]): Promise<Ended> {
  const path = sandbox.path(`${name}.commands`);
  await writeFile(path, lines);
  const all = ['--commands', path, '--output', sandbox.path(name), ...args];
  return commandsProcess(all, sandbox.folder);
}

describe('shoal --commands', () => {
  it('runs the lines one after another, and says each answer as text', async () => {
    const lines = `# fetch it\n\n/add reef.torrent\n/connect_peer ${peer}\n/wait\n/check_chunk a.bin\n`;
    const { code, stdout } = await runScript('text', lines);
    expect(stdout.split('\n')).toEqual([
      expect.stringMatching(/^Peer\[me\] added reef \([0-9a-f]{40}\)$/),
      expect.stringContaining(`Peer[${peer}] established connection to Peer[me]: Shoal`),
      'reef is complete',
      expect.stringMatching(/^\d+ of \d+ pieces are here and their hashes are right$/),
      '',
    ]);
    expect(code).toBe(0);
  });

  it('goes on after a command that failed, names its line, and ends with 1', async () => {
    const { code, stdout, stderr } = await runScript('failing', '/pnig\n/see_swarms\n/quit\n/log');
    expect(stderr).toBe('line 1: There is no command /pnig; perhaps /ping was meant.\n');
    expect(stdout).toBe('There is no torrent\nPeer[me] ends\n');
    expect(code).toBe(1);
  });

  it('makes a torrent once, and leaves the one that is there as it is', async () => {
    const made = await readFile(sandbox.path('reef.torrent'));
    const { code, stderr } = await runScript('again', '/create seed/reef');
    expect(stderr).toMatch(
      /^line 1: \S*reef\.torrent is there already; move it away, or run shoal create with --output or --force\.\n$/,
    );
    expect(code).toBe(1);
    expect(made.equals(await readFile(sandbox.path('reef.torrent')))).toBe(true);
  });

  it('says the magnet of a new torrent whole, however many trackers it has', async () => {
    const urls = Array.from({ length: 100 }, (_, n) => `http://${n}.t.example:6969/announce`);
    await sandbox.torrent('kelp', { 'a.bin': 20_000 });
    const { stdout } = await runScript('kelp', `/create seed/kelp/a.bin ${urls.join(' ')}`);
    const [, link = ''] = /^magnet +(.*)$/m.exec(stdout) ?? [];
    expect(parseMagnet(link).trackers).toEqual(urls);
  });

  it('says everything as one object a line with --json', async () => {
    const ended = await runScript('json', '/see_swarms\n/add "nowhere.torrent"', '--json');
    expect(eventsOf(ended)).toEqual([
      { event: 'ready', port: expect.any(Number) },
      {
        event: 'answer',
        line: 1,
        command: '/see_swarms',
        text: 'There is no torrent',
        torrents: [],
      },
      {
        event: 'error',
        line: 2,
        command: '/add "nowhere.torrent"',
        code: 'failed',
        message: expect.stringMatching(/nowhere\.torrent does not exist; check the path\.$/),
      },
    ]);
    expect(ended.code).toBe(1);
  });

  it('waits for the check of what lies on disk before each line', async () => {
    const reef = sandbox.path('reef.torrent');
    const lines = `/see_swarms\n/connect_peer ${peer}\n/wait\n/see_this_peer_info`;
    const { code, stdout } = await runScript('named', lines, reef);
    expect(stdout).toMatch(/^[0-9a-f]{8} {2}reef {2}leecher {2}downloading {2}0\.0 % /);
    expect(stdout).toMatch(
      /\nseeder {2}uploaded 0 B {2}downloaded 195 KiB {2}ratio 0\.00 {2}reef\n$/,
    );
    expect(code).toBe(0);
  });

  it.each([
    ['nowhere', /^shoal: nowhere does not exist\. Check the path\.\n$/],
    ['.', /^shoal: .* is a (?:folder|directory)/],
  ])('says in one line what is wrong with the script %s', async (path, sentence) => {
    const { code, stderr } = await commandsProcess(['--commands', path], sandbox.folder);
    expect(stderr).toMatch(sentence);
    expect(code).toBe(1);
  });

  it('reads standard input, and ends at /quit though it stays open', async () => {
    const args = ['--commands', '-', '--output', sandbox.path('piped')];
    const ended = await commandsProcess(args, sandbox.folder, '/see_swarms\n/quit\n');
    expect(ended).toEqual({ code: 0, stdout: 'There is no torrent\nPeer[me] ends\n', stderr: '' });
  });
});
