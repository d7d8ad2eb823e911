/** A swarm on hosts that have no IPv4 address: tracker, handshakes, peer exchange, magnet. */
import { join } from 'node:path';
import type { Arena } from '../arena.ts';
import type { Case } from '../case.ts';
import { ShoalPeer } from '../clients/shoal-peer.ts';
import { type Host, Hosts } from '../hosts.ts';
import { differences, hashFolder, PAYLOAD_NAME, writePayload } from '../payload.ts';
import { output } from '../run.ts';
import { createTorrent } from '../torrent-maker.ts';
import { shoalTracker } from '../trackers/shoal-tracker.ts';
import { announceUrl, type TrackerTransport } from '../trackers/tracker.ts';

const FLAGS = ['--no-dht', '--no-lsd', '--seed-time', '60'];

/** Takes the IPv4 addresses away for as long as `run` takes: hosts are used again. */
async function withoutIpv4(hosts: readonly Host[], run: () => Promise<void>): Promise<void> {
  const ip = (host: Host, ...args: string[]) => output(Hosts.on(host, ['ip', ...args]));
  for (const host of hosts) await ip(host, '-4', 'address', 'flush', 'dev', 'eth0');
  try {
    await run();
  } finally {
    for (const host of hosts) {
      await ip(host, 'address', 'add', `${host.v4}/24`, 'dev', 'eth0');
      await ip(host, 'route', 'replace', 'default', 'dev', 'eth0');
    }
  }
}

/** Host 4 knows the seeder alone, from its magnet; it and host 3 meet by peer exchange. */
async function runSwarm(arena: Arena, transport: TrackerTransport): Promise<void> {
  const [trackerHost, second, third, fourth] = [1, 2, 3, 4].map((n) => arena.host(n)) as [
    Host,
    Host,
    Host,
    Host,
  ];
  const source = await arena.subfolder('source');
  const whole = await hashFolder(await writePayload(source));
  const url = announceUrl(transport, `[${trackerHost.v6}]`);
  const torrent = await createTorrent(arena, join(source, PAYLOAD_NAME), '-t', url);
  await shoalTracker.start(arena, trackerHost, [torrent.infoHash]);
  const start = async (host: Host, given: string, folder: string): Promise<ShoalPeer> => {
    const flags = [...FLAGS, '--up-limit', '6M'];
    const peer = new ShoalPeer(arena, { host, sources: [given], folder, flags });
    await peer.start();
    return peer;
  };
  const seeder = await start(second, torrent.path, source);
  await seeder.until('the tracker', () => seeder.eventsOf('tracker').length > 0);
  const magnet = `magnet:?xt=urn:btih:${torrent.infoHash}&x.pe=[${second.v6}]:6881`;
  const leechers = [
    await start(third, torrent.path, await arena.subfolder('host-3')),
    await start(fourth, magnet, await arena.subfolder('host-4')),
  ];
  for (const leecher of leechers) {
    await leecher.until('everything', () => leecher.isComplete(torrent.infoHash));
    const found = differences(whole, await hashFolder(join(leecher.folder, PAYLOAD_NAME)));
    if (found.length > 0) throw new Error(`fetched wrongly: ${found.join(', ')}`);
    const others = [second, third, fourth].filter(({ v6 }) => v6 !== leecher.host.v6);
    const missed = others.filter(({ v6 }) => !leecher.met(torrent.infoHash).has(v6));
    if (missed.length > 0)
      throw new Error(`${leecher.host.v6} did not meet ${missed.map(({ v6 }) => v6).join(', ')}`);
  }
}

export const ipv6OnlyCases: readonly Case[] = (['http', 'udp'] as const).map((transport) => ({
  name: `no IPv4 at all: shoal -> shoal + shoal by magnet, shoal-tracker over ${transport}`,
  needs: ['transmission-show'],
  needsHosts: true,
  limitS: 60,
  run: async (arena) => {
    const hosts = [1, 2, 3, 4].map((n) => arena.host(n));
    await withoutIpv4(hosts, () => runSwarm(arena, transport));
  },
}));
