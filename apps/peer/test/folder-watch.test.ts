import { mkdir, mkdtemp, readFile, rename, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EngineError, systemClock } from '@shoal/engine';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FolderWatch } from '../src/folder-watch.ts';
import { makeSample, type Sample } from './sample.ts';

let folder: string;
let watched: string;
let reef: Sample;
let watch: FolderWatch;
let taken: string[];
let bad: string[];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'shoal-peer-'));
  watched = join(folder, 'torrents');
  await mkdir(watched);
  reef = await makeSample(folder, 'reef', 100_000);
  taken = [];
  bad = [];
  watch = new FolderWatch({
    folder: watched,
    clock: systemClock,
    handleTorrent: async ({ name }) => void taken.push(name),
    handleBad: ({ message }) => void bad.push(message),
  });
});
afterEach(async () => {
  await watch.close();
  await rm(folder, { recursive: true });
});

const at = (name: string): string => join(watched, name);
const bytesOf = (sample: Sample): Promise<Uint8Array> => readFile(sample.torrentPath);
/** A file that nobody writes to any more. */
async function writeOld(name: string, bytes: Uint8Array | string): Promise<void> {
  await writeFile(at(name), bytes);
  await utimes(at(name), 1e9, 1e9);
}

describe('a folder of torrents', () => {
  it('gives what lies in it at once, and what appears later', async () => {
    await writeOld('reef.torrent', await bytesOf(reef));
    await writeOld('notes.txt', 'none');
    await watch.start();
    expect(taken).toEqual(['reef']);
    const kelp = await makeSample(folder, 'kelp', 50_000);
    await rename(kelp.torrentPath, at('kelp.torrent'));
    await expect.poll(() => taken).toEqual(['reef', 'kelp']);
  });

  it('waits for a file that is still being written', async () => {
    const bytes = await bytesOf(reef);
    await writeFile(at('reef.torrent'), bytes.subarray(0, 100));
    await watch.start();
    expect(watch.isUnfinished).toBe(true);
    await writeFile(at('reef.torrent'), bytes);
    await expect.poll(() => taken).toEqual(['reef']);
    expect(bad).toEqual([]);
    await expect.poll(() => watch.isUnfinished).toBe(false);
  });

  it('names a bad file once, and takes it when it is mended', async () => {
    await writeOld('reef.torrent', 'no torrent');
    await watch.start();
    expect(bad).toHaveLength(1);
    expect(bad[0]).toContain('reef.torrent');
    await writeOld('reef.torrent', 'neither one nor the other');
    await writeFile(at('reef.torrent'), await bytesOf(reef));
    await expect.poll(() => taken).toEqual(['reef']);
    expect(bad).toHaveLength(1);
  });

  it('names a torrent that cannot be added as one', async () => {
    await writeOld('reef.torrent', await bytesOf(reef));
    const picky = new FolderWatch({
      folder: watched,
      clock: systemClock,
      handleTorrent: () => Promise.reject(new EngineError('state-locked', 'it is in use')),
      handleBad: ({ message }) => void bad.push(message),
    });
    await picky.start();
    await picky.close();
    expect(bad[0]).toMatch(/reef\.torrent: it is in use\. End the other one/);
  });

  it('says when there is no such folder', async () => {
    await rm(watched, { recursive: true });
    await expect(watch.start()).rejects.toThrow('does not exist');
  });
});
