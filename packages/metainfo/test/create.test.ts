import { createHash } from 'node:crypto';
import { mkdir, symlink, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { decode } from '@shoal/bencode';
import { type TemporaryFolder, temporaryFolder } from '@shoal/testkit';
import { idToHex } from '@shoal/units';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { scan } from '../src/create/scan.ts';
import { type CreateProgress, createTorrent, MetainfoError, parseMetainfo } from '../src/index.ts';
import vectors from './vectors/create.json' with { type: 'json' };

let temporary: TemporaryFolder;
let folder: string;

beforeEach(async () => {
  temporary = await temporaryFolder();
  folder = temporary.path;
});

afterEach(async () => {
  await temporary.remove();
});

async function put(path: string, content: string | Uint8Array): Promise<string> {
  const whole = join(folder, path);
  await mkdir(join(whole, '..'), { recursive: true });
  await writeFile(whole, content);
  return whole;
}

/** Bytes that differ from place to place. */
function pattern(length: number): Uint8Array {
  return Uint8Array.from({ length }, (_, index) => (index * 31 + (index >> 8)) & 255);
}

async function fault(making: Promise<unknown>): Promise<MetainfoError> {
  const error: unknown = await making.then(
    () => new Error('it was made'),
    (reason: unknown) => reason,
  );
  if (error instanceof MetainfoError) return error;
  throw error;
}

test.each(vectors.torrents)(
  'gives the infohash that transmission-create gives: $name',
  async ({ files, root, options, infoHash }) => {
    for (const { path, text, repeat } of files) await put(path, text.repeat(repeat));
    const { metainfo } = await createTorrent(join(folder, root), options);
    expect(idToHex(metainfo.info.infoHash)).toBe(infoHash);
  },
);

test('hashes pieces across the ends of files', async () => {
  const content = [pattern(20_000), pattern(1), new Uint8Array(), pattern(50_000)];
  for (const [index, bytes] of content.entries()) await put(`c/${index}`, bytes);
  const { metainfo } = await createTorrent(join(folder, 'c'), { pieceLength: 16_384 });
  const whole = Buffer.concat(content);
  const expected = Array.from({ length: Math.ceil(whole.length / 16_384) }, (_, index) =>
    createHash('sha1')
      .update(whole.subarray(index * 16_384, (index + 1) * 16_384))
      .digest(),
  );
  expect(Buffer.from(metainfo.info.pieceHashes)).toEqual(Buffer.concat(expected));
});

test('hashes pieces longer than what is read at a time, on several threads', async () => {
  const length = 70 * 1024 * 1024 + 5;
  const path = await put('long', '');
  await truncate(path, length);
  const progress: CreateProgress[] = [];
  const { metainfo } = await createTorrent(path, {
    pieceLength: 4 * 1024 * 1024,
    onProgress: (step) => progress.push(step),
  });
  const zeros = createHash('sha1')
    .update(new Uint8Array(4 * 1024 * 1024))
    .digest();
  const last = createHash('sha1')
    .update(new Uint8Array(2 * 1024 * 1024 + 5))
    .digest();
  const { pieceHashes, layout } = metainfo.info;
  expect(layout.pieceCount).toBe(18);
  for (let index = 0; index < 17; index++)
    expect(Buffer.from(pieceHashes.subarray(index * 20, index * 20 + 20))).toEqual(zeros);
  expect(Buffer.from(pieceHashes.subarray(17 * 20))).toEqual(last);
  expect(progress.at(-1)).toEqual({ hashedLength: length, totalLength: length });
  const steps = progress.map(({ hashedLength }) => hashedLength);
  expect(steps).toEqual(steps.toSorted((a, b) => a - b));
});

test('the same files give the same bytes', async () => {
  for (const name of ['b', 'a', 'C', 'é']) await put(`c/${name}`, name);
  const options = { trackers: [['http://a.example/announce']], comment: 'c' };
  const first = await createTorrent(join(folder, 'c'), options);
  const second = await createTorrent(join(folder, 'c'), options);
  expect(second.bytes).toEqual(first.bytes);
});

test('says all that it is told, and can be read back', async () => {
  const path = await put('file.bin', pattern(40_000));
  const { bytes, metainfo } = await createTorrent(path, {
    trackers: [['http://a.example/announce', 'udp://b.example:1'], ['wss://c.example']],
    webSeeds: ['https://d.example/file.bin'],
    comment: 'for you',
    createdBy: 'Shoal/0.1.0',
    creationDateS: 1_700_000_000,
    isPrivate: true,
    source: 'X',
    name: 'other.bin',
    pieceLength: 32_768,
  });
  expect(parseMetainfo(bytes)).toEqual(metainfo);
  expect(metainfo).toMatchObject({
    trackers: [['http://a.example/announce', 'udp://b.example:1'], ['wss://c.example']],
    webSeeds: ['https://d.example/file.bin'],
    comment: 'for you',
    createdBy: 'Shoal/0.1.0',
    creationDateS: 1_700_000_000,
    info: { isPrivate: true, source: 'X', name: 'other.bin', isMultiFile: false },
  });
  // Strictly canonical: keys rise.
  expect(() => decode(bytes)).not.toThrow();
});

describe('of a folder', () => {
  const pathsOf = async (options = {}): Promise<string[]> => {
    const { metainfo } = await createTorrent(join(folder, 'c'), options);
    return metainfo.info.files.map((file) => file.path.join('/'));
  };

  test('leaves out what is hidden and links, unless they are asked for', async () => {
    await put('c/seen', 'x');
    await put('c/.hidden', 'x');
    await put('c/.git/config', 'x');
    await put('out/beside', 'x');
    await symlink(join(folder, 'c/d'), join(folder, 'c/link'));
    await put('c/d/below', 'x');
    expect(await pathsOf()).toEqual(['c/d/below', 'c/seen']);
    expect(await pathsOf({ includeHidden: true })).toEqual([
      'c/.git/config',
      'c/.hidden',
      'c/d/below',
      'c/seen',
    ]);
    expect(await pathsOf({ followLinks: true })).toEqual(['c/d/below', 'c/link/below', 'c/seen']);
  });

  test('takes no link that leads out of the folder, to a hidden place, or nowhere', async () => {
    await put('c/seen', 'x');
    await put('c/.git/config', 'x');
    await put('c-beside/secret', 'x');
    const links = {
      absolute: join(folder, 'c-beside/secret'),
      relative: '../c-beside/secret',
      folder: '../c-beside',
      up: '..',
      self: '.',
      'through-another': 'folder/secret',
      hidden: '.git/config',
      nowhere: 'none',
      round: 'round',
      good: 'seen',
    };
    for (const [name, target] of Object.entries(links))
      await symlink(target, join(folder, 'c', name));
    expect(await pathsOf({ followLinks: true })).toEqual(['c/good', 'c/seen']);
    expect(await pathsOf({ followLinks: true, includeHidden: true })).toEqual([
      'c/.git/config',
      'c/good',
      'c/hidden',
      'c/seen',
    ]);
    await symlink('c', join(folder, 'entrance'));
    const { metainfo } = await createTorrent(join(folder, 'entrance'), { followLinks: true });
    expect(metainfo.info.files.map(({ path }) => path.join('/'))).toEqual([
      'entrance/good',
      'entrance/seen',
    ]);
  });

  test('stops where links multiply what is there without end', async () => {
    await put('c/0/file', 'x');
    for (let n = 1; n <= 20; n++) {
      await mkdir(join(folder, `c/${n}`));
      for (const name of ['a', 'b']) await symlink(`../${n - 1}`, join(folder, `c/${n}/${name}`));
    }
    const options = { includeHidden: false, followLinks: true, signal: undefined };
    const scanWith = (maxFiles: number, maxFolders: number): Promise<unknown> =>
      scan(join(folder, 'c'), { ...options, limits: { maxFiles, maxFolders } });
    const folders = await fault(scanWith(1_000, 50));
    expect(folders).toMatchObject({ code: 'too-many-files', message: 'more than 50 folders' });
    const files = await fault(scanWith(50, 1_000));
    expect(files).toMatchObject({ code: 'too-many-files', message: 'more than 50 files' });
  });

  test('does not follow a link round in a circle', async () => {
    await put('c/d/file', 'x');
    await symlink(join(folder, 'c'), join(folder, 'c/d/up'));
    expect(await pathsOf({ followLinks: true })).toEqual(['c/d/file']);
  });

  test('keeps empty files', async () => {
    await put('c/a', '');
    await put('c/b', 'x');
    expect(await pathsOf()).toEqual(['c/a', 'c/b']);
  });

  test('gives paths as they are on this disk, where others will store another', async () => {
    await put('c/Read', 'x');
    await put('c/read', 'x');
    const { bytes, metainfo, renamed } = await createTorrent(join(folder, 'c'));
    const paths = (files: typeof metainfo.info.files): string[] =>
      files.map((file) => file.path.join('/'));
    expect(paths(metainfo.info.files)).toEqual(['c/Read', 'c/read']);
    expect(paths(parseMetainfo(bytes).info.files)).toEqual(['c/Read', 'c/read.1']);
    expect(renamed).toEqual(['c/read']);
  });
});

describe('refuses', () => {
  test('a path that is not there', async () => {
    const error = await fault(createTorrent(join(folder, 'none')));
    expect(error.code).toBe('unreadable');
    expect(error.message).toBe(`cannot read ${join(folder, 'none')}: no such file or directory`);
  });

  test('a folder without a byte', async () => {
    await put('c/empty', '');
    expect((await fault(createTorrent(join(folder, 'c')))).code).toBe('nothing-to-share');
  });

  test.each([0, 1, 16_383, 24_576, 2 ** 28, Number.NaN])(
    'a piece length of %s',
    async (pieceLength) => {
      const path = await put('f', 'x');
      expect((await fault(createTorrent(path, { pieceLength }))).code).toBe('unfit-piece-length');
    },
  );

  test('a piece length that makes too many pieces, before anything is hashed', async () => {
    const path = await put('sparse', '');
    await truncate(path, 2 ** 35 + 1);
    const progress: unknown[] = [];
    const made = createTorrent(path, {
      pieceLength: 16_384,
      onProgress: (one) => progress.push(one),
    });
    const { code, message } = await fault(made);
    expect(code).toBe('unfit-piece-length');
    expect(message).toContain('2097153 pieces, limit 2097152');
    expect(progress).toEqual([]);
  });

  test.each(['a/b', '..', '', 'a\u001bb'])('the name %j', async (name) => {
    const path = await put('f', 'x');
    expect((await fault(createTorrent(path, { name }))).code).toBe('bad-name');
  });

  test.each([
    ['a\\b.txt', '"a\\\\b.txt" is no name for every system'],
    ['d/con/x', '"con" is no name for every system'],
    ['a\u202eb', '"a\u202eb" is no name for every system'],
  ])('the file %j, which others store under another name', async (path, why) => {
    await put('c/good', 'x');
    await put(`c/${path}`, 'x');
    const { code, message } = await fault(createTorrent(join(folder, 'c')));
    expect(code).toBe('bad-name');
    expect(message).toBe(`cannot take ${join(folder, 'c', path)}: ${why}`);
  });

  test('no name of what it does not take', async () => {
    await put('c/good', 'x');
    await put('c/.hid\\den', 'x');
    await mkdir(join(folder, 'c/con'));
    await symlink('good', join(folder, 'c/Good'));
    const { metainfo } = await createTorrent(join(folder, 'c'));
    expect(metainfo.info.files.map(({ path }) => path.join('/'))).toEqual(['c/good']);
  });

  test('a URL that is none', async () => {
    const path = await put('f', 'x');
    expect((await fault(createTorrent(path, { trackers: [['a.example']] }))).code).toBe('bad-url');
    expect((await fault(createTorrent(path, { webSeeds: ['udp://a'] }))).code).toBe('bad-url');
  });

  test('a name that is no UTF-8', async () => {
    await put('c/f', 'x');
    await writeFile(Buffer.concat([Buffer.from(join(folder, 'c/')), Buffer.of(0xff)]), 'x');
    expect((await fault(createTorrent(join(folder, 'c')))).code).toBe('bad-name');
  });
});

test('takes names that are joined as they are, and finds them under these', async () => {
  const names = ['می\u200cخواهم.txt', '👩\u200d👩\u200d👧\u200d👦.txt', 'ශ්\u200dරී.txt'];
  for (const name of names) await put(`می\u200cخواهم/${name}`, name);
  const made = await createTorrent(join(folder, 'می\u200cخواهم'));
  expect(made.renamed).toEqual([]);
  const { info } = parseMetainfo(made.bytes);
  expect(info.name).toBe('می\u200cخواهم');
  expect(info.files.map(({ path }) => path[1]).sort()).toEqual([...names].sort());
  for (const name of names) expect(Buffer.from(made.bytes).includes(name)).toBe(true);
});

test('stops when it is told to, with the reason it is given', async () => {
  const path = await put('long', '');
  await truncate(path, 64 * 1024 * 1024);
  const reason = new Error('enough');
  const during = new AbortController();
  const making = createTorrent(path, {
    signal: during.signal,
    onProgress: () => during.abort(reason),
  });
  await expect(making).rejects.toBe(reason);
  await expect(createTorrent(path, { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
});
