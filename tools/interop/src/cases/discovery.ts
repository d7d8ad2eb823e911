/** Without any tracker: the DHT and local discovery of other clients, and ours. */
import { join } from 'node:path';
import type { Arena } from '../arena.ts';
import type { Case } from '../case.ts';
import { aria2With } from '../clients/aria2.ts';
import type { Client } from '../clients/client.ts';
import { libtorrentWith } from '../clients/libtorrent.ts';
import { shoalWith } from '../clients/shoal.ts';
import { transmissionWith } from '../clients/transmission.ts';
import {
  differences,
  hashFolder,
  PAYLOAD_NAME,
  withoutEmptyFiles,
  writePayload,
} from '../payload.ts';
import { createTorrent } from '../torrent-maker.ts';

/** Host 2 seeds, host 3 fetches. */
const SEEDER = '10.77.0.2';
const LEECHER = '10.77.0.3';
const PORT = 6881;

/** Clients that know one way to find peers, and one DHT node: the other host. */
interface Way {
  readonly name: string;
  shoal(other: string): Client;
  readonly others: readonly ((other: string) => Client)[];
}

const WAYS: readonly Way[] = [
  {
    name: 'local discovery alone',
    shoal: () => shoalWith('shoal', '--no-dht'),
    others: [
      () => aria2With('aria2', '--bt-enable-lpd=true', '--enable-dht=false'),
      () => transmissionWith('transmission', { 'lpd-enabled': true }),
      () => libtorrentWith('libtorrent', { enable_lsd: true }),
    ],
  },
  {
    name: 'DHT alone',
    shoal: (other) => shoalWith('shoal', '--no-lsd', '--dht-bootstrap', `${other}:${PORT}`),
    // Not Transmission: its node takes a minute to begin.
    others: [
      (other) => aria2With('aria2', `--dht-entry-point=${other}:${PORT}`),
      (other) =>
        libtorrentWith('libtorrent', {
          enable_dht: true,
          dht_bootstrap_nodes: `${other}:${PORT}`,
        }),
    ],
  },
];

async function run(arena: Arena, seeder: Client, leecher: Client): Promise<void> {
  const source = await arena.subfolder('source');
  const payload = await writePayload(source);
  const whole = await hashFolder(payload);
  const torrent = await createTorrent(arena, payload);
  const folder = await arena.subfolder('leech');
  await seeder.seed(arena, { host: arena.host(2), torrent, folder: source });
  const complete = await leecher.leech(arena, { host: arena.host(3), torrent, folder });
  await complete();
  const expected = leecher.makesEmptyFiles ? whole : withoutEmptyFiles(whole);
  const found = differences(expected, await hashFolder(join(folder, PAYLOAD_NAME)));
  if (found.length > 0) throw new Error(`fetched wrongly: ${found.join(', ')}`);
}

export const discoveryCases: readonly Case[] = WAYS.flatMap(({ name, shoal, others }) =>
  others
    .flatMap((other): [Client, Client][] => [
      [shoal(LEECHER), other(SEEDER)],
      [other(LEECHER), shoal(SEEDER)],
    ])
    .map(([seeder, leecher]) => ({
      name: `${seeder.name} -> ${leecher.name}, ${name}`,
      needs: ['transmission-show', ...seeder.programs, ...leecher.programs],
      needsHosts: true,
      limitS: 60,
      run: (arena) => run(arena, seeder, leecher),
    })),
);
