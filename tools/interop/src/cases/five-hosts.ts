/**
 * Five hosts: host 1 seeds first. Hosts 2 to 4 start with a folder of .torrent files, host 5 with
 * magnets. Host 1 dies half way, host 3 dies and comes back, host 2 seeds a second torrent
 * meanwhile; all end up equal. A tracker is the first seeder itself, as the torrent names its host.
 */
import { join } from 'node:path';
import type { Case } from '../case.ts';
import type { TorrentFile } from '../clients/client.ts';
import { hostOf, type ShoalPeer } from '../clients/shoal-peer.ts';
import { giftTable } from '../gift-table.ts';
import type { Host } from '../hosts.ts';
import { differences, hashFolder, PAYLOAD_NAME } from '../payload.ts';
import { until } from '../until.ts';
import { type Meeting, openStage, SECOND_NAME, type Stage } from './five-hosts-stage.ts';

/** Everybody has met everybody, and nobody has announced twice. */
async function untilMet({ first, others, torrent }: Stage): Promise<void> {
  const all = [first, ...others];
  for (const one of others) {
    const missing = (): ShoalPeer[] =>
      all.filter(({ host }) => host !== one.host && !hasMet(one, host, torrent));
    await one.until('all others to be met', () => missing().length === 0);
    const announces = one.eventsOf('tracker', torrent.infoHash).length;
    if (announces > 1) throw new Error(`${one.host.v4} announced ${announces} times to learn that`);
  }
}

function hasMet(peer: ShoalPeer, { v4, v6 }: Host, { infoHash }: TorrentFile): boolean {
  const met = peer.met(infoHash);
  return met.has(v4) || met.has(v6);
}

function hasLost(peer: ShoalPeer, { v4, v6 }: Host, { infoHash }: TorrentFile): boolean {
  return peer
    .eventsOf('peer', infoHash)
    .filter(({ state, reason }) => state === 'left' && reason !== 'connected twice')
    .some(({ address }) => [v4, v6].includes(hostOf(String(address))));
}

/** Host 1 goes as soon as the others have one copy between them; none of them has it all. */
async function killFirst({ arena, first, others, torrent }: Stage): Promise<void> {
  const [checked] = first.eventsOf('checked', torrent.infoHash);
  const pieceCount = Number(checked?.pieceCount);
  await until('one copy among hosts 2 to 5', arena.signal, () => {
    const found = new Set(others.flatMap((other) => [...other.pieces(torrent.infoHash)]));
    return found.size === pieceCount ? true : undefined;
  });
  await first.kill();
  const counts = others.map((other) => other.pieces(torrent.infoHash).size);
  if (counts.some((count) => count === pieceCount))
    throw new Error(`host 1 lived too long: ${counts.join(', ')} of ${pieceCount} pieces`);
  arena.note(`host 1 killed at ${counts.join(', ')} of ${pieceCount} pieces`);
}

/** Host 3 dies, comes back by the same command line, and fetches nothing a second time. */
async function killThird(stage: Stage): Promise<() => void> {
  const { arena, first, others, torrent, second } = stage;
  const third = others[1]!;
  await third.until('host 1 to be missed', () => hasLost(third, first.host, torrent));
  const before = new Map([torrent, second].map(({ infoHash }) => [infoHash, new Set<number>()]));
  await third.kill();
  for (const [infoHash, pieces] of before)
    for (const index of third.pieces(infoHash)) pieces.add(index);
  const killedAtMs = performance.now();
  await third.start();
  await third.until('a peer after the restart', () => third.met(torrent.infoHash).size > 0);
  const tookS = ((performance.now() - killedAtMs) / 1000).toFixed(1);
  const kept = before.get(torrent.infoHash)!.size;
  arena.note(`host 3 killed with ${kept} pieces, back among its peers after ${tookS} s`);
  return () => {
    for (const [infoHash, pieces] of before) demandResumed(third, infoHash, pieces);
  };
}

function demandResumed(peer: ShoalPeer, infoHash: string, before: ReadonlySet<number>): void {
  const [checked] = peer.eventsOf('checked', infoHash);
  const good = Number(checked?.goodPieces);
  if (!(good >= before.size)) throw new Error(`of ${before.size} pieces only ${good} were found`);
  const again = [...peer.pieces(infoHash)].filter((index) => before.has(index));
  if (again.length > 0) throw new Error(`fetched a second time: pieces ${again.join(', ')}`);
}

/** Everything is complete and equal everywhere, and the programs end well. */
async function untilEqual({ others, torrent, second, source }: Stage): Promise<void> {
  for (const other of others)
    for (const { infoHash } of [torrent, second])
      await other.until(`${infoHash} to be complete`, () => other.isComplete(infoHash));
  const whole = await hashFolder(join(source, PAYLOAD_NAME));
  const seconds = await hashFolder(join(others[0]!.folder));
  for (const { folder, host } of others) {
    const found = differences(whole, await hashFolder(join(folder, PAYLOAD_NAME)));
    if ((await hashFolder(folder)).get(SECOND_NAME) !== seconds.get(SECOND_NAME))
      found.push(`${SECOND_NAME} differs`);
    if (found.length > 0) throw new Error(`${host.v4} fetched wrongly: ${found.join(', ')}`);
  }
  for (const other of others) await other.stop();
}

function noteGifts({ arena, first, others, torrent, second }: Stage): void {
  const witnesses = [first, ...others].map(({ host, events }, index) => ({
    name: `host ${index + 1}`,
    addresses: [host.v4, host.v6],
    events,
  }));
  arena.note(giftTable(witnesses, torrent.infoHash));
  arena.note(`${SECOND_NAME}\n${giftTable(witnesses, second.infoHash)}`);
}

function fiveHosts(meeting: Meeting): Case {
  return {
    name: `five hosts, ${meeting.name}`,
    needs: ['transmission-show'],
    needsHosts: true,
    limitS: 60,
    run: async (arena) => {
      const stage = await openStage(arena, meeting);
      await untilMet(stage);
      await killFirst(stage);
      const demandNothingTwice = await killThird(stage);
      await untilEqual(stage);
      demandNothingTwice();
      noteGifts(stage);
    },
  };
}

export const fiveHostsCases: readonly Case[] = [
  fiveHosts({
    name: 'a tracker and peer exchange',
    hasTracker: true,
    flags: () => ['--no-dht', '--no-lsd'],
  }),
  fiveHosts({
    name: 'DHT alone',
    hasTracker: false,
    flags: ({ v4 }) => ['--no-lsd', '--no-pex', '--dht-bootstrap', `${v4}:6881`],
  }),
  fiveHosts({
    name: 'local discovery alone',
    hasTracker: false,
    flags: () => ['--no-dht', '--no-pex'],
  }),
];
