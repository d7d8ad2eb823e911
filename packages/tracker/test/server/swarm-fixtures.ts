/** Stores with small limits, announces to them, and what they then hold. */
import { seededRandom } from '@shoal/testkit';
import { expect } from 'vitest';
import { MemorySwarmStore } from '../../src/server/swarm/memory-swarm-store.ts';
import { Announce, type SwarmCounts } from '../../src/server/swarm/swarm-store.ts';

export const LIFETIME_S = 100;
/** Peers are numbered below this. */
export const PEER_COUNT = 150;

/** Fills in an announce of torrent `torrent` by peer `peer`. */
export function announceOf(
  torrent: number,
  peer: number,
  details: Partial<
    Pick<
      Announce,
      'isSeeder' | 'isStopped' | 'hasStarted' | 'hasCompleted' | 'nowMs' | 'family' | 'clientTag'
    >
  >,
): Announce {
  const announce = new Announce();
  const { isSeeder = false, isStopped = false, nowMs = 0 } = details;
  const { hasStarted = false, hasCompleted = false } = details;
  Object.assign(announce, { isSeeder, isStopped, hasStarted, hasCompleted, nowMs });
  announce.family = details.family ?? 4;
  announce.infoHash.fill(0x0101_0101 * torrent);
  announce.peer.fill(peer);
  announce.setPort(1_000 + peer);
  announce.clientTag = details.clientTag ?? 0;
  announce.peerIds = peerIdOf(announce.clientTag);
  return announce;
}

/** The peer id of a client: of zeros, as one that is not known, for 0. */
export function peerIdOf(clientTag: number): Uint8Array {
  return new Uint8Array(20).fill(clientTag).fill(clientTag >> 8, 0, 3);
}

/**
 * Three clients that may be at each pair of peers' addresses, the third one without a key; 0 for none
 * that says who it is.
 */
export function clientTagOf(peer: number, client: number): number {
  return client === 0 ? 0 : (((peer >> 1) * 4 + client) << 1) | (client === 3 ? 0 : 1);
}

export function peersOf(
  store: MemorySwarmStore,
  announce: Announce,
  family: 4 | 6,
  maxCount: number,
): number[] {
  const width = widthOf(family);
  const into = Buffer.alloc(width * PEER_COUNT + 2);
  const length = store.copyPeers(announce, family, maxCount, into, 2);
  const peers: number[] = [];
  for (let at = 2; at < 2 + length; at += width) peers.push(into[at]!);
  const records = peers.map((peer) => RECORDS[family][peer]!);
  expect(into.subarray(2, 2 + length).equals(Buffer.concat(records))).toBe(true);
  return peers;
}

function widthOf(family: 4 | 6): number {
  return family === 4 ? 6 : 18;
}

/** All peers as they stand in compact lists. */
function recordsOf(family: 4 | 6): Uint8Array[] {
  return Array.from({ length: PEER_COUNT }, (_, peer) =>
    announceOf(0, peer, { family }).peer.subarray(0, widthOf(family)),
  );
}

const RECORDS = { 4: recordsOf(4), 6: recordsOf(6) };

/** 20 bytes each. */
export function peerIdsOf(
  store: MemorySwarmStore,
  peers: readonly number[],
  family: 4 | 6,
): Buffer {
  const records = peers.map((peer) => RECORDS[family][peer]!);
  const into = Buffer.alloc(20 * peers.length, 0xee);
  store.copyPeerIds(family, Buffer.concat(records), into);
  return into;
}

export function makeStore(
  limits: Partial<ConstructorParameters<typeof MemorySwarmStore>[0]> = {},
): MemorySwarmStore {
  return new MemorySwarmStore({
    random: seededRandom(1),
    peerLifetimeS: LIFETIME_S,
    shardCount: 1,
    ...limits,
  });
}

export function countsOf({ seederCount, leecherCount, completedCount }: Announce): SwarmCounts {
  return { seederCount, leecherCount, completedCount };
}

export function scrape(store: MemorySwarmStore, torrent: number): SwarmCounts {
  const counts = { seederCount: 0, leecherCount: 0, completedCount: 0 };
  store.scrape(announceOf(torrent, 0, {}).infoHash, counts);
  return counts;
}
