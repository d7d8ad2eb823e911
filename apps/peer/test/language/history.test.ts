import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { HISTORY_LIMIT, HISTORY_LINE_LIMIT, History } from '../../src/language/history.ts';
import { HistoryFile } from '../../src/language/history-file.ts';

describe('History', () => {
  it('goes up to the oldest line and down to the draft', () => {
    const history = new History(['/one', '/two']);
    expect(history.older('/dra')).toBe('/two');
    expect(history.older('/two')).toBe('/one');
    expect(history.older('/one')).toBe('/one');
    expect(history.newer('/one')).toBe('/two');
    expect(history.newer('/two')).toBe('/dra');
    expect(history.newer('/dra')).toBe('/dra');
  });

  it('begins at the newest line again after a line was entered', () => {
    const history = new History(['/one', '/two']);
    history.older('');
    history.older('');
    history.add('/three');
    expect(history.older('')).toBe('/three');
  });

  it('keeps no line twice in a row, no blank one, no overlong one, no control characters', () => {
    const history = new History();
    expect(history.add('/one')).toBe(true);
    expect(history.add('/one')).toBe(false);
    expect(history.add('  ')).toBe(false);
    expect(history.add(`/${'x'.repeat(HISTORY_LINE_LIMIT)}`)).toBe(false);
    expect(history.add('/one\u001b[2J')).toBe(false);
    expect(history.add('/two')).toBe(true);
    expect(history.add('/one')).toBe(true);
    expect(history.lines).toEqual(['/one', '/two', '/one']);
  });

  it('keeps the newest lines', () => {
    const history = new History();
    for (let n = 0; n < HISTORY_LIMIT + 5; n++) history.add(`/${n}`);
    expect(history.lines).toHaveLength(HISTORY_LIMIT);
    expect(history.lines.at(0)).toBe('/5');
  });

  it('has nothing to show when it is empty', () => {
    const history = new History();
    expect(history.older('/draft')).toBe('/draft');
    expect(history.newer('/draft')).toBe('/draft');
  });
});

describe('HistoryFile', () => {
  let folder = '';
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'shoal-history-'));
  });
  afterAll(() => rm(folder, { recursive: true }));

  it('keeps lines across runs, for its owner alone', async () => {
    const path = join(folder, 'deep', 'history');
    const first = await HistoryFile.open(path);
    first.add('/one');
    first.add('/one');
    first.add('/zwei ü');
    await first.settled();
    const second = await HistoryFile.open(path);
    expect(second.history.lines).toEqual(['/one', '/zwei ü']);
    expect((await stat(path)).mode & 0o777).toBe(0o600);
  });

  it('lets two programs keep lines in one file', async () => {
    const path = join(folder, 'shared');
    const [one, other] = [await HistoryFile.open(path), await HistoryFile.open(path)];
    one.add('/one');
    await one.settled();
    other.add('/other');
    await other.settled();
    expect((await HistoryFile.open(path)).history.lines).toEqual(['/one', '/other']);
  });

  it('cuts a file that has grown to twice what is kept', async () => {
    const place = join(folder, 'cut');
    await mkdir(place);
    const path = join(place, 'long');
    const lines = Array.from({ length: 2 * HISTORY_LIMIT + 1 }, (_, n) => `/${n}`);
    await writeFile(path, lines.join('\n'));
    const files = await Promise.all([HistoryFile.open(path), HistoryFile.open(path)]);
    for (const file of files) await file.settled();
    expect((await readFile(path, 'utf8')).trim().split('\n')).toEqual(lines.slice(-HISTORY_LIMIT));
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    expect(await readdir(place)).toEqual(['long']);
  });

  it('takes a damaged file, a folder in its place and a place that cannot be written', async () => {
    const damaged = join(folder, 'damaged');
    await writeFile(damaged, new Uint8Array([0xff, 0x0a, 0x1b, 0x5b, 0x0a, 0x2f, 0x61]));
    expect((await HistoryFile.open(damaged)).history.lines.at(-1)).toBe('/a');
    for (const path of [folder, join(damaged, 'below')]) {
      const file = await HistoryFile.open(path);
      file.add('/kept');
      await file.settled();
      expect(file.history.lines).toEqual(['/kept']);
    }
  });
});
