/** The commands that need no network: show, create, verify, split and merge, as programs. */
import { hash } from 'node:crypto';
import { mkdir, mkdtemp, readFile, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { encodeMetainfo, parseMagnet, parseMetainfo } from '@shoal/metainfo';
import { type Ended, eventsOf } from '@shoal/testkit';
import { idToHex } from '@shoal/units';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeSample, type Sample } from './sample.ts';
import { shoal } from './start-shoal.ts';

const PASSKEY_URL = 'http://t.example/0123456789abcdef0123/announce';

let folder = '';
let sample: Sample;

const at = (...names: readonly string[]): string => join(folder, ...names);
const run = (...args: readonly string[]): Promise<Ended> => shoal(args, { cwd: folder });

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'shoal-peer-'));
  sample = await makeSample(folder, 'reef', 400_000);
});
afterAll(() => rm(folder, { recursive: true }));

describe('shoal create and show', () => {
  it('make a torrent with all that the flags say, and print it aligned', async () => {
    const flags = '--private --piece-length 16K --source club --web-seed http://w.example/f/';
    const more = ['--comment', 'for you', '--name', 'coral', '-o', 'coral.torrent'];
    const created = await run('create', 'reef', '-t', PASSKEY_URL, ...flags.split(' '), ...more);
    expect(created.code).toBe(0);
    expect(created.stdout).toMatch(
      /^coral\.torrent: 391 KiB in 25 pieces of 16\.0 KiB\ninfohash {2}[0-9a-f]{40}\nmagnet {4}magnet:\?xt=urn:btih:/,
    );
    const { stdout } = await run('show', 'coral.torrent');
    const infoHash = idToHex(parseMetainfo(await readFile(at('coral.torrent'))).info.infoHash);
    expect(stdout.split('\n').slice(0, 7)).toEqual([
      'Name       coral',
      `Infohash   ${infoHash}`,
      'Size       391 KiB (400000 bytes)',
      'Pieces     25 of 16.0 KiB',
      'Private    yes',
      'Source     club',
      'Comment    for you',
    ]);
    expect(stdout).toMatch(/^Trackers {3}http:\/\/t\.example\/0123456789abcdef0123\/announce$/m);
    expect(stdout).toMatch(/^Web seeds {2}http:\/\/w\.example\/f\/$/m);
    expect(stdout).toMatch(
      /^Files {6}1 {5}195 KiB {2}coral\/a\.bin\n {11}2 {5}130 KiB {2}coral\/inner\/b\.bin$/m,
    );
  });

  it('take dot files and links when asked, and no link that leads out', async () => {
    const tree = join(folder, 'tree');
    await mkdir(tree);
    for (const name of ['seen', '.hidden']) await writeFile(join(tree, name), name);
    await symlink('seen', join(tree, 'inside'));
    await symlink('../reef/a.bin', join(tree, 'outside'));
    const filesWith = async (...flags: readonly string[]): Promise<string[]> => {
      const { code } = await run('create', 'tree', '-o', 'tree.torrent', ...flags);
      expect(code).toBe(0);
      const { info } = parseMetainfo(await readFile(at('tree.torrent')));
      return info.files.map(({ path }) => path.at(-1)!);
    };
    expect(await filesWith()).toEqual(['seen']);
    expect(await filesWith('--hidden')).toEqual(['.hidden', 'seen']);
    expect(await filesWith('--links')).toEqual(['inside', 'seen']);
    expect(await filesWith('--hidden', '--links')).toEqual(['.hidden', 'inside', 'seen']);
  });

  it('say which file others will store under another name', async () => {
    for (const name of ['Read', 'read']) {
      await mkdir(at('cases'), { recursive: true });
      await writeFile(at('cases', name), name);
    }
    const { code, stderr } = await run('create', 'cases', '-o', 'cases.torrent');
    expect(code).toBe(0);
    expect(stderr).toMatch(/cases\/read: some systems take the name for that of another file/);
  });

  it('refuse to write over a torrent that nobody named, unless told to', async () => {
    const args = ['create', 'reef', '--name', 'kept'];
    await writeFile(at('kept.torrent'), 'd4:infode');
    const refused = await run(...args);
    expect(refused).toMatchObject({ code: 1, stdout: '' });
    expect(refused.stderr).toBe(
      'shoal: kept.torrent is there already. Move it away, or run shoal create with --output or --force.\n',
    );
    expect(await readFile(at('kept.torrent'), 'utf8')).toBe('d4:infode');
    expect((await run(...args, '--force')).code).toBe(0);
    expect(parseMetainfo(await readFile(at('kept.torrent'))).info.name).toBe('kept');
    expect((await run('create', 'reef', '-o', 'kept.torrent')).code).toBe(0);
    expect(parseMetainfo(await readFile(at('kept.torrent'))).info.name).toBe('reef');
  });

  it('give the same infohash each time, and the same bytes when the date is given', async () => {
    const env = { SOURCE_DATE_EPOCH: '1700000000' };
    for (const name of ['one.torrent', 'two.torrent'])
      await shoal(['create', 'reef', '-o', name], { cwd: folder, env });
    const [one, two] = await Promise.all([
      readFile(at('one.torrent')),
      readFile(at('two.torrent')),
    ]);
    expect(one.equals(two)).toBe(true);
    expect(parseMetainfo(one).creationDateS).toBe(1_700_000_000);
  });

  it('take the infohash from the bytes as they lie, though their keys are out of order', async () => {
    const info = `d6:pieces20:${'h'.repeat(20)}12:piece lengthi16384e4:name5:a.bin6:lengthi10ee`;
    await writeFile(at('unsorted.torrent'), `d4:info${info}8:announce17:http://t.example/e`);
    const { code, stdout } = await run('show', 'unsorted.torrent');
    expect(code).toBe(0);
    expect(stdout).toContain(`Infohash  ${hash('sha1', info)}\n`);
  });

  it('let no escape and no bidi character of a hostile torrent reach the terminal', async () => {
    const hostile = '\x1b]52;c;ZWNobw==\x07\x1b[2J\u202egnp.exe\u009b31m';
    const bytes = encodeMetainfo({
      infoBytes: sample.metainfo.info.infoBytes,
      trackers: [[`http://t.example/${encodeURIComponent('\x1b')}`]],
      comment: hostile,
      createdBy: hostile,
    });
    await writeFile(at('hostile.torrent'), bytes);
    const magnet = `magnet:?xt=urn:btih:${'ab'.repeat(20)}&dn=${encodeURIComponent(hostile)}`;
    for (const args of [
      ['show', 'hostile.torrent'],
      ['show', magnet],
      ['show', magnet, '--json'],
    ]) {
      const { code, stdout, stderr } = await run(...args);
      expect(code).toBe(0);
      expect(stdout + stderr).not.toMatch(/[\x00-\x09\x0b-\x1f\x7f-\x9f]|\p{Bidi_Control}/u);
    }
    const missing = await run('show', hostile);
    expect(missing.stderr).not.toMatch(/[\x00-\x09\x0b-\x1f\x7f-\x9f]|\p{Bidi_Control}/u);
  });

  it('show the magnet of a torrent whole, however many trackers it has', async () => {
    const { infoBytes } = sample.metainfo.info;
    const trackers = Array.from({ length: 100 }, (_, n) => [`http://${n}.t.example:6969/announce`]);
    await writeFile(at('many-trackers.torrent'), encodeMetainfo({ infoBytes, trackers }));
    const { stdout } = await run('show', 'many-trackers.torrent');
    const [, link = ''] = /^Magnet +(.*)$/m.exec(stdout) ?? [];
    expect(link.length).toBeGreaterThan(4_000);
    expect(parseMagnet(link).trackers).toEqual(trackers.flat());
  });

  it('show a magnet, and tell machines the same', async () => {
    const magnet = `magnet:?xt=urn:btih:${'ab'.repeat(20)}&dn=reef&xl=10&tr=${PASSKEY_URL}&x.pe=192.0.2.1:1&so=0,2-3`;
    const { stdout } = await run('show', magnet);
    expect(stdout).toBe(
      [
        'Name      reef',
        `Infohash  ${'ab'.repeat(20)}`,
        'Size      10 B (10 bytes)',
        `Trackers  ${PASSKEY_URL}`,
        'Peers     192.0.2.1:1',
        'Files     1, 3, 4',
        '',
      ].join('\n'),
    );
    const [event] = eventsOf(await run('show', magnet, '--json'));
    expect(event).toMatchObject({ event: 'torrent', name: 'reef', peers: ['192.0.2.1:1'] });
  });
});

