import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rm, stat, symlink, unlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import {
  ChunkFolderStore,
  type ChunkManifest,
  type CopyProgress,
  mergeFolder,
  partName,
  readManifest,
  type StoredFile,
  splitFile,
} from '../../src/index.ts';
import { tempFolder } from '../temp-folder.ts';

const content = (length: number): Uint8Array =>
  Uint8Array.from({ length }, (_, at) => (at * 31 + (at >> 8)) & 255);

describe('a file that is split', () => {
  let folder: string;
  let path: string;

  beforeEach(async () => {
    folder = await tempFolder();
    path = join(folder, 'film.bin');
  });

  const split = async (length: number, chunkLength: number): Promise<string> => {
    await writeFile(path, content(length));
    return (await splitFile(path, { chunkLength })).folder;
  };
  const flip = async (part: string): Promise<void> => {
    const bytes = await readFile(part);
    bytes[3]! ^= 1;
    await writeFile(part, bytes);
  };

  it('merges to the same bytes, whatever its length', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.nat(300),
        fc.integer({ min: 1, max: 100 }),
        async (length, chunkLength) => {
          const parts = await split(length, chunkLength);
          await unlink(path);
          expect(await mergeFolder(parts)).toMatchObject({ output: path, length, presentCount: 0 });
          expect(new Uint8Array(await readFile(path))).toEqual(content(length));
          await rm(parts, { recursive: true });
        },
      ),
      {
        numRuns: 20,
        examples: [
          [0, 10],
          [100, 10],
          [101, 10],
          [9, 10],
        ],
      },
    );
  });

  it('lies in parts beside a manifest that is a torrent', async () => {
    await writeFile(path, content(25));
    const progress: CopyProgress[] = [];
    const result = await splitFile(path, {
      chunkLength: 10,
      onProgress: (step) => progress.push(step),
    });
    expect(result).toMatchObject({ folder: `${path}.parts`, chunkCount: 3 });
    expect((await readdir(result.folder)).sort()).toEqual([
      'film.bin.part0001',
      'film.bin.part0002',
      'film.bin.part0003',
      'film.bin.parts.torrent',
    ]);
    const sha1 = createHash('sha1').update(content(25).subarray(20)).digest();
    expect(Buffer.from(result.manifest.hashes.subarray(40))).toEqual(sha1);
    expect(await readManifest(result.folder)).toEqual(result.manifest);
    const text = await readFile(result.manifestPath, 'latin1');
    expect(text.startsWith('d4:infod6:lengthi25e4:name8:film.bin12:piece lengthi10e')).toBe(true);
    expect(progress.at(-1)).toEqual({ doneLength: 25, totalLength: 25 });
  });

  it('is not merged while chunks are missing or damaged, and they are named', async () => {
    const parts = await split(95, 10);
    await unlink(path);
    await flip(join(parts, 'film.bin.part0009'));
    await expect(mergeFolder(parts)).rejects.toMatchObject({
      code: 'missing',
      message: `cannot merge ${parts}: part 9 damaged`,
    });
    for (const number of [2, 3, 7]) await unlink(join(parts, `film.bin.part000${number}`));
    await writeFile(join(parts, 'film.bin.part0010'), 'shorter');
    await expect(mergeFolder(parts)).rejects.toMatchObject({
      code: 'missing',
      message: `cannot merge ${parts}: parts 2-3, 7, 10 missing, part 9 damaged`,
    });
    expect(await readdir(folder)).toEqual(['film.bin.parts']);
  });

  it('does not replace what is there', async () => {
    const parts = await split(95, 10);
    await writeFile(path, 'mine');
    await expect(mergeFolder(parts)).rejects.toMatchObject({ code: 'exists', path });
    expect(await readFile(path, 'utf8')).toBe('mine');
    await writeFile(path, content(95));
    await flip(path);
    await expect(mergeFolder(parts)).rejects.toMatchObject({ code: 'exists', path });
    const target = join(folder, 'target');
    await writeFile(target, content(95));
    await unlink(path);
    await symlink(target, path);
    await expect(mergeFolder(parts)).rejects.toMatchObject({ code: 'exists', path });
    await unlink(path);
    await mkdir(path);
    await expect(mergeFolder(parts)).rejects.toMatchObject({ code: 'exists', path });
    expect((await readdir(folder)).sort()).toEqual(['film.bin', 'film.bin.parts', 'target']);
    const output = join(folder, 'other', 'name');
    expect(await mergeFolder(parts, { output })).toMatchObject({ output, length: 95 });
    expect(new Uint8Array(await readFile(output))).toEqual(content(95));
  });

  it('is left as it is where it lies already, once it was compared', async () => {
    const parts = await split(95, 10);
    const before = await stat(path, { bigint: true });
    expect(await mergeFolder(parts)).toEqual({
      output: path,
      length: 95,
      fileCount: 1,
      presentCount: 1,
    });
    const { ino, mtimeNs } = await stat(path, { bigint: true });
    expect([ino, mtimeNs]).toEqual([before.ino, before.mtimeNs]);
    await flip(join(parts, 'film.bin.part0002'));
    await expect(mergeFolder(parts)).rejects.toMatchObject({ code: 'missing' });
    expect((await readdir(folder)).sort()).toEqual(['film.bin', 'film.bin.parts']);
  });

  it.each<[string, (place: string) => Promise<unknown>, (place: string) => Promise<unknown>]>([
    ['file', (place) => writeFile(place, 'mine'), (place) => readFile(place, 'utf8')],
    [
      'folder',
      async (place) => {
        await mkdir(place);
        await writeFile(join(place, 'notes.txt'), 'mine');
      },
      (place) => readFile(join(place, 'notes.txt'), 'utf8'),
    ],
  ])('touches no %s of somebody else beside it, done or not', async (_, make, read) => {
    const parts = await split(95, 10);
    await unlink(path);
    const others = ['.merging', '.tmp', '.part', '~'].map((ending) => `${path}${ending}`);
    for (const other of [...others, join(folder, 'merging')]) await make(other);
    const before = (await readdir(folder)).sort();
    const stopped = { signal: AbortSignal.abort(new Error('stopped')) };
    await expect(mergeFolder(parts, stopped)).rejects.toThrow('stopped');
    expect((await readdir(folder)).sort()).toEqual(before);
    await mergeFolder(parts);
    expect((await readdir(folder)).sort()).toEqual(['film.bin', ...before]);
    for (const other of others) expect(await read(other)).toBe('mine');
  });

  it('takes a name as long as the file system does', async () => {
    const parts = await split(95, 10);
    const output = join(folder, 'x'.repeat(255));
    expect(await mergeFolder(parts, { output })).toMatchObject({ output, length: 95 });
  });

  it('leaves no half when it is stopped', async () => {
    const parts = await split(95, 10);
    await unlink(path);
    const stop = new AbortController();
    const onProgress = (): void => stop.abort(new Error('stopped'));
    await expect(mergeFolder(parts, { signal: stop.signal, onProgress })).rejects.toThrow(
      'stopped',
    );
    expect(await readdir(folder)).toEqual(['film.bin.parts']);
  });

  it('may be named through a link', async () => {
    await writeFile(path, content(25));
    const link = join(folder, 'link');
    await symlink(path, link);
    const parts = await splitFile(link, { chunkLength: 10, outputFolder: join(folder, 'p') });
    expect(parts.manifest.name).toBe('link');
    const { output } = await mergeFolder(parts.folder, { output: join(folder, 'merged') });
    expect(new Uint8Array(await readFile(output))).toEqual(content(25));
  });

  it('must be a file', async () => {
    await expect(splitFile(path)).rejects.toMatchObject({ code: 'missing' });
    await expect(splitFile(folder)).rejects.toMatchObject({ code: 'not-a-file' });
  });
});

