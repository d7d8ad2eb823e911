/** What a peer becomes by itself: tracker, seeder, keeper of chunks. As programs, over loopback. */
import {
  cp,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rename,
  rm,
  stat,
  utimes,
  writeFile,
} from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { encodeMetainfo, formatMagnet } from '@shoal/metainfo';
import { eventsOf, type ProgramProcess } from '@shoal/testkit';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { magnetOf } from '../src/magnet-of.ts';
import { makeSample, type Sample, seedSamples } from './sample.ts';
import { shoal, startShoal } from './start-shoal.ts';

const FILES = ['a.bin', 'inner/b.bin', 'inner/c.bin'];

let folder = '';
let reef: Sample;
const running: ProgramProcess[] = [];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'shoal-peer-'));
  reef = await makeSample(folder, 'reef', 600_000);
});
afterEach(async () => {
  for (const process of running.splice(0)) {
    process.kill('SIGKILL');
    await process.ended;
  }
  await rm(folder, { recursive: true });
});

const at = (...names: readonly string[]): string => join(folder, ...names);
/** This machine alone, and a state of its own. */
function peer(name: string, ...args: readonly string[]): ProgramProcess {
  const here = ['-o', at(name), '--host', '127.0.0.1', '--port', '0', '--json'];
  const process = startShoal(['get', ...args, ...here], {
    env: { XDG_STATE_HOME: at(`${name}-state`) },
  });
  running.push(process);
  return process;
}

async function expectEqual(output: string, sample = reef): Promise<void> {
  const { name } = sample.metainfo.info;
  for (const path of FILES) {
    const wanted = await readFile(join(sample.folder, name, path));
    expect(wanted.equals(await readFile(at(output, name, path)))).toBe(true);
  }
}

/** The sample's torrent with this tracker in it. */
async function torrentWith(tracker: string): Promise<string> {
  const { infoBytes } = reef.metainfo.info;
  const path = at('tracked.torrent');
  await writeFile(path, encodeMetainfo({ infoBytes, trackers: [[tracker]] }));
  return path;
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address() as AddressInfo;
  await new Promise((done) => server.close(done));
  return port;
}

describe('a peer as the tracker', () => {
  it('serves where its torrent says so, and another peer takes over', async () => {
    const url = `http://127.0.0.1:${await freePort()}/announce`;
    const torrent = await torrentWith(url);
    const first = peer('first', torrent, '--share', folder, '--seed-ratio', '99', '--no-pex');
    await first.says(/"event":"tracker-serving"/);
    await first.says(/"event":"tracker",.*"ok":true/);
    const ended = await peer('second', torrent, '--no-pex').ended;
    expect(ended).toMatchObject({ code: 0, stderr: '' });
    expect(eventsOf(ended).some(({ event }) => event === 'tracker-serving')).toBe(false);
    await expectEqual('second');
    first.kill('SIGKILL');
    await first.ended;
    const third = peer('second', torrent, '--seed-ratio', '99');
    await third.says(/"event":"tracker-serving"/);
    await third.says(/"event":"complete"/);
    third.kill('SIGINT');
    expect((await third.ended).code).toBe(0);
  });

  it('serves on a port it is told, introduces its torrents there, and says where', async () => {
    const flags = ['--serve-tracker', '0', '--share', folder, '--seed-ratio', '99'];
    const first = peer('first', reef.torrentPath, ...flags);
    await first.says(/"event":"tracker",.*"ok":true/);
    const [, http] = /"event":"tracker-serving","url":"(http:[^"]+)"/.exec(first.stdout)!;
    const [, udp] = /"event":"tracker-serving","url":"(udp:[^"]+)"/.exec(first.stdout)!;
    for (const [name, url] of [
      ['by-http', http!],
      ['by-udp', udp!],
    ] as const) {
      expect((await peer(name, reef.torrentPath, '-t', url, '--no-pex').ended).code).toBe(0);
      await expectEqual(name);
    }
  });

  it('says in one sentence that the port is taken, and takes no torrent for a port', async () => {
    const taken = createServer();
    await new Promise<void>((done) => taken.listen(0, '127.0.0.1', done));
    const { port } = taken.address() as AddressInfo;
    const ended = await peer('first', reef.torrentPath, '--serve-tracker', String(port)).ended;
    taken.close();
    expect(ended.code).toBe(1);
    expect(ended.stderr).toMatch(
      /^shoal: The HTTP address 127\.0\.0\.1:\d+ is taken\. Give another/,
    );
    const off = peer(
      'off',
      '--serve-tracker',
      'off',
      await torrentWith(`http://127.0.0.1:${port}/announce`),
    );
    await off.says(/"event":"tracker",.*"ok":false/);
    expect(off.stdout).not.toContain('tracker-serving');
  });
});

