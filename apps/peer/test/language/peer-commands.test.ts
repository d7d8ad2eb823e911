import { readFile, writeFile } from 'node:fs/promises';
import type { EngineHandle, TorrentByHand } from '@shoal/engine';
import type { Metainfo } from '@shoal/metainfo';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { runLine } from '../../src/language/run-line.ts';
import { answersOf, PIECE_LENGTH, Sandbox, TestHost, textOf, until } from './two-peers.ts';

let sandbox: Sandbox;
let reef: Metainfo;
let seeder: EngineHandle;
let host: TestHost;
/** Of the seeder. */
let peer = '';

/** Five pieces: a.bin has 0-2, "b b.bin" 2-4. */
async function openReef(): Promise<void> {
  sandbox = await Sandbox.open();
  const files = { 'a.bin': 2.5 * PIECE_LENGTH, 'b b.bin': 2 * PIECE_LENGTH, 'empty/none': 0 };
  reef = await sandbox.torrent('reef', files);
  seeder = await sandbox.seeder([reef]);
  peer = `127.0.0.1:${seeder.port}`;
  host = new TestHost(await sandbox.engine('me'), sandbox.folder);
}

async function addReef(): Promise<void> {
  await host.add(sandbox.path('reef.torrent'));
  await until(host.engine, reef, 'downloading');
}

function seederByHand(): TorrentByHand {
  const [torrent] = seeder.getSnapshot().torrents;
  return seeder.torrent(torrent!.infoHash)!.byHand;
}

describe('what is wrong is said in one sentence', () => {
  beforeAll(async () => {
    await openReef();
    await addReef();
  });
  afterAll(() => sandbox.close());

  it.each([
    ['/connect_peer', '/connect_peer needs IP PORT; write /connect_peer IP PORT.'],
    [
      '/ping 1.2.3.4',
      '"1.2.3.4" is no peer address; write IP PORT, such as 192.0.2.7 6881, or [2001:db8::1]:6881.',
    ],
    ['/ping 1.2.3.4 0', '"1.2.3.4 0" is no peer address'],
    ['/ping 1.2.3.4:5 x', '"x" is too much; write /ping IP PORT.'],
    ['/ban reef.example', '"reef.example" is no IP address; write one such as 192.0.2.7.'],
    ['/choke 127.0.0.1 1', 'Peer[127.0.0.1:1] is not connected; connect first with /connect_peer.'],
    ['/choke ::1 1', 'Peer[[::1]:1] is not connected; connect first with /connect_peer.'],
    ['/disconnect_peer [::1]:1', 'Peer[[::1]:1] is not connected'],
    ['/upload 127.0.0.1 1 a.bin#0', 'Peer[127.0.0.1:1] is not connected'],
    [
      '/ping 127.0.0.1 1',
      'Cannot connect to Peer[127.0.0.1:1]: connect ECONNREFUSED 127.0.0.1:1; check that it runs and can be reached.',
    ],
    ['/connect_peer 127.0.0.1 1', 'Cannot connect to Peer[127.0.0.1:1]'],
    ['/limit down 5 all', '"5" has no unit; write 5K or 5M, or 5B if bytes are meant.'],
    ['/request_download 127.0.0.1 1 9', 'There is no piece 9; pieces are 0-4.'],
    [
      '/request_download 127.0.0.1 1 c.bin',
      'There is no file "c.bin"; see the files with /see_torrent_struct.',
    ],
    ['/request_download 127.0.0.1 1 a.bin#3', 'reef/a.bin has no piece 3; its pieces are #0-#2.'],
    [
      '/ping --torrent kelp 127.0.0.1 1',
      'There is no torrent "kelp"; see the names with /see_swarms.',
    ],
  ])('%s: %s', async (line, sentence) => {
    await expect(textOf(host, line)).rejects.toThrow(sentence);
  });
});

