/** `shoal get` as a program, fetching over loopback from an engine in this process. */

import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { partFileName } from '@shoal/chunk-store';
import { createEngine, type EngineHandle } from '@shoal/engine';
import { formatMagnet } from '@shoal/metainfo';
import { eventsOf } from '@shoal/testkit';
import { idToHex } from '@shoal/units';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { magnetOf } from '../src/magnet-of.ts';
import { makeSample, type Sample, seedSamples } from './sample.ts';
import { shoal, startShoal } from './start-shoal.ts';

const FILES = ['a.bin', 'inner/b.bin', 'inner/c.bin'];

let folder = '';
let env: Record<string, string>;
let reef: Sample;
let kelp: Sample;
let seeder: EngineHandle;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'shoal-peer-'));
  env = {
    XDG_STATE_HOME: join(folder, 'state'),
  };
  reef = await makeSample(folder, 'reef', 3_000_000);
  kelp = await makeSample(folder, 'kelp', 500_000);
  seeder = await seedSamples([reef, kelp], join(folder, 'seeder'));
});
afterAll(async () => {
  await seeder.close();
  await rm(folder, { recursive: true });
});

/** The flags of every run: this machine alone. */
function to(output: string): string[] {
  const peer = `127.0.0.1:${seeder.port}`;
  return ['-o', join(folder, output), '--host', '127.0.0.1', '--port', '0', '--peer', peer];
}

async function expectEqual(sample: Sample, output: string): Promise<void> {
  const { name } = sample.metainfo.info;
  for (const path of FILES) {
    const wanted = await readFile(join(sample.folder, name, path));
    const found = await readFile(join(folder, output, name, path));
    expect(wanted.equals(found)).toBe(true);
  }
}

