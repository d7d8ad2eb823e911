/** All swarms of peers that speak WebSocket, found by infohash; none is kept without peers. */
import type { InfoHash, PeerId, Random } from '@shoal/units';
import { halfSipHash } from '../swarm/half-sip-hash.ts';
import { readInfoHashWords } from '../swarm/swarm-store.ts';
import { type PeerLink, type WebSocketPeer, WebSocketSwarm } from './websocket-swarm.ts';

/** What an announce says of its peer. */
export interface PeerNews {
  readonly infoHash: InfoHash;
  readonly peerId: PeerId;
  readonly link: PeerLink;
  readonly isSeeder: boolean;
  readonly hasCompleted: boolean;
  readonly nowMs: number;
}

export class WebSocketSwarms {
  readonly #key: Int32Array;
  readonly #words = new Int32Array(5);
  /** By a keyed hash of the infohash; those that share one, in a list. */
  readonly #byHash = new Map<number, WebSocketSwarm[]>();
  /** Those that announced last stand at the end. */
  readonly #peers = new Set<WebSocketPeer>();
  #swarmCount = 0;
  #mixedCount = 0;

  constructor(random: Random) {
    this.#key = new Int32Array(new Uint8Array(random.bytes(8)).buffer);
  }

  get swarmCount(): number {
    return this.#swarmCount;
  }

  /** Swarms that have only WebSocket peers, as of their last announces. */
  get ownSwarmCount(): number {
    return this.#swarmCount - this.#mixedCount;
  }

  get peerCount(): number {
    return this.#peers.size;
  }

  /** @param words - the infohash as five words */
  find(words: Int32Array): WebSocketSwarm | undefined {
    if (this.#swarmCount === 0) return undefined;
    const list = this.#byHash.get(halfSipHash(this.#key, words, 5));
    return list?.find(({ infoHash }) => this.#isNamed(infoHash, words));
  }

  /** Adds or refreshes a peer. The caller has seen to it that its id is its own. */
  announce(news: PeerNews): WebSocketPeer {
    const { nowMs, isSeeder } = news;
    const swarm = this.#open(news.infoHash);
    const known = swarm.find(news.peerId);
    if (known === undefined) {
      const added = swarm.add(news.peerId, news.link, isSeeder, nowMs);
      this.#peers.add(added);
      news.link.peers.add(added);
      return added;
    }
    known.heardMs = nowMs;
    this.#peers.delete(known);
    this.#peers.add(known);
    if (isSeeder !== known.isSeeder) {
      if (isSeeder && news.hasCompleted) swarm.completedCount++;
      swarm.turn(known, isSeeder);
    }
    return known;
  }

  /** Removes a peer; nothing if it is gone already. */
  remove(peer: WebSocketPeer): void {
    if (!this.#peers.delete(peer)) return;
    peer.link.peers.delete(peer);
    peer.swarm.remove(peer);
    if (peer.swarm.size === 0) this.#close(peer.swarm);
  }

  /** Removes a swarm with its peers. */
  delete(swarm: WebSocketSwarm): void {
    for (const peer of [...swarm]) this.remove(peer);
  }

  /** Notes whether there are other peers in a swarm too. */
  setMixed(swarm: WebSocketSwarm, isMixed: boolean): void {
    if (swarm.isMixed === isMixed || swarm.size === 0) return;
    swarm.isMixed = isMixed;
    this.#mixedCount += isMixed ? 1 : -1;
  }

  /** The peers that have not announced since, oldest first. */
  *quietSince(timeMs: number): Generator<WebSocketPeer> {
    for (const peer of this.#peers) {
      if (peer.heardMs >= timeMs) return;
      yield peer;
    }
  }

  /** Every swarm, in no order. */
  *[Symbol.iterator](): Generator<WebSocketSwarm> {
    for (const list of this.#byHash.values()) yield* list;
  }

  #open(infoHash: InfoHash): WebSocketSwarm {
    const words = new Int32Array(5);
    readInfoHashWords(words, infoHash, 0);
    const known = this.find(words);
    if (known !== undefined) return known;
    const swarm = new WebSocketSwarm(infoHash);
    const hash = halfSipHash(this.#key, words, 5);
    const list = this.#byHash.get(hash);
    if (list === undefined) this.#byHash.set(hash, [swarm]);
    else list.push(swarm);
    this.#swarmCount++;
    return swarm;
  }

  #close(swarm: WebSocketSwarm): void {
    readInfoHashWords(this.#words, swarm.infoHash, 0);
    const hash = halfSipHash(this.#key, this.#words, 5);
    const rest = this.#byHash.get(hash)!.filter((other) => other !== swarm);
    if (rest.length === 0) this.#byHash.delete(hash);
    else this.#byHash.set(hash, rest);
    this.#swarmCount--;
    if (swarm.isMixed) this.#mixedCount--;
  }

  #isNamed(infoHash: InfoHash, words: Int32Array): boolean {
    readInfoHashWords(this.#words, infoHash, 0);
    return this.#words.every((word, at) => word === words[at]);
  }
}
