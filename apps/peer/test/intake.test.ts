/** What comes into an engine over loopback, and from which folder. */
import { cp, mkdtemp, readFile, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createEngine, type EngineHandle } from '@shoal/engine';
import { createTorrent, parseMetainfo } from '@shoal/metainfo';
import { idToHex } from '@shoal/units';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Intake } from '../src/intake.ts';
import type { PeerFlags } from '../src/peer-flags.ts';
import { makeSample, type Sample, seedSamples } from './sample.ts';

const NO_FLAGS: PeerFlags = { dht: false, lsd: false, pex: false };

let folder = '';
let reef: Sample;
const engines: EngineHandle[] = [];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'shoal-peer-'));
  reef = await makeSample(folder, 'reef', 300_000);
});
afterEach(async () => {
  for (const engine of engines.splice(0)) await engine.close();
  await rm(folder, { recursive: true });
});

const at = (...names: readonly string[]): string => join(folder, ...names);
const sourceOf = ({ metainfo }: Sample) => ({
  metainfo,
  infoHash: idToHex(metainfo.info.infoHash),
  name: metainfo.info.name,
});

async function open(flags: Partial<PeerFlags>, ...ports: readonly number[]) {
  const engine = await createEngine({ port: 0, host: '127.0.0.1', stateFolder: at('state') });
  engines.push(engine);
  const notes: string[] = [];
  const intake = new Intake({
    engine,
    flags: { ...NO_FLAGS, ...flags },
    outputFolder: at('out'),
    peers: ports.map((port) => ({ host: '127.0.0.1', port, family: 4 as const })),
    note: (text) => void notes.push(text),
  });
  return { engine, intake, notes };
}

describe('a torrent in a shared folder', () => {
  it('that is damaged while it is seeded moves out, and the folder stays as it is', async () => {
    await cp(at('reef'), at('share', 'reef'), { recursive: true });
    const seeder = await seedSamples([reef], at('seeder'));
    engines.push(seeder);
    const { engine, intake, notes } = await open({ share: [at('share')] }, seeder.port);
    const source = sourceOf(reef);
    await intake.add(source);
    const statusOf = () => engine.torrent(source.infoHash)?.getSummary().status;
    await expect.poll(statusOf).toBe('seeding');
    const bytes = await readFile(at('share', 'reef', 'a.bin'));
    bytes.fill(7);
    await writeFile(at('share', 'reef', 'a.bin'), bytes);
    // Clocks of file systems tick every few milliseconds: what is changed within a tick looks as before.
    await utimes(at('share', 'reef', 'a.bin'), new Date(), new Date(Date.now() + 1_000));
    const leecher = await createEngine({ port: 0, host: '127.0.0.1', stateFolder: at('leecher') });
    engines.push(leecher);
    const peers = [{ host: '127.0.0.1', port: engine.port, family: 4 as const }];
    await leecher.add({ source, outputFolder: at('leecher'), peers });
    await expect.poll(() => engine.torrent(source.infoHash)?.storeFolder).toBe(at('out'));
    await expect.poll(statusOf, { timeout: 10_000 }).toBe('seeding');
    expect(notes).toEqual([`reef in ${at('share')} is damaged: it is fetched anew.`]);
    expect(bytes.equals(await readFile(at('share', 'reef', 'a.bin')))).toBe(true);
    const [wanted, found] = [at('reef', 'a.bin'), at('out', 'reef', 'a.bin')];
    expect((await readFile(wanted)).equals(await readFile(found))).toBe(true);
  });
});

describe('links in a shared folder', () => {
  it.each([
    ['a file', ['reef', 'a.bin']],
    ['the folder of the torrent', ['reef']],
    ['a folder in it', ['reef', 'inner']],
  ])('are not followed, and that is said: %s', async (_, linked) => {
    await cp(at('reef'), at('outside'), { recursive: true });
    await cp(at('reef'), at('share', 'reef'), { recursive: true });
    await rm(at('share', ...linked), { recursive: true });
    await symlink(at('outside', ...linked.slice(1)), at('share', ...linked));
    const { engine, intake, notes } = await open({ share: [at('share')] });
    const source = sourceOf(reef);
    await intake.add(source);
    expect(engine.torrent(source.infoHash)?.storeFolder).toBe(at('out'));
    expect(notes).toEqual([
      `reef in ${at('share')} is not seeded: ${linked.join('/')} is a link, and links are not followed.`,
    ]);
  });

  it('beside a torrent are nothing to it, and files that begin with a dot are shared as others', async () => {
    await writeFile(at('reef', '.hidden'), 'in the torrent');
    const { bytes } = await createTorrent(at('reef'), { includeHidden: true });
    const metainfo = parseMetainfo(bytes);
    await cp(at('reef'), at('share', 'reef'), { recursive: true });
    await symlink('/etc/passwd', at('share', 'reef', 'passwd'));
    const { engine, intake, notes } = await open({ share: [at('share')] });
    const infoHash = idToHex(metainfo.info.infoHash);
    await intake.add({ metainfo, infoHash, name: 'reef' });
    await expect.poll(() => engine.torrent(infoHash)?.getSummary().status).toBe('seeding');
    expect(engine.torrent(infoHash)?.storeFolder).toBe(at('share'));
    expect(notes).toEqual([]);
  });
});

describe('a torrent of the run before', () => {
  it('takes the flags of this one', async () => {
    const { engine, intake } = await open({});
    const source = sourceOf(reef);
    await intake.add(source);
    const url = 'http://127.0.0.1:1/announce';
    const flags = { select: [3], sequential: true, tracker: [url] };
    const peers = [{ host: '127.0.0.1', port: 1, family: 4 as const }];
    const options = { engine, flags: { ...NO_FLAGS, ...flags }, outputFolder: at('out'), peers };
    const again = new Intake({ ...options, note: () => {} });
    const torrent = await again.addOrAdjust(source);
    await expect.poll(() => torrent.getDetail().sequential).toBe(true);
    await again.addOrAdjust(source);
    const { files, trackers } = torrent.getDetail();
    expect(files.map(({ priority }) => priority)).toEqual(['off', 'off', 'normal']);
    expect(trackers.map((tracker) => tracker.url)).toEqual([url]);
    expect(torrent.byHand.knownPeers()).toHaveLength(1);
    const beyond = { ...options, flags: { ...NO_FLAGS, select: [4] }, note: () => {} };
    await expect(new Intake(beyond).addOrAdjust(source)).rejects.toThrow('file 4 of 3');
  });
});