describe('the peer commands', () => {
  beforeEach(openReef);
  afterEach(() => sandbox.close());

  it('ask one peer for a piece of a file, ahead of everything else', async () => {
    await addReef();
    await textOf(host, `/limit down 40K`);
    await textOf(host, `/sequential on`);
    await textOf(host, `/connect_peer ${peer}`);
    const answers = await answersOf(host, `/request_download ${peer} "b b.bin#2"`);
    expect(answers.at(-1)).toEqual({
      kind: 'line',
      text: `Peer[${peer}] uploaded piece 4 to Peer[me]`,
      fields: { address: peer, piece: 4 },
    });
    expect(await textOf(host, `/request_download ${peer} 4`)).toBe('Piece 4 is here already');
    expect(await textOf(host, '/check_chunk 4')).toBe('Piece 4 is here and its hash is right');
  });

  it('offer a piece, and tell how much of that piece was taken among all others', async () => {
    await addReef();
    await textOf(host, `/connect_peer ${peer}`);
    await textOf(host, '/wait');
    await textOf(host, '/limit up 1B');
    const leecher = await sandbox.engine('leecher');
    const outputFolder = sandbox.path('leecher');
    const copy = await leecher.add({ source: { metainfo: reef }, outputFolder, sequential: true });
    // While it looks at its disk it takes nobody in.
    await expect.poll(() => copy.getSummary().status).toBe('downloading');
    const address = `127.0.0.1:${leecher.port}`;
    await textOf(host, `/connect_peer ${address}`);
    await textOf(host, `/choke ${address}`);
    await textOf(host, '/limit up none');
    const answers = await answersOf(host, `/upload ${address} 4`);
    expect(answers.map(({ text }) => text)).toEqual([
      `Peer[me] offers piece 4 to Peer[${address}]`,
      `Peer[${address}] took 32.0 KiB`,
    ]);
    expect(answers.at(-1)!.fields).toEqual({ address, pieces: [4], takenLength: PIECE_LENGTH / 2 });
  });

  it('say that a peer chokes, and go on when it unchokes', async () => {
    await addReef();
    await textOf(host, '/limit down 1B');
    await textOf(host, `/connect_peer ${peer}`);
    const me = { host: '127.0.0.1', port: host.engine.port, family: 4 } as const;
    seederByHand().setPeerChoked(me, true);
    await textOf(host, '/limit down none');
    const texts: string[] = [];
    for await (const { kind, text } of runLine(host, `/request_download ${peer} 4`)) {
      if (kind === 'line') texts.push(text);
      if (text.includes('chokes')) seederByHand().setPeerChoked(me, false);
    }
    expect(texts).toEqual([
      `Peer[${peer}] chokes Peer[me]; waiting until it unchokes`,
      `Peer[${peer}] uploaded piece 4 to Peer[me]`,
    ]);
  });

  it('give up when they are told to', async () => {
    await addReef();
    const controller = new AbortController();
    controller.abort();
    await expect(answersOf(host, '/wait', controller.signal)).rejects.toMatchObject({
      code: 'stopped',
      message: 'It was given up before it was done.',
    });
  });

  it('wait for no torrent of which nothing is selected', async () => {
    await addReef();
    for (const file of [1, 2, 3]) await textOf(host, `/priority ${file} off`);
    await expect(answersOf(host, '/wait')).rejects.toMatchObject({
      code: 'not-now',
      message: 'No file of reef is selected; select some with /select.',
    });
  });

  it('ask for no piece of a file that is not selected', async () => {
    await addReef();
    await textOf(host, '/select 1');
    await textOf(host, `/connect_peer ${peer}`);
    await expect(textOf(host, `/request_download ${peer} 4`)).rejects.toThrow(
      'Piece 4 belongs to no file that is selected; select its file first with /select.',
    );
  });

  it('tell of the limit of all together where that is the lower one', async () => {
    await addReef();
    expect(await textOf(host, '/limit down 30K all')).toBe('All torrents: down limit 30.0 KiB/s');
    const shared = '; all together may take 30.0 KiB/s';
    expect(await textOf(host, '/limit down none')).toBe(`reef: down limit none${shared}`);
    expect(await textOf(host, '/limit down 1M')).toBe(`reef: down limit 1.0 MiB/s${shared}`);
    expect(await textOf(host, '/limit down 20K')).toBe('reef: down limit 20.0 KiB/s');
    expect(await textOf(host, '/limit up none')).toBe('reef: up limit none');
  });

  it('refuse to talk while the torrent is paused', async () => {
    await addReef();
    await textOf(host, '/pause');
    for (const line of [`/connect_peer ${peer}`, `/ping ${peer}`, '/get_peer_set', '/wait'])
      await expect(textOf(host, line)).rejects.toThrow('reef is paused; go on with /resume.');
  });

  it('show all torrents in lines that fit the screen, however long a name is', async () => {
    const name = 'n'.repeat(180);
    await sandbox.torrent(name, { 'x.bin': 10 });
    await host.add(sandbox.path(`${name}.torrent`));
    await addReef();
    for (const width of [46, 76, 116, 196]) {
      host.width = width;
      const lines = (await textOf(host, '/see_swarms')).split('\n');
      expect(lines).toHaveLength(2);
      for (const line of lines) expect(line.length).toBeLessThanOrEqual(width);
      expect(lines[1]).toMatch(/reef +leecher.* down 0 B\/s/);
    }
    expect(await textOf(host, '/see_swarms')).toMatch(/ 0 peers +\d known$/);
  });

  it('pause and resume all torrents in one line', async () => {
    await expect(textOf(host, '/pause all')).rejects.toThrow('There is no torrent; add one');
    await addReef();
    const kelp = await sandbox.torrent('kelp', { 'x.bin': 10 });
    await host.add(sandbox.path('kelp.torrent'));
    const statuses = () => host.engine.getSnapshot().torrents.map(({ status }) => status);
    expect(await textOf(host, '/pause all')).toBe('2 torrents are paused');
    expect(statuses()).toEqual(['paused', 'paused']);
    expect(await textOf(host, '/resume all')).toBe('2 torrents go on');
    await until(host.engine, reef, 'downloading');
    await until(host.engine, kelp, 'downloading');
    await expect(textOf(host, '/pause most')).rejects.toThrow('"most" is unknown here; write all.');
  });
});

