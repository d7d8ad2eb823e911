/** A swarm store whose counts have the WebSocket peers in them, which it never gives to others. */
import {
  type Announce,
  readInfoHashWords,
  type SwarmCounts,
  type SwarmStore,
  type SwarmVisitor,
} from '../swarm/swarm-store.ts';
import type { WebSocketSwarm } from './websocket-swarm.ts';
import type { WebSocketSwarms } from './websocket-swarms.ts';

/** Swarms of WebSocket peers that a slice of the sweep looks at. */
const MIXED_SLICE = 200;

export class CountingStore implements SwarmStore {
  readonly #store: SwarmStore;
  readonly #swarms: WebSocketSwarms;
  /** The way round that `sweep` is on. */
  #round: Iterator<WebSocketSwarm> | undefined;

  constructor(store: SwarmStore, swarms: WebSocketSwarms) {
    this.#store = store;
    this.#swarms = swarms;
  }

  get swarmCount(): number {
    return this.#store.swarmCount + this.#swarms.ownSwarmCount;
  }

  get peerCount(): number {
    return this.#store.peerCount + this.#swarms.peerCount;
  }

  /** Of the others: WebSocket peers are objects of their connections. */
  get byteLength(): number {
    return this.#store.byteLength;
  }

  get shedCount(): number {
    return this.#store.shedCount;
  }

  get expiredCount(): number {
    return this.#store.expiredCount;
  }

  get lookCount(): number {
    return this.#store.lookCount + this.#swarms.swarmCount;
  }

  /** The last one has the swarms of WebSocket peers alone. */
  get sliceCount(): number {
    return this.#store.sliceCount + 1;
  }

  announce(announce: Announce): void {
    this.#store.announce(announce);
    this.#add(announce.infoHash, announce);
  }

  copyPeers(
    announce: Announce,
    family: 4 | 6,
    maxCount: number,
    into: Uint8Array,
    at: number,
  ): number {
    return this.#store.copyPeers(announce, family, maxCount, into, at);
  }

  copyPeerIds(family: 4 | 6, peers: Uint8Array, into: Uint8Array): void {
    this.#store.copyPeerIds(family, peers, into);
  }

  scrape(infoHash: Int32Array, counts: SwarmCounts): void {
    this.#store.scrape(infoHash, counts);
    this.#add(infoHash, counts);
  }

  sweep(nowMs: number, count: number): void {
    this.#store.sweep(nowMs, count);
    for (let left = MIXED_SLICE; left > 0; left--) {
      this.#round ??= this.#swarms[Symbol.iterator]();
      const { value: swarm, done } = this.#round.next();
      if (done === true) {
        this.#round = undefined;
        return;
      }
      this.#unmix(swarm);
    }
  }

  visitSlice(slice: number, visit: SwarmVisitor): void {
    if (slice === this.#store.sliceCount) return this.#visitOwn(visit);
    const sum: SwarmCounts = { seederCount: 0, leecherCount: 0, completedCount: 0 };
    const words = new Int32Array(5);
    this.#store.visitSlice(slice, (table, at, counts) => {
      if (this.#swarms.swarmCount === 0) return visit(table, at, counts);
      for (let word = 0; word < 5; word++) words[word] = table[at + word]!;
      Object.assign(sum, counts);
      this.#add(words, sum);
      visit(table, at, sum);
    });
  }

  /** WebSocket peers of this process are gone until their next announce. */
  delete(infoHash: Int32Array): boolean {
    const wasThere = this.#store.delete(infoHash);
    const swarm = this.#swarms.find(infoHash);
    const wasHere = swarm !== undefined && swarm.size > 0;
    if (swarm !== undefined) this.#swarms.delete(swarm);
    return wasThere || wasHere;
  }

  /** Looks whether a swarm still has other peers than those of WebSocket: they leave unheard. */
  #unmix(swarm: WebSocketSwarm): void {
    if (!swarm.isMixed) return;
    const words = new Int32Array(5);
    const others: SwarmCounts = { seederCount: 0, leecherCount: 0, completedCount: 0 };
    readInfoHashWords(words, swarm.infoHash, 0);
    this.#store.scrape(words, others);
    this.#swarms.setMixed(swarm, others.seederCount + others.leecherCount > 0);
  }

  #visitOwn(visit: SwarmVisitor): void {
    const words = new Int32Array(5);
    for (const swarm of this.#swarms) {
      this.#unmix(swarm);
      if (swarm.isMixed) continue;
      readInfoHashWords(words, swarm.infoHash, 0);
      const { seederCount, leecherCount, completedCount } = swarm;
      visit(words, 0, { seederCount, leecherCount, completedCount });
    }
  }

  #add(infoHash: Int32Array, counts: SwarmCounts): void {
    const swarm = this.#swarms.find(infoHash);
    if (swarm === undefined) return;
    this.#swarms.setMixed(swarm, counts.seederCount + counts.leecherCount > 0);
    counts.seederCount += swarm.seederCount;
    counts.leecherCount += swarm.leecherCount;
    counts.completedCount += swarm.completedCount;
  }
}
