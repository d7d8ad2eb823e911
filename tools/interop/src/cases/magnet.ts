/** Magnets: the metadata comes from peers (BEP 9), in both directions, and goes on to others. */
import { join } from 'node:path';
import type { Arena } from '../arena.ts';
import type { Case } from '../case.ts';
import { aria2 } from '../clients/aria2.ts';
import type { Client } from '../clients/client.ts';
import { shoal } from '../clients/shoal.ts';
import { ShoalPeer } from '../clients/shoal-peer.ts';
import { transmission } from '../clients/transmission.ts';
import { differences, hashFolder, PAYLOAD_NAME, writePayload } from '../payload.ts';
import { createTorrent } from '../torrent-maker.ts';
import { shoalTracker } from '../trackers/shoal-tracker.ts';
import { swarm } from './transfer.ts';

const PAIRS: readonly (readonly [seeder: Client, leecher: Client])[] = [
  [aria2, shoal],
  [transmission, shoal],
  [shoal, aria2],
  [shoal, transmission],
];

/** Host 3 has nothing but the magnet, and is the only one that host 4 knows. */
async function passOn(arena: Arena): Promise<void> {
  const source = await arena.subfolder('source');
  const whole = await hashFolder(await writePayload(source));
  const torrent = await createTorrent(arena, join(source, PAYLOAD_NAME));
  const flags = ['--no-dht', '--no-lsd', '--seed-time', '60'];
  const magnetFrom = (n: number): string =>
    `magnet:?xt=urn:btih:${torrent.infoHash}&x.pe=${arena.host(n).v4}:6881`;
  const start = async (n: number, given: string, folder: string): Promise<ShoalPeer> => {
    const peer = new ShoalPeer(arena, { host: arena.host(n), sources: [given], folder, flags });
    await peer.start();
    await peer.until('everything', () => peer.isComplete(torrent.infoHash));
    return peer;
  };
  const first = await start(2, torrent.path, source);
  await start(3, magnetFrom(2), await arena.subfolder('host-3'));
  await first.kill();
  const last = await start(4, magnetFrom(3), await arena.subfolder('host-4'));
  const found = differences(whole, await hashFolder(join(last.folder, PAYLOAD_NAME)));
  if (found.length > 0) throw new Error(`fetched wrongly: ${found.join(', ')}`);
}

export const magnetCases: readonly Case[] = [
  ...PAIRS.map(([seeder, leecher]) =>
    swarm({ seeder, leechers: [leecher], tracker: shoalTracker, byMagnet: true }),
  ),
  {
    name: 'shoal -> shoal by magnet -> shoal by magnet, no tracker',
    needs: ['transmission-show'],
    needsHosts: true,
    limitS: 60,
    run: passOn,
  },
];