describe('shoal verify', () => {
  it('says which pieces are good, bad and missing, and ends with 1 unless all are good', async () => {
    const good = await run('verify', 'reef.torrent', '.');
    expect(good).toMatchObject({
      code: 0,
      stdout: 'reef: 7 of 7 pieces good, 0 bad, 0 missing\ngood    0-6\n',
    });
    const bytes = await readFile(at('reef', 'a.bin'));
    bytes[70_000]! ^= 1;
    await writeFile(at('reef', 'a.bin'), bytes);
    await rename(at('reef', 'inner', 'c.bin'), at('c.bin'));
    const bad = await run('verify', 'reef.torrent', 'reef');
    expect(bad.code).toBe(1);
    expect(bad.stdout).toMatch(
      /^reef: 4 of 7 pieces good, 1 bad, 2 missing\ngood {4}0, 2-4\nbad {5}1\nmissing 5-6\n$/,
    );
    expect(bad.stderr).toMatch(/\nshoal: 3 of 7 pieces are bad or missing in .*\. Fetch them with/);
    const [event] = eventsOf(await run('verify', 'reef.torrent', '.', '--json'));
    expect(event).toMatchObject({ event: 'verified', goodCount: 4, bad: [1], missing: [5, 6] });
    await makeSample(folder, 'reef', 400_000);
  });
});