describe('a folder to merge', () => {
  it.each([
    ['no torrent', {}],
    ['two torrents', { 'a.torrent': 'x', 'b.torrent': 'x' }],
    ['what is no bencode', { 'a.torrent': 'x' }],
    ['no info', { 'a.torrent': 'de' }],
    ['several files', { 'a.torrent': 'd4:infod5:filesleee' }],
    [
      'an unsafe name',
      { 'a.torrent': 'd4:infod6:lengthi0e4:name2:..12:piece lengthi1e6:pieces0:ee' },
    ],
    ['no hash', { 'a.torrent': 'd4:infod6:lengthi9e4:name1:a12:piece lengthi1e6:pieces0:ee' }],
  ])('with %s has no manifest', async (_, files) => {
    const folder = await tempFolder();
    for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text);
    await expect(mergeFolder(folder)).rejects.toMatchObject({ code: 'bad-manifest' });
  });

  it('must be there', async () => {
    const folder = join(await tempFolder(), 'gone');
    await expect(mergeFolder(folder)).rejects.toMatchObject({ code: 'missing', path: folder });
  });

  describe('of several files', () => {
    const chunkLength = 10;
    const files: StoredFile[] = [
      { path: ['set', 'a'], length: 13, isPad: false },
      { path: ['set', '.pad', '7'], length: 7, isPad: true },
      { path: ['set', 'sub', 'b'], length: 24, isPad: false },
      { path: ['set', 'empty'], length: 0, isPad: false },
    ];
    const whole = content(44).fill(0, 13, 20);
    let folder: string;
    let parts: string;
    let manifest: ChunkManifest;

    beforeEach(async () => {
      folder = await tempFolder();
      parts = join(folder, 'parts');
      const layout = { chunkLength, totalLength: 44 };
      const store = new ChunkFolderStore({ ...layout, root: parts, name: 'set' });
      const chunks = [0, 1, 2, 3, 4].map((n) => whole.subarray(n * 10, n * 10 + 10));
      await Promise.all(chunks.map((chunk, index) => store.put(index, chunk)));
      const sha1s = chunks.map((chunk) => createHash('sha1').update(chunk).digest());
      manifest = { name: 'set', chunkLength, hashes: new Uint8Array(Buffer.concat(sha1s)), files };
    });

    it('gives all of them in one folder', async () => {
      const { output, length } = await mergeFolder(parts, { manifest });
      expect([output, length]).toEqual([join(folder, 'set'), 37]);
      expect((await readdir(output, { recursive: true })).sort()).toEqual([
        'a',
        'empty',
        'sub',
        join('sub', 'b'),
      ]);
      expect(new Uint8Array(await readFile(join(output, 'a')))).toEqual(whole.slice(0, 13));
      expect(new Uint8Array(await readFile(join(output, 'sub', 'b')))).toEqual(whole.slice(20));
    });

    it('gives one of them from its own chunks alone', async () => {
      await unlink(join(parts, partName('set', 0, 5)));
      await unlink(join(parts, partName('set', 1, 5)));
      const output = join(folder, 'b');
      const merged = await mergeFolder(parts, { manifest, fileIndex: 2, output });
      expect(merged).toMatchObject({ output, length: 24, fileCount: 1 });
      expect(new Uint8Array(await readFile(output))).toEqual(whole.slice(20));
      await expect(
        mergeFolder(parts, { manifest, fileIndex: 0, output: join(folder, 'a') }),
      ).rejects.toMatchObject({ code: 'missing', message: expect.stringContaining('parts 1-2') });
      expect((await readdir(folder)).sort()).toEqual(['b', 'parts']);
    });

    it('gives those that are not there yet, beside those that are', async () => {
      const output = join(folder, 'set');
      await mkdir(output);
      await writeFile(join(output, 'notes.txt'), 'mine');
      await mergeFolder(parts, { manifest, fileIndex: 0, output: join(output, 'a') });
      const { mtimeNs } = await stat(join(output, 'a'), { bigint: true });
      expect(await mergeFolder(parts, { manifest })).toMatchObject({
        length: 37,
        fileCount: 3,
        presentCount: 1,
      });
      expect((await stat(join(output, 'a'), { bigint: true })).mtimeNs).toBe(mtimeNs);
      expect(new Uint8Array(await readFile(join(output, 'sub', 'b')))).toEqual(whole.slice(20));
      expect((await readdir(output)).sort()).toEqual(['a', 'empty', 'notes.txt', 'sub']);
      expect(await mergeFolder(parts, { manifest })).toMatchObject({ presentCount: 3 });
      expect((await readdir(folder)).sort()).toEqual(['parts', 'set']);
    });

    it('writes none of them beside one that differs', async () => {
      const output = join(folder, 'set');
      await mkdir(join(output, 'sub'), { recursive: true });
      const path = join(output, 'sub', 'b');
      await writeFile(path, content(24));
      await expect(mergeFolder(parts, { manifest })).rejects.toMatchObject({
        code: 'exists',
        message: `${path} is there already, and differs`,
      });
      expect(await readdir(output)).toEqual(['sub']);
      expect((await readdir(folder)).sort()).toEqual(['parts', 'set']);
    });

    it('goes through no link to the files that are there', async () => {
      const output = join(folder, 'set');
      const elsewhere = await tempFolder();
      await writeFile(join(elsewhere, 'b'), whole.slice(20));
      await mkdir(output);
      await symlink(elsewhere, join(output, 'sub'));
      await expect(mergeFolder(parts, { manifest })).rejects.toMatchObject({ code: 'exists' });
      await rm(output, { recursive: true });
      await symlink(elsewhere, output);
      await expect(mergeFolder(parts, { manifest })).rejects.toMatchObject({ code: 'exists' });
      expect(await readdir(elsewhere)).toEqual(['b']);
    });

    it('lets several merges go on beside each other', async () => {
      const merges = [0, 2, 3].map((fileIndex) =>
        mergeFolder(parts, { manifest, fileIndex, output: join(folder, `${fileIndex}`) }),
      );
      await Promise.all([...merges, mergeFolder(parts, { manifest })]);
      expect((await readdir(folder)).sort()).toEqual(['0', '2', '3', 'parts', 'set']);
      expect(new Uint8Array(await readFile(join(folder, '2')))).toEqual(whole.slice(20));
    });
  });
});
