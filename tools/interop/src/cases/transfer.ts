/** Swarms on hosts of their own: tracker on host 1, a seeder on host 2, leechers from host 3 on. */
import type { Arena } from '../arena.ts';
import type { Case } from '../case.ts';
import { aria2 } from '../clients/aria2.ts';
import type { Client, TorrentFile } from '../clients/client.ts';
import { shoal } from '../clients/shoal.ts';
import { transmission } from '../clients/transmission.ts';
import {
  differences,
  hashFolder,
  PAYLOAD_NAME,
  withoutEmptyFiles,
  writePayload,
} from '../payload.ts';
import {
  makeTorrent,
  shoalCreate,
  type TorrentMaker,
  transmissionCreate,
} from '../torrent-maker.ts';
import { opentracker } from '../trackers/opentracker.ts';
import { shoalTracker } from '../trackers/shoal-tracker.ts';
import {
  announceUrl,
  type Tracker,
  type TrackerTransport,
  untilSeeders,
} from '../trackers/tracker.ts';

/** Hosts that the largest swarm here takes. */
export const HOST_COUNT = 5;

interface SwarmPlan {
  readonly seeder: Client;
  readonly leechers: readonly Client[];
  readonly tracker: Tracker;
  readonly transport: TrackerTransport;
  readonly maker: TorrentMaker;
  /** How the announce URL names host 1. */
  readonly family: 'v4' | 'v6';
  /** The leechers have a magnet in place of the .torrent: infohash and tracker. */
  readonly byMagnet: boolean;
}

/** A seeder, leechers and their tracker: all files must come out equal. */
export function swarm(
  part: Partial<SwarmPlan> & Pick<SwarmPlan, 'seeder' | 'leechers' | 'tracker'>,
): Case {
  const plan: SwarmPlan = {
    transport: 'http',
    maker: shoalCreate,
    family: 'v4',
    byMagnet: false,
    ...part,
  };
  const { seeder, leechers, tracker, transport, family, maker, byMagnet } = plan;
  const to = leechers.map(({ name }) => name).join(' + ');
  const made = maker === shoalCreate || maker === transmissionCreate ? '' : `, ${maker.name}`;
  const actors = [seeder, ...leechers, tracker, maker].flatMap(({ programs }) => programs);
  return {
    name: `${seeder.name} -> ${to}${byMagnet ? ' by magnet' : ''}${made}, ${tracker.name} over ${transport} ${family}`,
    needs: ['transmission-show', ...new Set(actors)],
    needsHosts: true,
    limitS: leechers.length > 1 ? 180 : 90,
    run: (arena) => runSwarm(arena, plan),
  };
}

async function runSwarm(arena: Arena, plan: SwarmPlan): Promise<void> {
  const trackerHost = arena.host(1);
  const address = plan.family === 'v4' ? trackerHost.v4 : `[${trackerHost.v6}]`;
  const source = await arena.subfolder('source');
  const payload = await writePayload(source, plan.maker.keepsEmptyFiles);
  const whole = await hashFolder(payload);
  const url = announceUrl(plan.transport, address);
  const torrent = await makeTorrent(arena, plan.maker, payload, url);

  await plan.tracker.start(arena, trackerHost, [torrent.infoHash]);
  await plan.seeder.seed(arena, { host: arena.host(2), torrent, folder: source });
  await untilSeeders(arena, trackerHost, torrent.infoHash, 1);

  const wanted = plan.byMagnet ? magnetOf(torrent, url) : torrent;
  const downloads = await Promise.all(
    plan.leechers.map(async (leecher, index) => {
      const host = arena.host(3 + index);
      const folder = await arena.subfolder(`leech-${host.v4}`);
      return {
        folder,
        leecher,
        complete: await leecher.leech(arena, { host, torrent: wanted, folder }),
      };
    }),
  );
  for (const { folder, leecher, complete } of downloads) {
    await complete();
    const expected = leecher.makesEmptyFiles ? whole : withoutEmptyFiles(whole);
    const found = differences(expected, await hashFolder(`${folder}/${PAYLOAD_NAME}`));
    if (found.length > 0) throw new Error(`${leecher.name} fetched wrongly: ${found.join(', ')}`);
  }
}

function magnetOf({ infoHash }: TorrentFile, url: string): TorrentFile {
  return { infoHash, path: `magnet:?xt=urn:btih:${infoHash}&tr=${encodeURIComponent(url)}` };
}

const TRACKERS: readonly Tracker[] = [shoalTracker, opentracker];
const TRANSPORTS: readonly TrackerTransport[] = ['http', 'udp'];
const PAIRS: readonly (readonly [seeder: Client, leecher: Client])[] = [
  [shoal, aria2],
  [shoal, transmission],
  [aria2, shoal],
  [transmission, shoal],
  [shoal, shoal],
];

/** Without Shoal: shows that what a later failure blames is Shoal and not this tool. */
const controls: readonly Case[] = TRANSPORTS.flatMap((transport) =>
  [
    { seeder: aria2, leecher: transmission },
    { seeder: transmission, leecher: aria2 },
  ].map(({ seeder, leecher }) =>
    swarm({
      seeder,
      leechers: [leecher],
      tracker: opentracker,
      transport,
      maker: transmissionCreate,
    }),
  ),
);

const pairs: readonly Case[] = TRACKERS.flatMap((tracker) =>
  TRANSPORTS.flatMap((transport) =>
    PAIRS.map(([seeder, leecher]) => swarm({ seeder, leechers: [leecher], tracker, transport })),
  ),
);

/** aria2 1.36 asks UDP trackers from an IPv4 socket alone. */
const overV6: readonly Case[] = [
  { leecher: aria2, transport: 'http' as const },
  { leecher: shoal, transport: 'http' as const },
  { leecher: shoal, transport: 'udp' as const },
].map(({ leecher, transport }) =>
  swarm({ seeder: shoal, leechers: [leecher], tracker: shoalTracker, transport, family: 'v6' }),
);

const mixed: readonly Case[] = [shoal, aria2, transmission].map((seeder) =>
  swarm({ seeder, leechers: [shoal, aria2, transmission], tracker: shoalTracker }),
);

export const transferCases: readonly Case[] = [...controls, ...pairs, ...overV6, ...mixed];
