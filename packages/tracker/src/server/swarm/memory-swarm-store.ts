/** Swarms in this process's memory: a few bytes a peer, answers by copying, no object an announce. */
import type { Random } from '@shoal/units';
import type { KnownPeer } from './known-peer.ts';
import { AT_LEECHERS, AT_SEEDERS } from './open-set.ts';
import { PEER_ADDED, PEER_COMPLETED, PeerSets } from './peer-sets.ts';
import { NO_RUN } from './run-pages.ts';
import { SwarmReader } from './swarm-reader.ts';
import { AT_COMPLETED, SwarmShard } from './swarm-shard.ts';
import { SwarmShards } from './swarm-shards.ts';
import type { Announce, SwarmCounts, SwarmStore, SwarmVisitor } from './swarm-store.ts';
import { Sweeper } from './sweeper.ts';
import { tickOf } from './ticks.ts';

/** Peers that make room for one, at most, while the memory is over its limit. */
const MAX_SHED_COUNT = 4;
/** Tables of swarms seldom shrink: they may take so much of the memory, the rest is for peers. */
const MAX_TABLE_RATIO = 3 / 4;
/** The largest number that a word of a table holds. */
const MAX_COMPLETED_COUNT = 2 ** 31 - 1;

export interface MemorySwarmStoreOptions {
  readonly random: Random;
  /** How long a peer is kept after its last announce, 1..32,000 s. */
  readonly peerLifetimeS: number;
  /** Default 2,000,000: about 200 MB when each has one peer. */
  readonly maxSwarmCount?: number;
  /** Default 16,000,000: about 350 MB in large swarms. */
  readonly maxPeerCount?: number;
  /** Default 500,000: one swarm cannot push out all others. */
  readonly maxPeersPerSwarm?: number;
  /** Bytes of memory for all of them, held to within one page or table; default no limit of its own. */
  readonly maxByteLength?: number;
  /** Keeps peer ids, for lists of peers that have them: 23 bytes more a peer. Default false. */
  readonly keepsPeerIds?: boolean;
  /** Slices that the table is cut into; each grows alone, so that growing is no pause. Default 64. */
  readonly shardCount?: number;
}

/**
 * The default store. Limits on swarms hold for each shard alone: a 64th of the whole each.
 */
export class MemorySwarmStore implements SwarmStore {
  readonly #shards: SwarmShards;
  readonly #v4: PeerSets;
  readonly #v6: PeerSets;
  readonly #maxSwarmsPerShard: number;
  readonly #maxPeerCount: number;
  readonly #maxPeersPerSwarm: number;
  readonly #maxByteLength: number;
  readonly #sweeper: Sweeper;
  #shedCount = 0;

  /** The swarm announced to last; -1 when it is gone. */
  #lastShard: SwarmShard;
  #lastSwarm = -1;
  /** The shard that sheds the next peer. */
  #shedShard = 0;