describe('shoal split and merge', () => {
  it('have the defaults that the help names', async () => {
    const { stdout: help } = await run('split', '--help');
    const split = eventsOf(await run('split', 'reef/a.bin', '--json')).at(-1)!;
    const { folder: parts, chunkLength } = split;
    expect(help).toContain(`(default: ${Number(chunkLength) / 1024 ** 2}M)`);
    expect(help).toContain(`(default: FILE${String(parts).split('a.bin')[1]})`);
    await rm(at('reef', 'a.bin.parts'), { recursive: true });
  });

  it('take a file apart and put it together, and name a chunk that is gone', async () => {
    const split = await run('split', 'reef/a.bin', '--chunk-length', '64K', '-o', 'parts');
    expect(split).toMatchObject({ code: 0 });
    expect(split.stdout).toMatch(/parts: 4 chunks of 64\.0 KiB; shoal merge/);
    const merged = await run('merge', 'parts', '-o', 'whole.bin');
    expect(merged.stdout).toMatch(/whole\.bin: 195 KiB, every hash checked/);
    expect((await readFile(at('whole.bin'))).equals(await readFile(at('reef', 'a.bin')))).toBe(
      true,
    );
    const again = await run('merge', 'parts', '-o', 'whole.bin');
    expect(again).toMatchObject({ code: 0 });
    expect(again.stdout).toMatch(/, every hash checked; it was there already\n/);
    await writeFile(at('whole.bin'), 'mine');
    const taken = await run('merge', 'parts', '-o', 'whole.bin');
    expect(taken.code).toBe(1);
    expect(taken.stderr).toMatch(/whole\.bin is there already, and differs\. Move it away/);
    await rm(at('parts', 'a.bin.part0002'));
    const broken = await run('merge', 'parts', '-o', 'again.bin');
    expect(broken.code).toBe(1);
    expect(broken.stderr).toMatch(/part 2 missing/);
  });
});
