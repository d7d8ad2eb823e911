/** libtorrent, which qBittorrent and Deluge run: transfers, encryption, magnets, and its torrents. */
import type { Case } from '../case.ts';
import type { Client } from '../clients/client.ts';
import { libtorrent, libtorrentCreate, libtorrentWith } from '../clients/libtorrent.ts';
import { shoal, shoalWith } from '../clients/shoal.ts';
import { shoalTracker } from '../trackers/shoal-tracker.ts';
import { swarm } from './transfer.ts';

/** Every file begins a piece, by padding (BEP 47). */
const padded = libtorrentCreate('padded', 'v1_only', 'canonical_files');
/** Version 1 and 2 in one, as qBittorrent makes them; padded too. */
const hybrid = libtorrentCreate('hybrid');

const shoalRequire = shoalWith('shoal --encryption require', '--encryption', 'require');
/** 0: it dials and takes nothing else; 2: RC4 for the data too. */
const libtorrentRequire = libtorrentWith('libtorrent that requires RC4', {
  in_enc_policy: 0,
  out_enc_policy: 0,
  allowed_enc_level: 2,
});

type Pair = readonly [seeder: Client, leecher: Client];

const BOTH_WAYS: readonly Pair[] = [
  [shoal, libtorrent],
  [libtorrent, shoal],
];
const ENCRYPTED: readonly Pair[] = [
  [shoalRequire, libtorrentRequire],
  [libtorrentRequire, shoalRequire],
];

const http = { tracker: shoalTracker, transport: 'http' } as const;
const udp = { tracker: shoalTracker, transport: 'udp' } as const;

export const libtorrentCases: readonly Case[] = [
  ...BOTH_WAYS.flatMap(([seeder, leecher]) => [
    swarm({ ...http, seeder, leechers: [leecher] }),
    swarm({ ...udp, seeder, leechers: [leecher], family: 'v6' }),
    swarm({ ...udp, seeder, leechers: [leecher], byMagnet: true }),
  ]),
  ...ENCRYPTED.map(([seeder, leecher]) => swarm({ ...http, seeder, leechers: [leecher] })),
  ...[padded, hybrid].flatMap((maker) =>
    BOTH_WAYS.map(([seeder, leecher]) =>
      swarm({ ...http, seeder, leechers: [leecher, shoal], maker }),
    ),
  ),
];
