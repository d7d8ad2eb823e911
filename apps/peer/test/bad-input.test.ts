/** Every subcommand with input that is wrong: one sentence, its exit code, no stack, nothing lost. */

import { mkdir, mkdtemp, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Ended } from '@shoal/testkit';
import { noSmallDisk, SmallDisk } from '@shoal/testkit/small-disk';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeSample, type Sample, seedSamples } from './sample.ts';
import { shoal, startShoal } from './start-shoal.ts';

let folder = '';
let sample: Sample;
let env: Record<string, string>;

const at = (...names: readonly string[]): string => join(folder, ...names);

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'shoal-peer-'));
  env = { XDG_STATE_HOME: at('state') };
  sample = await makeSample(folder, 'reef', 1_000_000);
  const torrent = await readFile(sample.torrentPath);
  await writeFile(at('cut.torrent'), torrent.subarray(0, torrent.length - 10));
  await writeFile(at('odd.torrent'), 'd8:announce3:abce');
  await writeFile(at('odd-info.torrent'), 'd4:infoi5ee');
  const pieces = '12:piece lengthi16384e6:pieces20:aaaaaaaaaaaaaaaaaaaa';
  await writeFile(at('odd-length.torrent'), `d4:infod6:lengthi-1e4:name1:x${pieces}ee`);
  await writeFile(at('odd-pieces.torrent'), 'd4:infod6:lengthi1e4:name1:x6:pieces1:xee');
  const short = '12:piece lengthi16384e6:pieces1:x';
  await writeFile(at('short-pieces.torrent'), `d4:infod6:lengthi1e4:name1:x${short}ee`);
  await writeFile(at('odd-integer.torrent'), 'd4:infod6:lengthi01eee');
  await writeFile(at('empty.torrent'), '');
  await writeFile(at('sparse.bin'), '');
  await truncate(at('sparse.bin'), 3_000_000);
  await mkdir(at('cut-parts'));
  await writeFile(at('cut-parts', 'x.parts.torrent'), 'd4:info');
  await mkdir(at('empty'));
  await mkdir(at('two-bad'));
  await writeFile(at('two-bad', 'a.torrent'), 'd4:info');
  await writeFile(at('two-bad', 'b.torrent'), 'd8:announce3:abce');
});
afterAll(() => rm(folder, { recursive: true }));

/** Runs it in the folder and checks what holds for every failure. */
async function fails(args: readonly string[], code: number, sentence: RegExp): Promise<Ended> {
  const ended = await shoal(args, { cwd: folder, env });
  expect(ended.stderr).not.toMatch(/\n\s+at |node:internal|fault in Shoal/);
  const lines = ended.stderr.trimEnd().split('\n');
  expect(lines.at(-1)).toMatch(/^shoal: .+\.$/);
  expect(lines.at(-1)).toMatch(sentence);
  expect(ended.stderr.split(lines.at(-1)!.replace('shoal: ', ''))).toHaveLength(2);
  expect({ code: ended.code, stdout: ended.stdout }).toEqual({ code, stdout: '' });
  return ended;
}

describe.concurrent('a missing file', () => {
  it.each([
    [['show', 'none.torrent']],
    [['get', 'none.torrent']],
    [['none.torrent']],
    [['create', 'none']],
    [['verify', 'none.torrent', '.']],
    [['verify', 'reef.torrent', 'none']],
    [['split', 'none']],
    [['merge', 'none']],
  ])('ends %j with 1 and its name', async (args) => {
    await fails(args, 1, /none\S* does not exist\. Check the path\.$/);
  });
});

describe.concurrent('a torrent that is none', () => {
  it.each([
    [['show', 'cut.torrent'], 25],
    [['get', 'cut.torrent'], 25],
    [['cut.torrent'], 25],
    [['verify', 'cut.torrent', '.'], 25],
    [['show', 'empty.torrent'], 25],
    [['show', 'odd.torrent'], 26],
    [['show', 'odd-info.torrent'], 26],
    [['show', 'odd-length.torrent'], 26],
    [['show', 'odd-pieces.torrent'], 26],
    [['show', 'odd-integer.torrent'], 25],
    [['get', 'odd.torrent'], 26],
    [['merge', 'cut-parts'], 26],
    [['merge', 'empty'], 26],
    [['show', 'reef'], 1],
    [['get', 'empty'], 1],
  ])('ends %j with %d', async (args, code) => {
    await fails(args, code, /cut|odd|empty|reef/);
  });
});

describe('a folder of torrents that are none', () => {
  it('names each of them once', async () => {
    const args = ['get', 'two-bad', '-o', 'two-out', '--port', '0'];
    const { stderr } = await fails(args, 26, /two-bad\/b\.torrent: /);
    expect(stderr.match(/two-bad\/a\.torrent: /g)).toHaveLength(1);
  });
});

