/** Announces to stores, and what the stores then hold. */
import type { MemorySwarmStore } from '../../../src/server/swarm/memory-swarm-store.ts';
import {
  Announce,
  type SwarmCounts,
  type SwarmStore,
} from '../../../src/server/swarm/swarm-store.ts';

export interface Word {
  readonly torrent: number;
  readonly peer: number;
  readonly family?: 4 | 6;
  readonly isSeeder?: boolean;
  readonly isStopped?: boolean;
  readonly hasCompleted?: boolean;
  /** Which of the clients that may be at the peer's address; 0 for one that does not say. */
  readonly client?: number;
}

/** @returns the announce as the store left it */
export function announceTo(store: SwarmStore, nowMs: number, word: Word): Announce {
  const announce = new Announce();
  const { family = 4, isSeeder = false, isStopped = false, hasCompleted = false } = word;
  Object.assign(announce, { nowMs, family, isSeeder, isStopped, hasCompleted });
  announce.infoHash.fill(word.torrent);
  announce.peer.fill(0).set([10, word.peer >> 16, word.peer >> 8, word.peer]);
  announce.setPort(6_881);
  const { client = 0 } = word;
  if (client > 0) announce.readClient(peerIdOf(word.peer, client), 0, client);
  store.announce(announce);
  return announce;
}

/** Of a client of that number at the address of a peer. */
export function peerIdOf(peer: number, client: number): Uint8Array {
  return new Uint8Array(20).fill(client).fill(peer, 0, 2);
}

export function countsOf(store: SwarmStore, torrent: number): SwarmCounts {
  const counts = { seederCount: 0, leecherCount: 0, completedCount: 0 };
  store.scrape(new Int32Array(5).fill(torrent), counts);
  return counts;
}

/** Every peer of every swarm, as sorted text: `torrent peer family state client`, and its peer id. */
export function contentsOf(store: MemorySwarmStore): string[] {
  const contents: string[] = [];
  let torrent = 0;
  let family = 4;
  const sink = {
    openSet(words: Int32Array, at: number, of: 4 | 6) {
      torrent = words[at]!;
      family = of;
    },
    addPeer(
      bytes: Uint8Array,
      at: number,
      _tick: number,
      isSeeder: boolean,
      clientTag: number,
      peerIds: Uint8Array | undefined,
      peerIdAt: number,
    ) {
      const peer = (bytes[at + 1]! << 16) | (bytes[at + 2]! << 8) | bytes[at + 3]!;
      const state = isSeeder ? 'seeder' : 'leecher';
      const id = peerIds?.subarray(peerIdAt, peerIdAt + 20).join('.') ?? '';
      contents.push(`${torrent} ${peer} ${family} ${state} ${clientTag} ${id}`);
    },
  };
  const reader = store.reader();
  while (reader.read(1_000, sink));
  return contents.sort();
}
