import { execFileSync } from 'node:child_process';
import { chmod, mkdtemp, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  checkTorrentTarget,
  MAX_TORRENT_LENGTH,
  readTorrentFile,
  torrentPath,
  writeTorrentFile,
} from '../src/torrent-file.ts';

const NEW = { mayReplace: false };
const BYTES = new TextEncoder().encode('d4:infode');
let folder = '';

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'shoal-cli-'));
});
afterAll(() => rm(folder, { recursive: true }));

describe('torrent files', () => {
  it('reads what it wrote and leaves nothing beside it', async () => {
    const path = join(folder, 'a.torrent');
    await writeTorrentFile(path, new TextEncoder().encode('d3:olde'), NEW);
    await writeTorrentFile(path, BYTES, { mayReplace: true });
    expect(await readTorrentFile(path)).toEqual(BYTES);
    expect((await readdir(folder)).filter((name) => name.endsWith('.tmp'))).toEqual([]);
  });

  it('never takes the place of a file that is no torrent', async () => {
    const path = join(folder, 'film.mkv');
    await writeFile(path, 'the only copy');
    for (const mayReplace of [false, true])
      await expect(writeTorrentFile(path, BYTES, { mayReplace })).rejects.toThrow(
        'is there already and is no torrent',
      );
    expect(await readFile(path, 'utf8')).toBe('the only copy');
  });

  it('leaves a torrent that is there as it is, unless it may be replaced', async () => {
    const path = join(folder, 'kept.torrent');
    await writeTorrentFile(path, BYTES, NEW);
    const refused = {
      exitCode: 1,
      sentence: `${path} is there already.`,
      nextStep: 'Move it away, or run shoal create with --output or --force.',
    };
    const other = new TextEncoder().encode('d3:newe');
    await expect(writeTorrentFile(path, other, NEW)).rejects.toMatchObject(refused);
    await expect(checkTorrentTarget(path, NEW)).rejects.toMatchObject(refused);
    expect(await readTorrentFile(path)).toEqual(BYTES);
    await checkTorrentTarget(path, { mayReplace: true });
  });

  it('names the folder, not the torrent, when the folder is missing', async () => {
    const path = join(folder, 'none', 'a.torrent');
    const sentence = `The folder ${join(folder, 'none')} does not exist. Make it, or give another`;
    await expect(writeTorrentFile(path, BYTES, NEW)).rejects.toThrow(sentence);
    await expect(checkTorrentTarget(path, NEW)).rejects.toThrow(sentence);
    await expect(checkTorrentTarget('none-here/a.torrent', NEW)).rejects.toMatchObject({
      exitCode: 1,
      sentence: 'The folder none-here does not exist.',
    });
  });

  it('refuses to write over a folder and to read one', async () => {
    await expect(writeTorrentFile(folder, BYTES, NEW)).rejects.toThrow(`${folder} is a folder`);
    await expect(readTorrentFile(folder)).rejects.toThrow(`${folder} is a folder`);
  });

  it('says in words of people what is no torrent', async () => {
    const path = join(folder, 'page.torrent');
    for (const [text, sentence] of [
      ['<html>', `${path} is no torrent file.`],
      ['', `${path} is empty.`],
    ] as const) {
      await writeFile(path, text);
      await expect(readTorrentFile(path)).rejects.toMatchObject({ exitCode: 25, sentence });
    }
  });

  it('reads no file beyond the limit', async () => {
    const path = join(folder, 'huge.torrent');
    await writeFile(path, '');
    await truncate(path, MAX_TORRENT_LENGTH + 1);
    await expect(readTorrentFile(path)).rejects.toMatchObject({ exitCode: 26 });
  });

  it.skipIf(process.platform === 'win32')('reads no device and waits for no pipe', async () => {
    const pipe = join(folder, 'pipe.torrent');
    execFileSync('mkfifo', [pipe]);
    for (const path of ['/dev/zero', pipe]) {
      const sentence = `${path} is a device or a pipe, not a plain file.`;
      await expect(readTorrentFile(path)).rejects.toThrow(sentence);
      await expect(writeTorrentFile(path, BYTES, NEW)).rejects.toThrow('is no torrent');
    }
  });

  it.skipIf(process.platform !== 'linux')('reads a file that tells no length', async () => {
    await expect(readTorrentFile('/proc/self/environ')).rejects.toThrow('is no torrent file');
  });

  it.skipIf(process.getuid?.() === 0)(
    'says so when a file may not be read (not as root)',
    async () => {
      const path = join(folder, 'secret.torrent');
      await writeFile(path, BYTES);
      await chmod(path, 0);
      await expect(readTorrentFile(path)).rejects.toThrow('may not be used by this user');
    },
  );
});

describe('the target of a torrent', () => {
  it('is refused before the hashing when it could not be written afterwards', async () => {
    const film = join(folder, 'film.mkv');
    await writeFile(film, 'the only copy');
    await expect(checkTorrentTarget(film, NEW)).rejects.toThrow('is no torrent');
    const nowhere = join(folder, 'none', 'a.torrent');
    await expect(checkTorrentTarget(nowhere, NEW)).rejects.toThrow('does not exist.');
    await checkTorrentTarget(join(folder, 'new.torrent'), NEW);
  });
});

describe('where a torrent is written', () => {
  it('is the path, a name inside a folder, or the fallback', async () => {
    expect(await torrentPath(join(folder, 'x.torrent'), 'a.torrent')).toBe(
      join(folder, 'x.torrent'),
    );
    expect(await torrentPath(folder, '../a.torrent')).toBe(join(folder, '.._a.torrent'));
    expect(await torrentPath(undefined, 'a.torrent', '/b.torrent')).toBe('/b.torrent');
  });
});