describe.concurrent('a wrong magnet', () => {
  it.each([
    [['show', 'magnet:?dn=x']],
    [['get', 'magnet:?xt=urn:btih:123']],
    [['magnet:?xt=urn:btih:zz']],
  ])('ends %j with 27', async (args) => {
    await fails(args, 27, /A magnet begins with magnet:\?xt=urn:btih:/);
  });
});

describe.concurrent('a wrong flag', () => {
  it.each([
    [['get', 'reef.torrent', '--port', '99999'], 28, /from 0 to 65535/],
    [['get', 'reef.torrent', '--down-limit', 'fast'], 28, /such as 262144, 256K/],
    [['get', 'reef.torrent', '--select', '9', '-o', 'selected'], 28, /File 9 of 3 does not exist/],
    [['get', 'reef.torrent', '--peer', 'nowhere'], 28, /Write HOST:PORT/],
    [
      ['get', 'reef.torrent', '--host', '192.0.2.1'],
      1,
      /192\.0\.2\.1 is no address of this machine\. Give another one with --host\./,
    ],
    [['create', 'reef', '-o', 'new', '--piece-length', '100'], 28, /power of two.*--piece-length/],
    [['create', 'reef', '-o', 'new', '--piece-length', '256M'], 28, /from 16K to 128M/],
    [['create', 'reef', '-o', 'new', '--piece-length', '1G'], 28, /from 16K to 128M/],
    [['create', 'reef', '-t', 'ftp://x'], 28, /Write a URL such as/],
    [
      ['create', 'reef', '-o', 'none/x.torrent'],
      1,
      /^shoal: The folder none does not exist\. Make it, or give another path with --output\.$/,
    ],
    [
      ['show', 'http://t.example/reef.torrent'],
      2,
      /^shoal: http:\/\/t\.example\/reef\.torrent is a URL, and shoal show reads magnets and torrent files on this disk\. Fetch it/,
    ],
    [['verify', 'https://t.example/x', '.'], 2, /is a URL, and shoal verify reads torrent files/],
    [
      ['show', 'short-pieces.torrent'],
      26,
      /short-pieces\.torrent: expected 20 bytes of hashes for 1 piece, got 1\./,
    ],
    [['create', 'reef', '-o', 'reef/a.bin'], 1, /is there already and is no torrent/],
    [['create', 'empty', '-o', 'new'], 1, /[Nn]o bytes to share|Give a file/],
    [['split', 'reef/a.bin', '--chunk-length', '0'], 28, /from 1 byte up/],
    [
      ['split', 'sparse.bin', '--chunk-length', '1'],
      28,
      /3000000 chunks of 1 bytes, limit 2097152/,
    ],
    [['split', 'reef'], 1, /reef is no file\. Give the path of a file\.$/],
    [['get'], 2, /argument 'source'/],
    [['verify', 'reef.torrent'], 2, /argument 'dir'/],
    [['show', 'x', '--nope'], 2, /[Uu]nknown option '--nope'/],
    [[], 2, /no terminal/],
  ])('ends %j with %d', async (args, code, sentence) => {
    await fails(args, code, sentence);
  });
});

describe('a port that is taken', () => {
  it('ends get with 1 and the port', async () => {
    const server = createServer();
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    const { port } = server.address() as { port: number };
    const args = ['get', 'reef.torrent', '-o', 'out', '--host', '127.0.0.1', '--port', `${port}`];
    await fails(args, 1, new RegExp(`${port}.*--port`));
    server.close();
  });
});

describe('a dead tracker', () => {
  it('is named once, whether it is tried again is told, and Ctrl-C ends with 7 and no file is lost', async () => {
    const tracker = 'http://127.0.0.1:1/PASSKEY0123456789/announce';
    const trackers = ['-t', tracker, '-t', 'udp://127.0.0.1:9'];
    const args = ['get', 'reef.torrent', '-o', '.', '--port', '0', ...trackers];
    await writeFile(at('reef', 'a.bin'), 'changed');
    const process = startShoal(args, { cwd: folder, env });
    await process.says(/Tracker http:\/\/127\.0\.0\.1:1\/\*\*\*\/announce: .* It is tried again\./);
    await process.says(/Tracker udp:\/\/127\.0\.0\.1:9: .* UDP port 9\.\n/);
    process.kill('SIGINT');
    const { code, stderr } = await process.ended;
    expect(code).toBe(7);
    expect(stderr).not.toContain('PASSKEY');
    expect(stderr.trimEnd().split('\n').at(-1)).toMatch(
      /^shoal: Stopped by SIGINT before everything was complete\. The same command goes on/,
    );
    expect(await readdir(at('reef'))).toEqual(['a.bin', 'inner']);
    sample = await makeSample(folder, 'reef', 1_000_000);
  });
});

