/** The store with its caps in reach, against lists: who is shed, and that nobody else is. */
import { seededRandom } from '@shoal/testkit';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { KnownPeer } from '../../src/server/swarm/known-peer.ts';
import { MemorySwarmStore } from '../../src/server/swarm/memory-swarm-store.ts';
import { Announce, type SwarmCounts } from '../../src/server/swarm/swarm-store.ts';

const LIFETIME_S = 100;
const MAX_SWARMS = 4;
const MAX_PEERS = 25;
const MAX_PEERS_PER_SWARM = 12;

/** Peers by name; a swarm is shed after all that were announced to less often or longer ago. */
interface ModelSwarm {
  readonly torrent: number;
  readonly heardAtS: Map<string, number>;
  wasAnnouncedAgain: boolean;
}

function announceOf(torrent: number, peer: number, family: 4 | 6, nowS: number): Announce {
  return fill(new Announce(), torrent, peer, family, nowS);
}

function fill(
  announce: Announce,
  torrent: number,
  peer: number,
  family: 4 | 6,
  nowS: number,
): Announce {
  announce.family = family;
  announce.nowMs = 1_000 * nowS;
  announce.infoHash.fill(torrent);
  announce.peer.fill(peer);
  announce.setPort(1_000 + peer);
  return announce;
}

/** The swarms in the order in which they are shed. */
class Model {
  swarms: ModelSwarm[] = [];

  get peerCount(): number {
    return this.swarms.reduce((sum, { heardAtS }) => sum + heardAtS.size, 0);
  }

  find(torrent: number): ModelSwarm | undefined {
    return this.swarms.find((swarm) => swarm.torrent === torrent);
  }

  /** The next to go, other than `kept` while there is another. */
  next(kept?: ModelSwarm): ModelSwarm | undefined {
    const inOrder = [
      ...this.swarms.filter(({ wasAnnouncedAgain }) => !wasAnnouncedAgain),
      ...this.swarms.filter(({ wasAnnouncedAgain }) => wasAnnouncedAgain),
    ];
    return inOrder.find((swarm) => swarm !== kept) ?? kept;
  }

  dropEmpty(): void {
    this.swarms = this.swarms.filter(({ heardAtS }) => heardAtS.size > 0);
  }

  sweep(nowS: number): void {
    for (const { heardAtS } of this.swarms)
      for (const [name, atS] of heardAtS) if (nowS - atS > LIFETIME_S) heardAtS.delete(name);
    this.dropEmpty();
  }

  stop(torrent: number, name: string): void {
    this.find(torrent)?.heardAtS.delete(name);
    this.dropEmpty();
  }

  /** @returns the swarm that one peer is shed from, of IPv4 while it has any */
  announce(torrent: number, name: string, nowS: number): ModelSwarm | undefined {
    let swarm = this.find(torrent);
    if (swarm === undefined) {
      if (this.swarms.length >= MAX_SWARMS)
        this.swarms.splice(this.swarms.indexOf(this.next()!), 1);
      swarm = { torrent, heardAtS: new Map(), wasAnnouncedAgain: false };
    } else {
      swarm.wasAnnouncedAgain = true;
      this.swarms.splice(this.swarms.indexOf(swarm), 1);
    }
    this.swarms.push(swarm);
    const isNew = !swarm.heardAtS.has(name);
    swarm.heardAtS.set(name, nowS);
    if (!isNew) return undefined;
    const family = name.slice(0, 1);
    const ofFamily = [...swarm.heardAtS.keys()].filter((other) => other.startsWith(family));
    if (ofFamily.length > MAX_PEERS_PER_SWARM) return swarm;
    return this.peerCount > MAX_PEERS ? this.next(swarm) : undefined;
  }
}

const known = {} as KnownPeer;
const asked = new Announce();
const isKept = (store: MemorySwarmStore, torrent: number, name: string, nowS: number): boolean => {
  const [family, peer] = name.split(' ').map(Number) as [4 | 6, number];
  return store.find(fill(asked, torrent, peer, family, nowS), known);
};

const commands = fc.array(
  fc.record({
    torrent: fc.nat(6),
    peer: fc.nat(19),
    /** So many peers in a row announce alike. */
    peerCount: fc.integer({ min: 4, max: 16 }),
    family: fc.constantFrom(4 as const, 4 as const, 6 as const),
    isStopped: fc.constantFrom(false, false, false, true),
    waitS: fc.constantFrom(0, 0, 0, 0, 1, 1, 30),
  }),
  { minLength: 20, maxLength: 60 },
);

test('sheds one peer or one swarm at a time, of the swarm that is next, and keeps all others', () => {
  let shedCount = 0;
  fc.assert(
    fc.property(commands, fc.nat(), (list, seed) => {
      const store = new MemorySwarmStore({
        ...{ random: seededRandom(seed), peerLifetimeS: LIFETIME_S, shardCount: 1 },
        ...{ maxSwarmCount: MAX_SWARMS, maxPeerCount: MAX_PEERS },
        maxPeersPerSwarm: MAX_PEERS_PER_SWARM,
      });
      const model = new Model();
      let nowS = 0;
      for (const { torrent, peer, peerCount, family, isStopped, waitS } of list) {
        nowS += waitS;
        store.sweep(1_000 * nowS, 1_000_000);
        model.sweep(nowS);
        for (let step = 0; step < peerCount; step++) {
          const number = (peer + step) % 20;
          const name = `${family} ${number}`;
          const announce = announceOf(torrent, number, family, nowS);
          announce.isStopped = isStopped;
          store.announce(announce);
          if (isStopped) model.stop(torrent, name);
          else takeShed(store, model.announce(torrent, name, nowS), nowS);
          model.dropEmpty();
          demandEqual(store, model, nowS);
        }
      }
      shedCount += store.shedCount;
    }),
    { numRuns: 30 },
  );
  expect(shedCount).toBeGreaterThan(500);
});

/** Takes out of the model who was shed: whom chance chose is for the store to say. */
function takeShed(store: MemorySwarmStore, swarm: ModelSwarm | undefined, nowS: number): void {
  if (swarm === undefined) return;
  const gone = [...swarm.heardAtS.keys()].filter(
    (name) => !isKept(store, swarm.torrent, name, nowS),
  );
  expect(gone).toHaveLength(1);
  swarm.heardAtS.delete(gone[0]!);
}

function demandEqual(store: MemorySwarmStore, model: Model, nowS: number): void {
  const held = [store.peerCount, store.swarmCount];
  const expected = [model.peerCount, model.swarms.length];
  const counts: SwarmCounts = { seederCount: 0, leecherCount: 0, completedCount: 0 };
  for (let torrent = 0; torrent <= 6; torrent++) {
    const names = [...(model.find(torrent)?.heardAtS.keys() ?? [])];
    store.scrape(fill(asked, torrent, 0, 4, nowS).infoHash, counts);
    held.push(
      counts.leecherCount,
      names.filter((name) => isKept(store, torrent, name, nowS)).length,
    );
    expected.push(names.length, names.length);
  }
  expect(held).toEqual(expected);
  expect(store.peerCount).toBeLessThanOrEqual(MAX_PEERS);
}