describe('the piece commands', () => {
  beforeEach(openReef);
  afterEach(() => sandbox.close());

  it('find damage on disk and have it fetched again', async () => {
    await addReef();
    await textOf(host, `/connect_peer ${peer}`);
    await textOf(host, '/wait');
    const path = sandbox.path('out', 'reef', 'a.bin');
    const bytes = await readFile(path);
    bytes[0]! ^= 255;
    await writeFile(path, bytes);
    await expect(textOf(host, '/check_chunk 0')).rejects.toMatchObject({ code: 'damaged' });
    await textOf(host, `/connect_peer ${peer}`);
    await textOf(host, '/wait');
    expect(await textOf(host, '/check_chunk a.bin')).toBe(
      '3 of 3 pieces are here and their hashes are right',
    );
  });

  it('tell how much is here, and where the missing lie', async () => {
    await addReef();
    expect(await textOf(host, '/see_missing_chunks')).toBe('5 of 5 pieces missing: 0-4');
    expect(await textOf(host, '/check_chunk "b b.bin"')).toBe(
      '0 of 3 pieces are here and their hashes are right; missing: 2-4',
    );
    await expect(textOf(host, '/check_chunk ""')).rejects.toThrow('There is no file ""');
    await expect(textOf(host, '/merge_chunks a.bin')).rejects.toThrow(
      'reef is kept as whole files; there is nothing to merge.',
    );
  });

  it('merge a chunk folder, or name the chunks that are missing', async () => {
    host.addOptions = { store: 'chunks' };
    await addReef();
    await expect(textOf(host, '/merge_chunks "b b.bin"')).rejects.toThrow(
      'reef/b b.bin cannot be merged, chunks are missing: 2-4; wait until the download is complete.',
    );
    await textOf(host, `/connect_peer ${peer}`);
    await textOf(host, '/wait');
    const output = sandbox.path('out', 'reef', 'b b.bin');
    expect(await textOf(host, '/merge_chunks "b b.bin"')).toBe(
      `${output}: 128 KiB, every hash checked`,
    );
    const wanted = await readFile(sandbox.path('seed', 'reef', 'b b.bin'));
    expect((await readFile(output)).equals(wanted)).toBe(true);
    expect(await textOf(host, '/merge_chunks "b b.bin"')).toBe(
      `${output}: 128 KiB, every hash checked; it was there already`,
    );
    expect(await textOf(host, '/merge_all')).toMatch(
      /every hash checked; 1 of 3 files was there already$/,
    );
    expect((await readFile(output)).equals(wanted)).toBe(true);
    await writeFile(output, Uint8Array.from(wanted).fill(1, 70_000, 70_001));
    await expect(textOf(host, '/merge_all')).rejects.toThrow(
      `${output} is there already, and differs; move it away.`,
    );
  });
});
