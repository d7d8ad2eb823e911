/** All swarms of peers that speak WebSocket, found by infohash; none is kept without peers. */
import type { InfoHash, PeerId, Random } from '@shoal/units';
import { halfSipHash } from '../swarm/half-sip-hash.ts';
import { readInfoHashWords, type SwarmCounts } from '../swarm/swarm-store.ts';
import {
  type Elsewhere,
  type PeerLink,
  type WebSocketPeer,
  WebSocketSwarm,
} from './websocket-swarm.ts';

/** What an announce says of its peer. */
export interface PeerNews {
  readonly infoHash: InfoHash;
  readonly peerId: PeerId;
  readonly link: PeerLink;
  readonly isSeeder: boolean;
  readonly hasCompleted: boolean;
  readonly nowMs: number;
}

/** Swarms without a peer here that are known of all the same: some 900 bytes each. */
const MAX_ELSEWHERE_COUNT = 200_000;

export class WebSocketSwarms {
  readonly #key: Int32Array;
  readonly #words = new Int32Array(5);
  /** By a keyed hash of the infohash; those that share one, in a list. */
  readonly #byHash = new Map<number, WebSocketSwarm[]>();
  /** Those that announced last stand at the end. */
  readonly #peers = new Set<WebSocketPeer>();
  /** What the other processes were not told of yet. */
  readonly #changed = new Set<WebSocketSwarm>();
  readonly #isShared: boolean;
  #swarmCount = 0;
  #mixedCount = 0;
  #elsewhereCount = 0;
  #elsewherePeerCount = 0;
  /** Goes through all swarms for what processes had that are gone. */
  #sweep: Iterator<WebSocketSwarm> | undefined;

  /** @param isShared - whether other processes are told of changes, by who calls `takeChanged` */
  constructor(random: Random, isShared = false) {
    this.#isShared = isShared;
    this.#key = new Int32Array(new Uint8Array(random.bytes(8)).buffer);
  }

  get swarmCount(): number {
    return this.#swarmCount;
  }

  /** Swarms that have only WebSocket peers, as of their last announces. */
  get ownSwarmCount(): number {
    return this.#swarmCount - this.#mixedCount;
  }

  /** Peers of all processes. */
  get peerCount(): number {
    return this.#peers.size + this.#elsewherePeerCount;
  }

  /** Peers that are connected here. */
  get ownPeerCount(): number {
    return this.#peers.size;
  }

  /** @param words - the infohash as five words */
  find(words: Int32Array): WebSocketSwarm | undefined {
    if (this.#swarmCount === 0) return undefined;
    const list = this.#byHash.get(halfSipHash(this.#key, words, 5));
    return list?.find(({ infoHash }) => this.#isNamed(infoHash, words));
  }

  ofInfoHash(infoHash: InfoHash): WebSocketSwarm | undefined {
    const words = new Int32Array(5);
    readInfoHashWords(words, infoHash, 0);
    return this.find(words);
  }

  /** Adds or refreshes a peer. The caller has seen to it that its id is its own. */
  announce(news: PeerNews): WebSocketPeer {
    const { nowMs, isSeeder } = news;
    const swarm = this.#open(news.infoHash);
    const known = swarm.find(news.peerId);
    if (known === undefined) {
      if (swarm.size === 0 && !swarm.isEmpty) this.#elsewhereCount--;
      this.#noteChange(swarm);
      const added = swarm.add(news.peerId, news.link, isSeeder, nowMs);
      this.#peers.add(added);
      news.link.peers.add(added);
      return added;
    }
    known.heardMs = nowMs;
    this.#peers.delete(known);
    this.#peers.add(known);
    if (isSeeder !== known.isSeeder) {
      this.#noteChange(swarm);
      if (isSeeder && news.hasCompleted) swarm.completedHereCount++;
      swarm.turn(known, isSeeder);
    }
    return known;
  }

  /** Removes a peer; nothing if it is gone already. */
  remove(peer: WebSocketPeer): void {
    if (!this.#peers.delete(peer)) return;
    const { swarm } = peer;
    peer.link.peers.delete(peer);
    swarm.remove(peer);
    this.#noteChange(swarm);
    if (swarm.isEmpty) this.#close(swarm);
    else if (swarm.size === 0) this.#elsewhereCount++;
  }

  /** Notes what another process has of a swarm: all of it, each time. */
  setElsewhere(place: Elsewhere, infoHash: InfoHash, counts: Readonly<SwarmCounts>): void {
    const known = this.ofInfoHash(infoHash);
    const isNone = counts.seederCount + counts.leecherCount === 0;
    if (known === undefined && (isNone || this.#elsewhereCount >= MAX_ELSEWHERE_COUNT)) return;
    const swarm = known ?? this.#open(infoHash);
    if (known === undefined) this.#elsewhereCount++;
    this.#changeElsewhere(swarm, () => swarm.setElsewhere(place, counts));
  }

  /** Another process is gone, and its peers with it: swarm by swarm, see `sweep`. */
  forgetElsewhere(place: Elsewhere): void {
    place.isGone = true;
    this.#sweep = this[Symbol.iterator]();
  }

  /** Looks through `count` more swarms for what processes had that are gone. */
  sweep(count: number): void {
    for (let left = count; left > 0 && this.#sweep !== undefined; left--) {
      const { value: swarm, done } = this.#sweep.next();
      if (done === true) this.#sweep = undefined;
      else this.#changeElsewhere(swarm, () => swarm.dropGone());
    }
  }

  /** Swarms that changed here and that the others were not told of, oldest first; they are told now. */
  takeChanged(maxCount: number): WebSocketSwarm[] {
    const taken: WebSocketSwarm[] = [];
    for (const swarm of this.#changed) {
      if (taken.length === maxCount) break;
      taken.push(swarm);
      this.#changed.delete(swarm);
    }
    return taken;
  }

  /** The others are to be told of everything again. */
  changeAll(): void {
    for (const swarm of this) if (swarm.size > 0) this.#noteChange(swarm);
  }

  /** Removes a swarm with the peers that are connected here. */
  delete(swarm: WebSocketSwarm): void {
    for (const peer of [...swarm]) this.remove(peer);
  }

  /** Notes whether there are other peers in a swarm too. */
  setMixed(swarm: WebSocketSwarm, isMixed: boolean): void {
    if (swarm.isMixed === isMixed || swarm.isEmpty) return;
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

  #changeElsewhere(swarm: WebSocketSwarm, change: () => void): void {
    const before = swarm.seederCount + swarm.leecherCount;
    change();
    this.#elsewherePeerCount += swarm.seederCount + swarm.leecherCount - before;
    if (!swarm.isEmpty) return;
    this.#elsewhereCount--;
    this.#close(swarm);
  }

  #noteChange(swarm: WebSocketSwarm): void {
    if (this.#isShared) this.#changed.add(swarm);
  }

  #open(infoHash: InfoHash): WebSocketSwarm {
    const known = this.ofInfoHash(infoHash);
    if (known !== undefined) return known;
    const swarm = new WebSocketSwarm(infoHash);
    const words = new Int32Array(5);
    readInfoHashWords(words, infoHash, 0);
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
    const list = this.#byHash.get(hash)!;
    if (list.length === 1) this.#byHash.delete(hash);
    else
      this.#byHash.set(
        hash,
        list.filter((other) => other !== swarm),
      );
    this.#swarmCount--;
    if (swarm.isMixed) this.#mixedCount--;
  }

  #isNamed(infoHash: InfoHash, words: Int32Array): boolean {
    readInfoHashWords(this.#words, infoHash, 0);
    return this.#words.every((word, at) => word === words[at]);
  }
}
