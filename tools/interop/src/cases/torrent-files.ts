/** What `shoal create` writes, as other programs read it and make it. */
import { join } from 'node:path';
import type { Arena } from '../arena.ts';
import type { Case } from '../case.ts';
import { shoalProgram } from '../clients/shoal.ts';
import { writePayload } from '../payload.ts';
import { output } from '../run.ts';
import { makeTorrent, readInfoHash, shoalCreate } from '../torrent-maker.ts';

const URL = 'http://10.77.0.1:6969/announce';

async function readByOthers(arena: Arena): Promise<void> {
  const payload = await writePayload(arena.folder);
  const torrent = await makeTorrent(arena, shoalCreate, payload, URL);
  const transmission = await output(['transmission-show', torrent.path]);
  const aria2 = await output(['aria2c', '--no-conf', '-S', torrent.path]);
  const shown = await output([...shoalProgram('shoal'), 'show', torrent.path]);
  for (const [reader, text] of Object.entries({ transmission, aria2, shoal: shown })) {
    for (const expected of [
      torrent.infoHash,
      URL,
      'lagoon',
      'Reef.bin',
      '烏賊 🦑.bin',
      'one.byte',
    ]) {
      if (!text.includes(expected))
        throw new Error(`${reader} does not show ${expected}:\n${text}`);
    }
  }
}

/** What both are told beside the tracker; nothing: each goes by its own defaults. */
interface Told {
  readonly shoal: readonly string[];
  readonly transmission: readonly string[];
}

const DEFAULTS: Told = { shoal: [], transmission: [] };
const PRIVATE: Told = {
  shoal: ['--private', '--piece-length', '128K'],
  transmission: ['-p', '-s', '128'],
};

/** Transmission 3.00 leaves empty files out, so the input has none. */
async function sameInfoHash(arena: Arena, input: string, told: Told): Promise<void> {
  const ours = join(arena.folder, 'ours.torrent');
  const theirs = join(arena.folder, 'theirs.torrent');
  await output([
    ...[...shoalProgram('shoal'), 'create', input],
    ...['-t', URL, '-o', ours, ...told.shoal],
  ]);
  await output(['transmission-create', ...told.transmission, '-t', URL, '-o', theirs, input]);
  const [own, other] = [await readInfoHash(ours), await readInfoHash(theirs)];
  if (own !== other) throw new Error(`shoal create gives ${own}, transmission-create ${other}`);
}

export const torrentFileCases: readonly Case[] = [
  {
    name: 'transmission-show, aria2c -S and shoal show read what shoal create made',
    needs: ['transmission-show', 'aria2c'],
    needsHosts: false,
    limitS: 30,
    run: readByOthers,
  },
  {
    name: 'shoal create gives the infohash of transmission-create, a folder',
    needs: ['transmission-show', 'transmission-create'],
    needsHosts: false,
    limitS: 30,
    run: async (arena) => sameInfoHash(arena, await writePayload(arena.folder, false), DEFAULTS),
  },
  {
    name: 'shoal create gives the infohash of transmission-create, one file',
    needs: ['transmission-show', 'transmission-create'],
    needsHosts: false,
    limitS: 30,
    run: async (arena) =>
      sameInfoHash(arena, join(await writePayload(arena.folder, false), 'Reef.bin'), DEFAULTS),
  },
  {
    name: 'shoal create gives the infohash of transmission-create, a private folder',
    needs: ['transmission-show', 'transmission-create'],
    needsHosts: false,
    limitS: 30,
    run: async (arena) => sameInfoHash(arena, await writePayload(arena.folder, false), PRIVATE),
  },
];
