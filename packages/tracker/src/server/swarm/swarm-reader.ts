/** Reads all peers of a store, slice by slice, while it goes on changing. */
import { AT_LEECHERS, AT_SEEDERS } from './open-set.ts';
import type { PeerSets } from './peer-sets.ts';
import type { PeerSink } from './peer-sink.ts';
import { AT_COMPLETED, SwarmShard } from './swarm-shard.ts';

/**
 * A way through a store, made by `MemorySwarmStore.reader`. A peer that comes, goes or changes its
 * state between two slices may be read twice or not at all; every other one is read, and once unless
 * its shard was packed meanwhile.
 */
export class SwarmReader {
  readonly #shards: readonly SwarmShard[];
  readonly #v4: PeerSets;
  readonly #v6: PeerSets;
  #shard = 0;
  /** How often the shard had been packed when it was begun. */
  #packCount = -1;
  #swarm = 0;
  #family: 4 | 6 = 4;
  #position = 0;

  constructor(shards: readonly SwarmShard[], v4: PeerSets, v6: PeerSets) {
    this.#shards = shards;
    this.#v4 = v4;
    this.#v6 = v6;
  }

  /** Reads about `count` more peers. @returns whether there may be more */
  read(count: number, sink: PeerSink): boolean {
    for (let left = count; left > 0; ) {
      const shard = this.#shards[this.#shard];
      if (shard === undefined) return false;
      if (this.#packCount !== shard.packCount) this.#beginShard(shard);
      if (this.#swarm >= shard.end) {
        this.#shard++;
        this.#packCount = -1;
      } else if (shard.has(this.#swarm)) left -= 1 + this.#readSet(shard, left, sink);
      else this.#nextSet(6);
      left--;
    }
    return true;
  }

  /** From its first swarm on: those of a shard that was packed have other numbers. */
  #beginShard(shard: SwarmShard): void {
    this.#packCount = shard.packCount;
    this.#swarm = 0;
    this.#family = 4;
    this.#position = 0;
  }

  /** @returns how many peers it read */
  #readSet(shard: SwarmShard, count: number, sink: PeerSink): number {
    const family = this.#family;
    const { table } = shard;
    const begin = SwarmShard.at(this.#swarm);
    const at = SwarmShard.setAt(this.#swarm, family);
    const left = table[at + AT_LEECHERS]! + table[at + AT_SEEDERS]! - this.#position;
    if (left > 0) {
      sink.openSet(table, begin, family, table[begin + AT_COMPLETED]!);
      const sets = family === 4 ? this.#v4 : this.#v6;
      sets.read(table, at, this.#position, Math.min(left, count), sink);
    }
    this.#position += count;
    if (left <= count) this.#nextSet(family);
    return Math.max(0, Math.min(left, count));
  }

  #nextSet(family: 4 | 6): void {
    this.#position = 0;
    this.#family = family === 4 ? 6 : 4;
    if (family === 6) this.#swarm++;
  }
}
