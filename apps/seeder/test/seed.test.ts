/** `shoal-seeder` as a program, with an engine in this process that fetches over loopback. */
import { once } from 'node:events';
import { mkdir, mkdtemp, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createEngine } from '@shoal/engine';
import { parseMetainfo } from '@shoal/metainfo';
import type { ProgramProcess } from '@shoal/testkit';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startSeeder } from './start-seeder.ts';

const HERE = ['--host', '127.0.0.1', '--port', '0', '--json'];
const CONTENT = new Uint8Array(300_000).map((_, at) => (at * 2_654_435_761) >>> 13);

let folder = '';
let tracker: Server;
let trackerUrl = '';
let announces: (string | null)[] = [];
let fetchCount = 0;

const at = (...names: readonly string[]): string => join(folder, ...names);
const seeder = (...args: readonly string[]): ProgramProcess =>
  startSeeder([...args, ...HERE], folder, at('state'));

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'shoal-seeder-'));
  await mkdir(at('album', 'inner'), { recursive: true });
  await writeFile(at('album', 'a.bin'), CONTENT);
  await writeFile(at('album', 'inner', 'b.bin'), CONTENT.subarray(7, 70_000));
  await writeFile(at('film.bin'), CONTENT.subarray(1000));
  tracker = createServer((request, response) => {
    announces.push(new URL(request.url!, 'http://t').searchParams.get('event'));
    response.end('d8:intervali1800e5:peers0:e');
  });
  await once(tracker.listen(0, '127.0.0.1'), 'listening');
  trackerUrl = `http://127.0.0.1:${(tracker.address() as AddressInfo).port}/announce`;
});
beforeEach(() => {
  announces = [];
});
afterAll(async () => {
  tracker.closeAllConnections();
  tracker.close();
  await rm(folder, { recursive: true });
});

/** Fetches a torrent from the port alone. @returns the folder it came to */
async function fetchFrom(port: number, torrentPath: string): Promise<string> {
  const outputFolder = at(`fetched-${fetchCount++}`);
  const metainfo = parseMetainfo(await readFile(torrentPath));
  const engine = await createEngine({ port: 0, host: '127.0.0.1', stateFolder: outputFolder });
  const complete = new Promise<void>((resolve) => {
    engine.onEvent(({ type }) => {
      if (type === 'complete') resolve();
    });
  });
  const source = { metainfo: { ...metainfo, trackers: [] } };
  await engine.add({ source, outputFolder, peers: [{ host: '127.0.0.1', port, family: 4 }] });
  await complete;
  await engine.close();
  return outputFolder;
}