describe('shoal get', () => {
  it('fetches, says in events what happens, and says at the end how much, how fast and where', async () => {
    const json = await shoal(['get', reef.torrentPath, ...to('json'), '--json'], { env });
    expect(json).toMatchObject({ code: 0, stderr: '' });
    await expectEqual(reef, 'json');
    const events = eventsOf(json);
    const infoHash = idToHex(reef.metainfo.info.infoHash);
    const ready = events.find(({ event }) => event === 'ready');
    expect(ready).toMatchObject({ infoHash, name: 'reef' });
    expect(ready!.port).toBeGreaterThan(0);
    expect(events.filter(({ event }) => event === 'piece')).toHaveLength(46);
    expect(events.find(({ event }) => event === 'peer')).toMatchObject({ state: 'joined' });
    expect(events.find(({ event }) => event === 'complete')).toMatchObject({ length: 3_000_000 });
    expect(events.find(({ event }) => event === 'progress')).toMatchObject({ infoHash });

    const text = await shoal(['get', kelp.torrentPath, ...to('text')], { env });
    expect(text.stdout).toMatch(
      /^kelp: 488 KiB complete and verified, 488 KiB fetched in \S+ s \(.*\/s\), in .*\/text\/kelp\n$/,
    );
    const again = await shoal(['get', kelp.torrentPath, ...to('text'), '-q'], { env });
    expect(again).toMatchObject({ code: 0, stderr: '' });
    expect(again.stdout).toContain('was there already');
  });

  it('does not wait for a torrent of which no file is selected, and says so', async () => {
    const state = join(folder, 'state-of-nothing');
    const engine = await createEngine({ port: 0, host: '127.0.0.1', stateFolder: state });
    const outputFolder = join(folder, 'nothing');
    await engine.add({ source: { metainfo: kelp.metainfo }, outputFolder, selectedFiles: [] });
    await engine.close();
    const command = ['get', kelp.torrentPath, ...to('nothing'), '--state', state];
    const { code, stderr, stdout } = await shoal(command, { env });
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toContain('kelp: no file is selected. Name some with --select');
  });

  it('takes a folder of torrents without a terminal, and a bare command is a get', async () => {
    const { code } = await shoal([folder, ...to('both')], { env });
    expect(code).toBe(0);
    await expectEqual(reef, 'both');
    await expectEqual(kelp, 'both');
  });

  it('takes a magnet', async () => {
    const magnet = formatMagnet(magnetOf(kelp.metainfo));
    const { code } = await shoal(['get', magnet, ...to('magnet')], { env });
    expect(code).toBe(0);
    await expectEqual(kelp, 'magnet');
  });

  it('fetches the selected files alone', async () => {
    const { code } = await shoal(['get', reef.torrentPath, ...to('part'), '--select', '3'], {
      env,
    });
    expect(code).toBe(0);
    const [wanted, found] = await Promise.all([
      readFile(join(folder, 'reef', 'inner', 'c.bin')),
      readFile(join(folder, 'part', 'reef', 'inner', 'c.bin')),
    ]);
    expect(wanted.equals(found)).toBe(true);
    expect(await readdir(join(folder, 'part', 'reef'))).toEqual(['inner']);
    expect(await readdir(join(folder, 'part', 'reef', 'inner'))).toEqual(['c.bin']);
    const [, , wantedFile] = reef.metainfo.info.files;
    const checked = await shoal(['verify', reef.torrentPath, join(folder, 'part')], { env });
    expect(checked.stdout).toContain(
      `${46 - Math.floor(wantedFile!.offset / 65_536)} of 46 pieces good`,
    );
  });

  it('makes the other files when they are selected, and lets go of what it kept for them', async () => {
    const args = ['get', reef.torrentPath, ...to('grown'), '--json', '--select'];
    const first = await shoal([...args, '2'], { env });
    expect((await readdir(join(folder, 'grown'))).toSorted()).toEqual([
      partFileName(idToHex(reef.metainfo.info.infoHash)),
      'reef',
    ]);
    const second = await shoal([...args, '1-3'], { env });
    expect([first.code, second.code]).toEqual([0, 0]);
    const pieces = [first, second].flatMap(eventsOf).filter(({ event }) => event === 'piece');
    expect(pieces).toHaveLength(46);
    await expectEqual(reef, 'grown');
    expect(await readdir(join(folder, 'grown'))).toEqual(['reef']);
  });

  it('stops at Ctrl-C with 7, and the same command goes on where it was', async () => {
    const args = ['get', reef.torrentPath, ...to('stopped'), '--json'];
    const process = startShoal([...args, '--down-limit', '200K'], { env });
    await process.says(/"event":"piece"(.|\n)*"event":"piece"/);
    process.kill('SIGINT');
    const stopped = await process.ended;
    expect(stopped.code).toBe(7);
    const before = eventsOf(stopped).filter(({ event }) => event === 'piece');
    expect(eventsOf(stopped).at(-1)).toMatchObject({ event: 'error', exitCode: 7 });
    const again = await shoal(args, { env });
    expect(again.code).toBe(0);
    const after = eventsOf(again).filter(({ event }) => event === 'piece');
    expect(before.length + after.length).toBeLessThanOrEqual(47);
    await expectEqual(reef, 'stopped');
  });

  it('seeds until the ratio is reached', async () => {
    const args = ['get', kelp.torrentPath, ...to('ratio'), '--json', '--seed-ratio', '0.9'];
    const process = startShoal(args, { env });
    await process.says(/"event":"complete"/);
    const [, port] = /"event":"ready","port":(\d+)/.exec(process.stdout)!;
    const stateFolder = join(folder, 'other');
    const other = await createEngine({ port: 0, host: '127.0.0.1', stateFolder });
    const torrent = await other.add({
      source: { metainfo: kelp.metainfo },
      outputFolder: join(folder, 'other'),
      peers: [{ host: '127.0.0.1', port: Number(port), family: 4 }],
    });
    expect((await process.ended).code).toBe(0);
    // It leaves at the ratio, so the other may lack the rest.
    expect(torrent.getSummary().downloaded).toBeGreaterThan(0);
    await other.close();
  });

  it('runs what a script left paused', async () => {
    const state = join(folder, 'left-paused');
    const add = `/add ${kelp.torrentPath}\n/pause\n/quit\n`;
    const script = ['--commands', '-', ...to('left-paused'), '--state', state];
    expect((await shoal(script, { env, input: add })).code).toBe(0);
    const args = ['get', kelp.torrentPath, ...to('left-paused'), '--state', state];
    expect((await shoal(args, { env })).code).toBe(0);
  });

  it('tells its tracker that it started and that it stopped', async () => {
    const events: (string | null)[] = [];
    const tracker = createServer((request, response) => {
      const event = new URL(request.url!, 'http://t').searchParams.get('event');
      events.push(event);
      response.end('d8:intervali1800e5:peers0:e');
    });
    await new Promise<void>((done) => tracker.listen(0, '127.0.0.1', done));
    const url = `http://127.0.0.1:${(tracker.address() as AddressInfo).port}/announce`;
    const args = ['get', kelp.torrentPath, ...to('tracked'), '-t', url];
    expect((await shoal(args, { env })).code).toBe(0);
    tracker.closeAllConnections();
    tracker.close();
    expect(events.at(0)).toBe('started');
    expect(events.at(-1)).toBe('stopped');
  });
});
