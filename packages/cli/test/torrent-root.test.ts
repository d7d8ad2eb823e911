import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { torrentRoot } from '../src/torrent-root.ts';

let folder = '';

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'shoal-cli-'));
  await mkdir(join(folder, 'album', 'album'), { recursive: true });
  await mkdir(join(folder, 'photos'));
  await writeFile(join(folder, 'film.mkv'), '');
});
afterAll(() => rm(folder, { recursive: true }));

it('is the folder given, or its parent when the torrent itself was given', async () => {
  expect(await torrentRoot(folder, 'photos')).toBe(folder);
  expect(await torrentRoot(join(folder, 'photos'), 'photos')).toBe(folder);
  expect(await torrentRoot(join(folder, 'film.mkv'), 'film.mkv')).toBe(folder);
});

it('is the folder given when the torrent lies in a folder of its own name', async () => {
  expect(await torrentRoot(join(folder, 'album'), 'album')).toBe(join(folder, 'album'));
});

it('is nothing for a file of another name or a path that is not there', async () => {
  await expect(torrentRoot(join(folder, 'film.mkv'), 'x')).rejects.toThrow('is a file and not x.');
  await expect(torrentRoot(join(folder, 'none'), 'x')).rejects.toThrow('does not exist.');
});
