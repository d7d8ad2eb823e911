/** A leecher that is killed again and again goes on by the same command line, and fetches nothing twice. */
import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Arena } from '../arena.ts';
import type { Case } from '../case.ts';
import { ShoalPeer } from '../clients/shoal-peer.ts';
import { differences, hashFolder, PAYLOAD_NAME, writePayload } from '../payload.ts';
import { createTorrent } from '../torrent-maker.ts';

const PIECE_COUNT = 271;
/** It is killed when it has so many pieces. */
const KILLED_AT = [1, 17, 40, 90, 91, 180];
/** Before this start its states are made useless. */
const DAMAGED_AT = 90;
const FLAGS = ['--no-dht', '--no-lsd'];

async function run(arena: Arena, ...flags: readonly string[]): Promise<ShoalPeer> {
  const source = await arena.subfolder('source');
  const torrent = await createTorrent(arena, await writePayload(source));
  const { infoHash } = torrent;
  const seeder = new ShoalPeer(arena, {
    host: arena.host(1),
    sources: [torrent.path],
    folder: source,
    flags: [...FLAGS, '--seed-time', '60', '--up-limit', '3M'],
  });
  await seeder.start();
  await seeder.until('the originals to be checked', () => seeder.isComplete(infoHash));

  const leecher = new ShoalPeer(arena, {
    host: arena.host(2),
    sources: [torrent.path],
    folder: await arena.subfolder('leech'),
    flags: [...FLAGS, ...flags, '--peer', `${arena.host(1).v4}:6881`],
  });
  const fetched = new Set<number>();
  const takeNote = (): void => {
    const again = [...leecher.pieces(infoHash)].filter((index) => fetched.has(index));
    if (again.length > 0) throw new Error(`fetched a second time: pieces ${again.join(', ')}`);
    for (const index of leecher.pieces(infoHash)) fetched.add(index);
  };
  const begin = async (): Promise<void> => {
    await leecher.start();
    await leecher.until('the check', () => leecher.eventsOf('checked', infoHash).length > 0);
    const good = Number(leecher.eventsOf('checked', infoHash)[0]?.goodPieces);
    if (good < fetched.size) throw new Error(`of ${fetched.size} pieces only ${good} were found`);
  };
  for (const count of KILLED_AT) {
    await begin();
    const isThere = (): boolean => fetched.size + leecher.pieces(infoHash).size >= count;
    await leecher.until(`${count} pieces`, isThere);
    await leecher.kill();
    takeNote();
    if (count === DAMAGED_AT) await damageStates(join(arena.folder, `state-${leecher.host.v4}`));
  }
  await begin();
  await leecher.done();
  takeNote();
  arena.note(`killed at ${KILLED_AT.join(', ')} pieces; each of ${fetched.size} came once`);
  return leecher;
}

/** Cuts short every state in the folder, and the copies before them. */
async function damageStates(folder: string): Promise<void> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  for (const entry of entries.filter(({ name }) => name.includes('.resume')))
    await writeFile(join(entry.parentPath, entry.name), 'd6:format');
}

async function demandEqual(arena: Arena, folder: string): Promise<void> {
  const whole = await hashFolder(join(arena.folder, 'source', PAYLOAD_NAME));
  const found = differences(whole, await hashFolder(join(folder, PAYLOAD_NAME)));
  if (found.length > 0) throw new Error(`fetched wrongly: ${found.join(', ')}`);
}

export const killAndResumeCases: readonly Case[] = [
  {
    name: 'killed six times, with a damaged state once',
    needs: ['transmission-show'],
    needsHosts: true,
    limitS: 60,
    run: async (arena) => demandEqual(arena, (await run(arena)).folder),
  },
  {
    name: 'killed six times while it keeps chunks, with a damaged state once',
    needs: ['transmission-show'],
    needsHosts: true,
    limitS: 60,
    run: async (arena) => {
      const { folder } = await run(arena, '--store', 'chunks');
      const names = await readdir(join(folder, `${PAYLOAD_NAME}.parts`));
      const { length } = names.filter((name) => /\.part\d+$/.test(name));
      if (length !== PIECE_COUNT) throw new Error(`${length} chunks of ${PIECE_COUNT}`);
    },
  },
];