describe.skipIf(noSmallDisk)(
  `a disk that is full (skipped when: ${noSmallDisk ?? 'never'})`,
  () => {
    let disk: SmallDisk;
    let large: Sample;

    beforeAll(async () => {
      disk = await SmallDisk.mount();
      large = await makeSample(folder, 'large', 30_000_000);
    });
    afterAll(() => disk.unmount());

    it('ends split and merge with 9, and the original is whole', async () => {
      await shoal(['split', at('large', 'a.bin'), '-o', at('parts')]);
      const args = ['split', at('large', 'a.bin'), '-o', join(disk.path, 'parts')];
      const before = await readFile(at('large', 'a.bin'));
      await writeFile(join(disk.path, 'filling'), new Uint8Array(10_000_000));
      await fails(args, 9, /full.*Free some space and run the same command again\.$/);
      await fails(['merge', 'parts', '-o', join(disk.path, 'b.bin')], 9, /full.*Free some space/);
      expect(before.equals(await readFile(at('large', 'a.bin')))).toBe(true);
    });

    it('ends create with 9 and leaves the former torrent as it was', async () => {
      const target = join(disk.path, 'x.torrent');
      await writeFile(target, 'd4:infode');
      await fill(disk.path);
      await fails(['create', 'large', '-o', target], 9, /x\.torrent.*full.*Free some space/);
      expect(await readFile(target, 'utf8')).toBe('d4:infode');
      expect((await readdir(disk.path)).filter((name) => name.endsWith('.tmp'))).toEqual([]);
    });

    it('ends get with 9, and when there is room the same command goes on', async () => {
      await using own = await SmallDisk.mount();
      const seeder = await seedSamples([large], at('seeder-state'));
      const args = ['get', large.torrentPath, '-o', own.path, '--host', '127.0.0.1', '--port', '0'];
      const peer = ['--peer', `127.0.0.1:${seeder.port}`];
      const { stderr, code } = await shoal([...args, ...peer], { env });
      expect(stderr.trimEnd().split('\n').at(-1)).toMatch(
        /^shoal: .*full.*Free some space and run the same command: it goes on where it was\.$/,
      );
      expect(stderr.match(/the disk is full/g)).toHaveLength(1);
      expect(code).toBe(9);
      own.remount('size=60m');
      const again = await shoal([...args, ...peer], { env });
      expect(again.code).toBe(0);
      for (const path of ['a.bin', 'inner/b.bin', 'inner/c.bin']) {
        const wanted = await readFile(at('large', path));
        expect(wanted.equals(await readFile(join(own.path, 'large', path)))).toBe(true);
      }
      const fetched = Number(/complete and verified, ([\d.]+) MiB fetched/.exec(again.stdout)![1]);
      expect(fetched).toBeLessThan(25);
      await seeder.close();
    });

    it('ends get with 9 when there is no room for its state', async () => {
      await fill(disk.path);
      const state = ['--state', join(disk.path, 'state', 'deep')];
      await fails(
        ['get', 'reef.torrent', '-o', 'out3', '--port', '0', ...state],
        9,
        /no space.*Free some space/,
      );
    });
  },
);

describe.skipIf(noSmallDisk)(
  `a folder that cannot be written (${noSmallDisk ?? 'read-only'})`,
  () => {
    let disk: SmallDisk;

    beforeAll(async () => {
      disk = await SmallDisk.mount();
      disk.remount('ro');
    });
    afterAll(() => disk.unmount());

    it('ends every command that writes with 1 and the place', async () => {
      const inside = (name: string): string => join(disk.path, name);
      await shoal(['split', at('reef', 'a.bin'), '-o', at('reef-parts')]);
      const cases = [
        ['get', 'reef.torrent', '-o', disk.path],
        ['get', 'reef.torrent', '-o', inside('new')],
        ['get', 'reef.torrent', '-o', inside('new/deep')],
        ['get', 'reef.torrent', '-o', 'out4', '--port', '0', '--state', inside('state')],
        ['create', 'reef', '-o', inside('x.torrent')],
        ['split', 'reef/a.bin', '-o', inside('parts')],
        ['split', 'reef/a.bin', '-o', inside('new/parts')],
        ['merge', 'reef-parts', '-o', inside('a.bin')],
      ];
      await Promise.all(cases.map((args) => fails(args, 1, /shoal-disk-.* read-only/)));
    });
  },
);

/** Writes until there is no byte left. */
async function fill(path: string): Promise<void> {
  for (let length = 4_194_304; length >= 1; length = Math.floor(length / 4))
    for (let n = 0; ; n++) {
      const isWritten = await writeFile(
        join(path, `fill-${length}-${n}`),
        new Uint8Array(length),
      ).then(
        () => true,
        () => false,
      );
      if (!isWritten) break;
    }
}
