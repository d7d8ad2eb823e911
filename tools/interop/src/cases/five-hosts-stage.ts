/** The five hosts: what each begins with, and how they can find each other. */
import { randomBytes } from 'node:crypto';
import { copyFile, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { Arena } from '../arena.ts';
import type { TorrentFile } from '../clients/client.ts';
import { ShoalPeer } from '../clients/shoal-peer.ts';
import type { Host } from '../hosts.ts';
import { writePayload } from '../payload.ts';
import { createTorrent } from '../torrent-maker.ts';
import { announceUrl } from '../trackers/tracker.ts';

/** How the hosts find each other. */
export interface Meeting {
  readonly name: string;
  readonly hasTracker: boolean;
  /** Flags of every peer. */
  flags(first: Host): readonly string[];
}

/** The one file of the second torrent. */
export const SECOND_NAME = 'atoll.bin';
const SECOND_LENGTH = 3 * 1024 * 1024 + 5;
/** Fast enough to give one copy in 5 s. */
const FIRST_LIMIT = ['--up-limit', '4M'];
/** By then none of the others has it all: they get 1M of host 1 and 512K of each other. */
const OTHER_LIMIT = ['--up-limit', '512K'];
/** Minutes: until the case ends. */
const SEED = ['--seed-time', '60'];

export interface Stage {
  readonly arena: Arena;
  readonly meeting: Meeting;
  readonly first: ShoalPeer;
  /** Hosts 2 to 5. */
  readonly others: readonly ShoalPeer[];
  readonly torrent: TorrentFile;
  readonly second: TorrentFile;
  /** Where the originals lie. */
  readonly source: string;
}

/** Starts everybody: hosts 2 to 5 at once, when host 1 is ready. */
export async function openStage(arena: Arena, meeting: Meeting): Promise<Stage> {
  const hosts = [1, 2, 3, 4, 5].map((n) => arena.host(n));
  const [one, two] = hosts as [Host, Host];
  const { source, torrents, torrent, second } = await makeTorrents(arena, meeting);
  const peer = async (host: Host, given: readonly string[], limit: readonly string[]) => {
    const flags = [...SEED, ...limit, ...meeting.flags(one)];
    const folder = host === one ? source : await arena.subfolder(`host-${hosts.indexOf(host) + 1}`);
    return new ShoalPeer(arena, { host, sources: given, folder, flags });
  };
  const first = await peer(one, [torrent.path], FIRST_LIMIT);
  const magnets = [magnet(torrent, one, meeting), magnet(second, two, meeting)];
  const given = [[torrents], [torrents], [torrents], magnets];
  const others: ShoalPeer[] = [];
  for (const [at, host] of hosts.slice(1).entries())
    others.push(await peer(host, given[at] ?? [], OTHER_LIMIT));

  await first.start();
  await first.until('the originals to be checked', () => first.isComplete(torrent.infoHash));
  const isOwnTracker = () => first.eventsOf('tracker').some(({ ok }) => ok === true);
  if (meeting.hasTracker) await first.until('a tracker of its own', isOwnTracker);
  await Promise.all(others.map((other) => other.start()));
  return { arena, meeting, first, others, torrent, second, source };
}

/** The second torrent's file lies with host 2, which is its tracker. */
async function makeTorrents(arena: Arena, { hasTracker }: Meeting) {
  const source = await arena.subfolder('source');
  const secondPath = join(await arena.subfolder('host-2'), SECOND_NAME);
  const payload = await writePayload(source);
  await writeFile(secondPath, randomBytes(SECOND_LENGTH));
  const tracker = (n: number): string[] =>
    hasTracker ? ['-t', announceUrl('http', arena.host(n).v4)] : [];
  const torrent = await createTorrent(arena, payload, ...tracker(1));
  const second = await createTorrent(arena, secondPath, ...tracker(2));
  const torrents = await arena.subfolder('torrents');
  for (const { path } of [torrent, second]) await copyFile(path, join(torrents, basename(path)));
  return { source, torrents, torrent, second };
}

/** Nothing but the infohash; where there is a tracker it is told one peer, and no tracker. */
function magnet({ infoHash }: TorrentFile, peer: Host, { hasTracker }: Meeting): string {
  return `magnet:?xt=urn:btih:${infoHash}${hasTracker ? `&x.pe=${peer.v4}:6881` : ''}`;
}