  constructor(options: MemorySwarmStoreOptions) {
    const { random, shardCount = 64, maxSwarmCount = 2_000_000, keepsPeerIds = false } = options;
    this.#shards = new SwarmShards(shardCount, random);
    this.#lastShard = this.#shards.all[0]!;
    this.#v4 = new PeerSets(6, random, keepsPeerIds);
    this.#v6 = new PeerSets(18, random, keepsPeerIds);
    this.#sweeper = new Sweeper({
      shards: this.#shards.all,
      v4: this.#v4,
      v6: this.#v6,
      lifetimeS: options.peerLifetimeS,
      onSwarmSwept: (shard, swarm) => this.#removeIfEmpty(shard, swarm),
      onShardSwept: (shard) => this.#pack(shard),
    });
    this.#maxSwarmsPerShard = Math.ceil(maxSwarmCount / shardCount);
    this.#maxPeerCount = options.maxPeerCount ?? 16_000_000;
    this.#maxPeersPerSwarm = options.maxPeersPerSwarm ?? 500_000;
    this.#maxByteLength = options.maxByteLength ?? Number.POSITIVE_INFINITY;
  }

  get swarmCount(): number {
    return this.#shards.count;
  }

  get peerCount(): number {
    return this.#v4.count + this.#v6.count;
  }

  get lookCount(): number {
    return this.#shards.placeCount + this.swarmCount + this.peerCount;
  }

  get sliceCount(): number {
    return this.#shards.all.length;
  }

  get byteLength(): number {
    return this.#shards.byteLength + this.#v4.byteLength + this.#v6.byteLength;
  }

  get shedCount(): number {
    return this.#shedCount;
  }

  get expiredCount(): number {
    return this.#sweeper.expiredCount;
  }

  announce(announce: Announce): void {
    const { infoHash, isStopped } = announce;
    const hash = this.#shards.hashOf(infoHash);
    const shard = this.#shards.shardOf(hash);
    let swarm = shard.find(infoHash, hash);
    if (isStopped) {
      if (swarm >= 0) swarm = this.#removePeer(announce, shard, swarm);
    } else {
      if (swarm >= 0) shard.touch(swarm);
      else swarm = this.#addSwarm(shard, infoHash, hash);
      this.#addPeer(announce, shard, swarm);
    }
    this.#lastShard = shard;
    this.#lastSwarm = swarm;
    shard.fillCounts(swarm, announce);
  }

  copyPeers(
    announce: Announce,
    family: 4 | 6,
    maxCount: number,
    into: Uint8Array,
    at: number,
  ): number {
    if (this.#lastSwarm < 0) return 0;
    return this.#sets(family).copy(
      this.#lastShard.table,
      SwarmShard.setAt(this.#lastSwarm, family),
      announce.family === family && !announce.isStopped ? announce.peerWords : undefined,
      announce.isSeeder && !(announce.hasStarted && announce.leecherCount === 0),
      maxCount,
      into,
      at,
    );
  }

  copyPeerIds(family: 4 | 6, peers: Uint8Array, into: Uint8Array): void {
    if (this.#lastSwarm < 0) return void into.fill(0);
    const at = SwarmShard.setAt(this.#lastSwarm, family);
    this.#sets(family).copyIds(this.#lastShard.table, at, peers, into);
  }

  scrape(infoHash: Int32Array, counts: SwarmCounts): void {
    const hash = this.#shards.hashOf(infoHash);
    const shard = this.#shards.shardOf(hash);
    shard.fillCounts(shard.find(infoHash, hash), counts);
  }

  visitSlice(slice: number, visit: SwarmVisitor): void {
    const shard = this.#shards.all[slice]!;
    const counts: SwarmCounts = { seederCount: 0, leecherCount: 0, completedCount: 0 };
    for (let swarm = 0; swarm < shard.end; swarm++) {
      if (!shard.has(swarm)) continue;
      shard.fillCounts(swarm, counts);
      visit(shard.table, SwarmShard.at(swarm), counts);
    }
  }

  delete(infoHash: Int32Array): boolean {
    const hash = this.#shards.hashOf(infoHash);
    const shard = this.#shards.shardOf(hash);
    const swarm = shard.find(infoHash, hash);
    if (swarm >= 0) this.#removeSwarm(shard, swarm);
    return swarm >= 0;
  }

  /** Looks up the peer of an announce. @returns whether it is there; `known` then says what it is */
  find(announce: Announce, known: KnownPeer): boolean {
    const { infoHash, family, peerWords } = announce;
    const hash = this.#shards.hashOf(infoHash);
    const shard = this.#shards.shardOf(hash);
    const swarm = shard.find(infoHash, hash);
    if (swarm < 0) return false;
    return this.#sets(family).find(shard.table, SwarmShard.setAt(swarm, family), peerWords, known);
  }

  /** Says how often downloads of a swarm were completed; a swarm that is not there stays so. */
  setCompletedCount(infoHash: Int32Array, completedCount: number): void {
    const hash = this.#shards.hashOf(infoHash);
    const shard = this.#shards.shardOf(hash);
    const swarm = shard.find(infoHash, hash);
    if (swarm < 0) return;
    const count = Math.min(completedCount, MAX_COMPLETED_COUNT);
    shard.table[SwarmShard.at(swarm) + AT_COMPLETED] = count;
  }

  /** A way to read all peers in slices. */
  reader(): SwarmReader {
    return new SwarmReader(this.#shards.all, this.#v4, this.#v6);
  }

  sweep(nowMs: number, count: number): void {
    this.#sweeper.sweep(tickOf(nowMs), count);
  }

  #addPeer(announce: Announce, shard: SwarmShard, swarm: number): void {
    const { family, nowMs } = announce;
    const sets = this.#sets(family);
    const at = SwarmShard.setAt(swarm, family);
    const tick = tickOf(nowMs);
    const found = sets.announce(shard.table, at, announce, tick);
    if (found === PEER_COMPLETED && announce.hasCompleted) {
      const completedAt = SwarmShard.at(swarm) + AT_COMPLETED;
      if (shard.table[completedAt]! < MAX_COMPLETED_COUNT) shard.table[completedAt]!++;
    }
    if (found !== PEER_ADDED) return;
    const size = shard.table[at + AT_LEECHERS]! + shard.table[at + AT_SEEDERS]!;
    if (size > this.#maxPeersPerSwarm) {
      sets.shed(shard.table, at, tick);
      this.#shedCount++;
    } else if (this.peerCount > this.#maxPeerCount) this.#shedPeer(shard, swarm, tick);
    for (let shed = 0; shed < MAX_SHED_COUNT && this.#isOverMemory; shed++)
      this.#shedPeer(shard, swarm, tick);
  }

  /** One peer stays, however little the limit is. */
  get #isOverMemory(): boolean {
    return this.byteLength > this.#maxByteLength && this.peerCount > 1;
  }

  /** @returns the swarm, -1 when that was its last peer */
  #removePeer(announce: Announce, shard: SwarmShard, swarm: number): number {
    const { family } = announce;
    this.#sets(family).remove(shard.table, SwarmShard.setAt(swarm, family), announce);
    return this.#removeIfEmpty(shard, swarm) ? -1 : swarm;
  }

  #addSwarm(shard: SwarmShard, infoHash: Int32Array, hash: number): number {
    if (shard.count >= this.#maxSwarmsPerShard || !this.#mayGrow(shard)) {
      const before = this.peerCount;
      this.#removeSwarm(shard, shard.oldest(-1));
      this.#shedCount += before - this.peerCount;
    }
    return this.#shards.add(shard, infoHash, hash);
  }

  /** Whether a shard has room for one swarm more, or may take the memory for it. */
  #mayGrow(shard: SwarmShard): boolean {
    const length = this.#shards.byteLength + shard.growthLength;
    return shard.growthLength === 0 || length <= MAX_TABLE_RATIO * this.#maxByteLength;
  }

  /** Makes room for one peer: another leaves the swarm that was announced to the longest time ago. */
  #shedPeer(shard: SwarmShard, swarm: number, tick: number): void {
    const { all } = this.#shards;
    for (let tries = all.length; tries > 0; tries--) {
      this.#shedShard = (this.#shedShard + 1) % all.length;
      const other = all[this.#shedShard]!;
      const oldest = other.oldest(other === shard ? swarm : -1);
      if (oldest >= 0) return this.#shedFrom(other, oldest, tick);
    }
    this.#shedFrom(shard, swarm, tick);
  }

  #shedFrom(shard: SwarmShard, swarm: number, tick: number): void {
    const at = SwarmShard.setAt(swarm, 4);
    const family = shard.table[at] === NO_RUN ? 6 : 4;
    this.#shedCount++;
    this.#sets(family).shed(shard.table, SwarmShard.setAt(swarm, family), tick);
    this.#removeIfEmpty(shard, swarm);
  }

  #removeSwarm(shard: SwarmShard, swarm: number): void {
    this.#v4.clear(shard.table, SwarmShard.setAt(swarm, 4));
    this.#v6.clear(shard.table, SwarmShard.setAt(swarm, 6));
    this.#removeIfEmpty(shard, swarm);
  }

  #pack(shard: SwarmShard): void {
    if (this.#shards.pack(shard)) this.#lastSwarm = -1;
  }

  #removeIfEmpty(shard: SwarmShard, swarm: number): boolean {
    const { table } = shard;
    if (
      table[SwarmShard.setAt(swarm, 4)] !== NO_RUN ||
      table[SwarmShard.setAt(swarm, 6)] !== NO_RUN
    )
      return false;
    this.#shards.remove(shard, swarm);
    return true;
  }

  #sets(family: 4 | 6): PeerSets {
    return family === 4 ? this.#v4 : this.#v6;
  }
}