describe('shoal-seeder', () => {
  it('is the tracker too, and makes a torrent that names it', async () => {
    const first = seeder('film.bin', '--serve-tracker', '0', '-o', 'own.torrent');
    const [, url] = await first.says(/"event":"tracker-serving","url":"(http:[^"]+)"/);
    await first.says(/"event":"tracker",.*"ok":true/);
    const metainfo = parseMetainfo(await readFile(at('own.torrent')));
    expect(metainfo.trackers).toEqual([[url]]);
    const stateFolder = at('other');
    const engine = await createEngine({ port: 0, host: '127.0.0.1', stateFolder });
    const complete = new Promise<void>((resolve) => {
      engine.onEvent(({ type }) => type === 'complete' && resolve());
    });
    await engine.add({ source: { metainfo }, outputFolder: stateFolder });
    await complete;
    await engine.close();
    expect((await first.stop()).code).toBe(0);
  });

  it('makes the torrent of a path, seeds it, and says stopped to its tracker at SIGTERM', async () => {
    const process = seeder('album', '--tracker', trackerUrl);
    const [, port] = await process.says(/"event":"ready","port":(\d+)/);
    const fetched = await fetchFrom(Number(port), at('album.torrent'));
    const copy = await readFile(join(fetched, 'album', 'inner', 'b.bin'));
    expect(copy.equals(CONTENT.subarray(7, 70_000))).toBe(true);
    const ended = await process.stop();
    expect(ended).toMatchObject({ code: 0, stderr: '' });
    expect(announces.at(0)).toBe('started');
    expect(announces.at(-1)).toBe('stopped');
    const events = ended.stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(events[0]).toMatchObject({ event: 'created', path: at('album.torrent') });
    expect(events.find(({ event }) => event === 'peer')).toMatchObject({ state: 'joined' });

    const before = await stat(at('album.torrent'));
    const again = seeder('album', '--tracker', trackerUrl);
    await again.says(/"event":"ready"/);
    expect((await again.stop('SIGINT')).code).toBe(0);
    expect((await stat(at('album.torrent'))).mtimeMs).toBe(before.mtimeMs);
  });

  it('seeds a torrent whose data lies elsewhere, until the ratio is reached', async () => {
    const made = seeder('film.bin', '-t', trackerUrl, '-o', 'elsewhere.torrent');
    await made.says(/"event":"ready"/);
    await made.stop();
    await mkdir(at('torrents'));
    await writeFile(at('torrents', 'film.torrent'), await readFile(at('elsewhere.torrent')));
    const args = ['torrents/film.torrent', '--data', '.', '--seed-ratio', '1'];
    const process = seeder(...args);
    const [, port] = await process.says(/"event":"ready","port":(\d+)/);
    await fetchFrom(Number(port), at('elsewhere.torrent'));
    expect((await process.ended).code).toBe(0);
  });

  it('lets a torrent that reached the ratio give no more while another goes on', async () => {
    const args = ['torrents/film.torrent', 'album.torrent', '--data', '.', '--seed-ratio', '1'];
    // In a folder of its own nothing was given yet.
    const process = startSeeder([...args, ...HERE], folder, at('ratios'));
    const [, port] = await process.says(/"event":"ready","port":(\d+)/);
    await fetchFrom(Number(port), at('elsewhere.torrent'));
    await process.says(/"event":"progress".*"status":"paused"/);
    await fetchFrom(Number(port), at('album.torrent'));
    expect((await process.ended).code).toBe(0);

    // What the last run paused is seeded again when it is named again.
    const again = startSeeder(['album.torrent', ...HERE], folder, at('ratios'));
    await again.says(/"event":"ready"/);
    expect((await again.stop()).code).toBe(0);
  });

  it('takes a folder of torrents with --data, and one that is cut does not stop the others', async () => {
    await mkdir(at('many'), { recursive: true });
    for (const name of ['album', 'elsewhere'])
      await writeFile(at('many', `${name}.torrent`), await readFile(at(`${name}.torrent`)));
    await writeFile(at('many', 'cut.torrent'), 'd4:info');
    const process = seeder('many', '--data', '.');
    await process.says(/("event":"ready"(.|\n)*){2}/);
    const { code, stdout, stderr } = await process.stop();
    expect(code).toBe(0);
    expect(stdout).toMatch(/"event":"error","exitCode":25,"message":"many\/cut\.torrent: /);
    expect(stderr).toBe('');
  });

  it('seeds the others when a path is not there, is a magnet, or a folder without torrents', async () => {
    await mkdir(at('bare'));
    const magnet = `magnet:?xt=urn:btih:${'ab'.repeat(20)}`;
    const process = seeder('none', magnet, 'bare', 'album.torrent', '--data', '.');
    await process.says(/"event":"ready"/);
    const { code, stdout } = await process.stop();
    expect(code).toBe(0);
    expect(stdout).toMatch(/"event":"error","exitCode":1,"message":"none does not exist/);
    expect(stdout).toMatch(/"event":"error","exitCode":2,"message":"A magnet names no data/);
    expect(stdout).toMatch(/"event":"error","exitCode":1,"message":"bare has no \.torrent file/);
  });

  it('waits for a path that is still hashed when a torrent before it turns out to be empty', async () => {
    await mkdir(at('lonely'));
    await writeFile(at('lonely', 'film.torrent'), await readFile(at('elsewhere.torrent')));
    await writeFile(at('long.bin'), '');
    await truncate(at('long.bin'), 64 * 1024 * 1024);
    const process = seeder('lonely/film.torrent', 'long.bin', '--tracker', trackerUrl);
    await process.says(/"event":"ready".*"name":"long\.bin"/);
    expect((await process.stop()).code).toBe(0);
  });

  it('ends by itself after --seed-time', async () => {
    const process = startSeeder(
      [
        'elsewhere.torrent',
        '--data',
        '.',
        '--host',
        '127.0.0.1',
        '--port',
        '0',
        '--seed-time',
        '0',
      ],
      folder,
      at('state'),
    );
    const { code, stdout } = await process.ended;
    expect(code).toBe(0);
    expect(stdout).toMatch(
      /^seeding film\.bin \(292 KiB\) as [0-9a-f]{40} on port \d+\n0 B uploaded, 1 torrent seeded\n$/,
    );
  });
});
