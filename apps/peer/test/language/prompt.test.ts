import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Answer } from '../../src/language/answer.ts';
import { HistoryFile } from '../../src/language/history-file.ts';
import { ProgramHost } from '../../src/language/program-host.ts';
import { Prompt } from '../../src/language/prompt.ts';
import { Sandbox } from './two-peers.ts';

let sandbox: Sandbox;
let host: ProgramHost;
let quitCount = 0;
const { signal } = new AbortController();

beforeAll(async () => {
  sandbox = await Sandbox.open();
  const engine = await sandbox.engine('me');
  const outputFolder = sandbox.path('out');
  host = new ProgramHost({
    engine,
    boundTo: undefined,
    add: (source) => engine.add({ source, outputFolder }),
    onQuit: () => {
      quitCount++;
    },
  });
});
afterAll(() => sandbox.close());

async function openPrompt(): Promise<Prompt> {
  return new Prompt(host, await HistoryFile.open(sandbox.path('history')));
}

describe('Prompt', () => {
  it('runs lines for the torrent on the screen, and keeps them for the next run', async () => {
    await sandbox.torrent('reef', { 'a.bin': 1_000 });
    await sandbox.torrent('kelp', { 'b.bin': 1_000 });
    const prompt = await openPrompt();
    const answers: Answer[] = [];
    for (const name of ['reef', 'kelp']) {
      const line = `/add ${sandbox.path(name)}.torrent`;
      const onAnswer = (answer: Answer) => answers.push(answer);
      await prompt.run(line, { inView: undefined, signal, onAnswer });
    }
    expect(answers.map(({ fields }) => fields.name)).toEqual(['reef', 'kelp']);
    const inView = String(answers[0]!.fields.infoHash);
    const { lines, isError } = await prompt.run('/see_torrent_struct', { inView, signal });
    expect(lines[0]).toBe('name          reef');
    expect(isError).toBe(false);
    expect((await prompt.complete('/check_chunk ', 13, inView)).line).toBe('/check_chunk a.bin ');
    expect(prompt.older('')).toBe('/see_torrent_struct');
    expect(prompt.older('')).toContain('kelp.torrent');
    expect(prompt.newer('')).toBe('/see_torrent_struct');
  });

  it('gives the sentence of an error, and of no torrent in view when there are several', async () => {
    const prompt = await openPrompt();
    expect(await prompt.run('/log', { inView: undefined, signal })).toEqual({
      lines: ['There are 2 torrents and none is in view; name one with --torrent NAME.'],
      isError: true,
    });
  });

  it('knows the addresses of this machine', async () => {
    const prompt = await openPrompt();
    const { lines } = await prompt.run('/see_this_peer_info', { inView: undefined, signal });
    expect(lines[1]).toMatch(/^address {2}[0-9a-f.:]+/);
  });

  it('ends the program when it is told to', async () => {
    const prompt = await openPrompt();
    await prompt.run('/quit', { inView: undefined, signal });
    expect(host.hasQuit).toBe(true);
    expect(quitCount).toBe(1);
  });
});
