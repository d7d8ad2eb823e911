/** Input that is wrong: one sentence, its exit code, no stack, nothing lost. */
import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createTorrent } from '@shoal/metainfo';
import type { Ended } from '@shoal/testkit';
import { noSmallDisk, SmallDisk } from '@shoal/testkit/small-disk';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startSeeder } from './start-seeder.ts';

const TRACKER = ['-t', 'http://127.0.0.1:1/announce'];
const MAGNET = `magnet:?xt=urn:btih:${'ab'.repeat(20)}`;

let folder = '';

const at = (...names: readonly string[]): string => join(folder, ...names);

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'shoal-seeder-'));
  await writeFile(at('film.bin'), new Uint8Array(200_000).fill(7));
  const { bytes } = await createTorrent(at('film.bin'));
  await writeFile(at('film.torrent'), bytes);
  await writeFile(at('cut.torrent'), bytes.subarray(0, 50));
  await writeFile(at('odd.torrent'), 'd8:announce3:abce');
  await mkdir(at('damaged'));
  await writeFile(at('damaged', 'film.bin'), new Uint8Array(150_000).fill(7));
  await mkdir(at('empty'));
});
afterAll(() => rm(folder, { recursive: true }));

async function fails(args: readonly string[], code: number, sentence: RegExp): Promise<Ended> {
  const ended = await startSeeder(args, folder, at('state')).ended;
  expect(ended.stderr).not.toMatch(/\n\s+at |node:internal|fault in Shoal/);
  const last = ended.stderr.trimEnd().split('\n').at(-1);
  expect(last).toMatch(/^shoal-seeder: .+\.$/);
  expect(last).toMatch(sentence);
  expect(ended.stderr.split(last!.replace('shoal-seeder: ', ''))).toHaveLength(2);
  expect({ code: ended.code, stdout: ended.stdout }).toEqual({ code, stdout: '' });
  return ended;
}

describe.concurrent('shoal-seeder', () => {
  it.each([
    [['none'], 1, /none does not exist\. Check the path/],
    [['none.torrent', '--data', '.'], 1, /none\.torrent does not exist/],
    [['film.torrent', '--data', 'none'], 1, /none does not exist/],
    [['cut.torrent'], 25, /cut\.torrent: /],
    [['odd.torrent'], 26, /odd\.torrent: /],
    [['magnet:?dn=x'], 27, /A magnet begins with/],
    [[MAGNET], 2, /names no data to seed/],
    [['empty', ...TRACKER], 1, /no bytes to share|files in it/],
    [['empty', '--data', '.'], 1, /empty has no \.torrent file in it/],
    [['film.bin', '--data', '.'], 2, /film\.bin is no \.torrent/],
    [['film.bin'], 2, /needs a tracker\. Give its URL with --tracker/],
    [['film.bin', ...TRACKER, '-o', 'none/x.torrent'], 1, /The folder none does not exist/],
    [['film.bin', ...TRACKER, '-o', 'film.bin'], 1, /is there already and is no torrent/],
    [['film.bin', '-t', 'nowhere'], 28, /Write a URL/],
    [['film.bin', ...TRACKER, '--piece-length', '1G'], 28, /from 16K to 128M/],
    [['film.torrent', '--up-limit', 'x'], 28, /such as 262144/],
    [[], 2, /argument 'source'/],
  ])('ends %j with %d', async (args, code, sentence) => {
    await fails(args, code, sentence);
  });

  it('does not seed data that is not whole, and leaves it as it is', async () => {
    const args = ['film.torrent', '--data', 'damaged', '--port', '0'];
    await fails(args, 1, /film\.bin is not complete in \S+: \d+ of \d+ pieces are good/);
    expect((await readFile(at('damaged', 'film.bin'))).length).toBe(150_000);
    await fails(['film.torrent', '--data', 'empty', '--port', '0'], 1, /0 of \d+ pieces are good/);
    expect(await readdir(at('empty'))).toEqual([]);
  });

  it('names each of two torrents that are cut once', async () => {
    const args = ['cut.torrent', 'odd.torrent', '--port', '0', '--state', at('two-state')];
    const { stderr } = await fails(args, 26, /odd\.torrent: /);
    expect(stderr.match(/cut\.torrent: /g)).toHaveLength(1);
  });

  it('names each of two paths that are nothing to seed once', async () => {
    const args = ['none', MAGNET, '--port', '0', '--state', at('no-state')];
    const { stderr } = await fails(args, 2, /names no data to seed/);
    expect(stderr.match(/none does not exist/g)).toHaveLength(1);
  });

  it('ends with 1 when its port is taken', async () => {
    const server = createServer();
    await once(server.listen(0, '127.0.0.1'), 'listening');
    const { port } = server.address() as AddressInfo;
    const args = ['film.torrent', '--host', '127.0.0.1', '--port', `${port}`];
    await fails(args, 1, new RegExp(`${port}.*--port`));
    server.close();
  });

  it('names a dead tracker once and goes on seeding', async () => {
    const args = ['film.torrent', ...TRACKER, '--port', '0', '--state', at('own-state')];
    const process = startSeeder(args, folder, at('state'));
    await process.says(/Tracker http:\/\/127\.0\.0\.1:1\/announce: .* It is tried again\./);
    await process.says(/seeding film\.bin/);
    const { code, stderr } = await process.stop();
    expect(code).toBe(0);
    expect(stderr.match(/Tracker/g)).toHaveLength(1);
  });
});

describe.skipIf(noSmallDisk)(`a disk of 20 MB (${noSmallDisk ?? 'a tmpfs'})`, () => {
  it('ends with 9 when it is full, with 1 when it is read-only, and nothing is left behind', async () => {
    await using disk = await SmallDisk.mount();
    const torrent = ['-o', join(disk.path, 'x.torrent')];
    await writeFile(join(disk.path, 'filling'), new Uint8Array(20 * 1024 * 1024 - 4096));
    await writeFile(join(disk.path, 'rest'), new Uint8Array(4096)).catch(() => {});
    await fails(['film.bin', ...TRACKER, ...torrent], 9, /x\.torrent .*full\. Free some space/);
    disk.remount('ro');
    await fails(['film.bin', ...TRACKER, ...torrent], 1, /x\.torrent lies on a read-only/);
    expect((await readdir(disk.path)).filter((name) => name.includes('torrent'))).toEqual([]);
  });
});