describe('a shared folder', () => {
  it('is seeded from where it lies, by torrent or by magnet, and stays as it is', async () => {
    await mkdir(at('share'));
    await rename(at('reef'), at('share', 'reef'));
    const before = await stat(at('share', 'reef', 'a.bin'));
    for (const source of [reef.torrentPath, formatMagnet(magnetOf(reef.metainfo))]) {
      const [name, flags] = source.startsWith('magnet:') ? ['magnet', ['--peer']] : ['file', []];
      const seeder = await seedSamples([{ ...reef, folder: at('share') }], at('seeder'));
      const address = flags.length === 0 ? [] : [...flags, `127.0.0.1:${seeder.port}`];
      const ended = await peer(name, source, '--share', at('share'), ...address).ended;
      await seeder.close();
      expect(ended.code).toBe(0);
      expect(await readdir(at(name))).toEqual([]);
    }
    const after = await stat(at('share', 'reef', 'a.bin'));
    expect(after.mtimeMs).toBe(before.mtimeMs);
  });

  it('has to be there', async () => {
    const ended = await peer('out', reef.torrentPath, '--share', at('none')).ended;
    expect(ended).toMatchObject({ code: 1 });
    expect(ended.stderr).toMatch(/^shoal: \S*none does not exist\. Check the path\.\n$/);
  });

  it('that is damaged is left alone: what it has is fetched into the output folder', async () => {
    await cp(at('reef'), at('share', 'reef'), { recursive: true });
    const bytes = await readFile(at('share', 'reef', 'a.bin'));
    bytes[1_000]! ^= 1;
    await writeFile(at('share', 'reef', 'a.bin'), bytes);
    const seeder = await seedSamples([reef], at('seeder'));
    const flags = ['--share', at('share'), '--peer', `127.0.0.1:${seeder.port}`];
    expect((await peer('out', reef.torrentPath, ...flags).ended).code).toBe(0);
    await seeder.close();
    await expectEqual('out');
    expect(bytes.equals(await readFile(at('share', 'reef', 'a.bin')))).toBe(true);
  });
});

describe('--store chunks', () => {
  it.each(['torrent', 'magnet'])(
    'keeps pieces as files beside their torrent, from a %s',
    async (kind) => {
      const seeder = await seedSamples([reef], at('seeder'));
      const source = kind === 'torrent' ? reef.torrentPath : formatMagnet(magnetOf(reef.metainfo));
      const address = `127.0.0.1:${seeder.port}`;
      const ended = await peer('out', source, '--store', 'chunks', '--peer', address).ended;
      await seeder.close();
      expect(ended.code).toBe(0);
      const parts = await readdir(at('out', 'reef.parts'));
      expect(parts).toContain('reef.part0010');
      expect(parts).toContain('reef.torrent');
      expect(parts).toHaveLength(11);
      const merged = await shoal(['merge', at('out', 'reef.parts'), '-q']);
      expect(merged).toMatchObject({ code: 0, stderr: '' });
      await expectEqual('out');
    },
  );

  it('goes on where it was', async () => {
    const seeder = await seedSamples([reef], at('seeder'));
    const flags = ['--store', 'chunks', '--peer', `127.0.0.1:${seeder.port}`];
    const first = peer('out', reef.torrentPath, ...flags, '--down-limit', '50K');
    await first.says(/"event":"piece"/);
    first.kill('SIGINT');
    expect((await first.ended).code).toBe(7);
    const again = await peer('out', reef.torrentPath, ...flags).ended;
    await seeder.close();
    expect(again.code).toBe(0);
    const pieces = [first.stdout, again.stdout].join('').match(/"event":"piece"/g);
    expect(pieces).toHaveLength(10);
  });
});

describe('a folder of torrents', () => {
  it('is watched while others are fetched; with --watch for ever', async () => {
    const seeder = await seedSamples([reef], at('seeder'));
    await mkdir(at('torrents'));
    const watching = peer('out', at('torrents'), '--watch', '--peer', `127.0.0.1:${seeder.port}`);
    // It waits in an empty folder: what shows that it runs is the torrent that appears.
    await expect.poll(() => readdir(at('out')).catch(() => undefined)).toEqual([]);
    await cp(reef.torrentPath, at('torrents', 'reef.torrent'));
    await watching.says(/"event":"complete"/);
    watching.kill('SIGINT');
    expect((await watching.ended).code).toBe(0);
    await seeder.close();
    await expectEqual('out');
  });

  it('with a bad file in it is fetched all the same, and the end says so', async () => {
    await mkdir(at('torrents'));
    await cp(reef.torrentPath, at('torrents', 'reef.torrent'));
    await writeFile(at('torrents', 'bad.torrent'), 'no torrent');
    await utimes(at('torrents', 'bad.torrent'), 1e9, 1e9);
    const seeder = await seedSamples([reef], at('seeder'));
    const ended = await peer('out', at('torrents'), '--peer', `127.0.0.1:${seeder.port}`).ended;
    await seeder.close();
    expect(ended.code).toBe(25);
    expect(ended.stderr).toMatch(/^shoal: .*bad\.torrent is no torrent file\. .*\n$/);
    await expectEqual('out');
    expect((await peer('none', at('reef')).ended).stderr).toContain('has no .torrent file in it');
  });
});
