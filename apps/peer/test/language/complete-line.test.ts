import { mkdir, writeFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { completeLine } from '../../src/language/complete-line.ts';
import { Sandbox, TestHost, until } from './two-peers.ts';

let sandbox: Sandbox;
let host: TestHost;

beforeAll(async () => {
  sandbox = await Sandbox.open();
  const reef = await sandbox.torrent('reef', { 'a.bin': 100_000, 'my film.mkv': 5_000 });
  await sandbox.torrent('red kelp', { 'x.bin': 1_000 });
  const engine = await sandbox.engine('me');
  host = new TestHost(engine, sandbox.folder);
  await host.add(sandbox.path('red kelp.torrent'));
  await host.add(sandbox.path('reef.torrent'));
  await until(engine, reef, 'downloading');
  host.inView = Buffer.from(reef.info.infoHash).toString('hex');
  const address = { host: '127.0.0.1', port: 1, family: 4 } as const;
  engine.torrent(host.inView)!.addPeer(address);
  await mkdir(sandbox.path('Films', 'deep'), { recursive: true });
  await mkdir(sandbox.path('Music here'));
  await writeFile(sandbox.path('.hidden'), '');
  await writeFile(sandbox.path('notes.txt'), '');
});
afterAll(() => sandbox.close());

/** Completes at `|`, and marks the cursor so. */
async function complete(marked: string): Promise<{ line: string; candidates: readonly string[] }> {
  const cursor = marked.indexOf('|');
  const done = await completeLine(host, marked.replace('|', ''), cursor);
  const line = `${done.line.slice(0, done.cursor)}|${done.line.slice(done.cursor)}`;
  return { line, candidates: done.candidates };
}

describe('completeLine', () => {
  it.each([
    ['/pi|', '/ping |'],
    ['/check_tr|', '/check_tracker_connected |'],
    ['/PING|', '/ping |'],
    ['/xyz|', '/xyz|'],
    ['/nope a|', '/nope a|'],
    ['ping |', 'ping |'],
    ['/help req|', '/help request_download |'],
    ['/limit d|', '/limit down |'],
    ['/limit down 5M a|', '/limit down 5M all |'],
    ['/limit down 5M all x|', '/limit down 5M all x|'],
    ['/sequential of|', '/sequential off |'],
    ['/priority a|', '/priority a.bin |'],
    ['/priority a.bin h|', '/priority a.bin high |'],
    ['/check_chunk m|', '/check_chunk "my film.mkv" |'],
    ['/check_chunk "my f|', '/check_chunk "my film.mkv" |'],
    ['/check_chunk my\\ f|', '/check_chunk "my film.mkv" |'],
    ['/ping 127|', '/ping 127.0.0.1:1 |'],
    ['/ping 127.0.0.1 |', '/ping 127.0.0.1 1 |'],
    ['/request_download 127.0.0.1:1 a|', '/request_download 127.0.0.1:1 a.bin |'],
    ['/request_download 127.0.0.1 1 a|', '/request_download 127.0.0.1 1 a.bin |'],
    ['/ban 1|', '/ban 127.0.0.1 |'],
    ['/log --t|', '/log --torrent |'],
    ['/log --torrent red|', '/log --torrent "red kelp" |'],
    ['/check_chunk --torrent "red kelp" x|', '/check_chunk --torrent "red kelp" x.bin |'],
    ['/check_chunk --torrent nope x|', '/check_chunk --torrent nope x|'],
    ['/pi| 127.0.0.1', '/ping| 127.0.0.1'],
    ['/add re|', '/add re|'],
    ['/add ree|', '/add reef.torrent |'],
    ['/create Fil|', '/create Films/|'],
    ['/create Films/|', '/create Films/deep/|'],
    ['/create Mus|', '/create "Music here/|'],
    ['/create .h|', '/create .hidden |'],
    ['/create nowhere/x|', '/create nowhere/x|'],
    ['/quit x|', '/quit x|'],
  ])('makes of %s %s', async (before, after) => {
    expect((await complete(before)).line).toBe(after);
  });

  it('fills in what all candidates begin with, and shows them', async () => {
    expect(await complete('/see_c|')).toEqual({
      line: '/see_c|',
      candidates: ['/see_connected', '/see_chunk_status', '/see_current_chunks'],
    });
    expect(await complete('/mer|')).toEqual({
      line: '/merge_|',
      candidates: ['/merge_chunks', '/merge_all'],
    });
  });

  it('offers every command for a slash and for nothing', async () => {
    const { candidates } = await complete('|');
    expect(candidates).toContain('/connect_tracker');
    expect((await complete('/|')).candidates).toEqual(candidates);
  });

  it('offers torrents and folders to /add, but no other files and nothing hidden', async () => {
    const { candidates } = await complete('/add |');
    expect(candidates).toEqual([
      'Films/',
      'Music here/',
      'red kelp.torrent',
      'reef.torrent',
      'seed/',
      'state/',
    ]);
  });

  it('offers nothing where there is no torrent to ask', async () => {
    const empty = new TestHost(await sandbox.engine('empty'), sandbox.folder);
    expect(await completeLine(empty, '/check_chunk a', 14)).toEqual({
      line: '/check_chunk a',
      cursor: 14,
      candidates: [],
    });
  });
});
