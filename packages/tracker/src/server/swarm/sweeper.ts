/** Goes round through all peers of a store, some at a time, and removes those that were quiet for long. */
import type { PeerSets } from './peer-sets.ts';
import { SwarmShard } from './swarm-shard.ts';

export interface SweeperOptions {
  readonly shards: readonly SwarmShard[];
  readonly v4: PeerSets;
  readonly v6: PeerSets;
  /** How long a peer is kept after its last announce, in seconds. */
  readonly lifetimeS: number;
  /** Called when all peers of a swarm were looked at: it may have none left. */
  readonly onSwarmSwept: (shard: SwarmShard, swarm: number) => void;
  /** Called when all swarms of a shard were looked at; it may be packed. */
  readonly onShardSwept: (shard: SwarmShard) => void;
}

export class Sweeper {
  /** Peers removed since the start. */
  expiredCount = 0;
  readonly #options: SweeperOptions;
  /** Where the next slice begins. */
  #shard = 0;
  #swarm = 0;
  #family: 4 | 6 = 4;
  #position = 0;

  constructor(options: SweeperOptions) {
    this.#options = options;
  }

  /**
   * Looks about `count` times more, not past the last swarm: at each place for a swarm, and in those
   * that have one at each peer and once more. @param tick - the time in seconds
   */
  sweep(tick: number, count: number): void {
    const { shards, onShardSwept } = this.#options;
    for (let left = count; left > 0; ) {
      const shard = shards[this.#shard]!;
      const swarm = this.#swarm;
      if (swarm >= shard.end) {
        this.#swarm = 0;
        onShardSwept(shard);
        this.#shard = (this.#shard + 1) % shards.length;
        if (this.#shard === 0) return;
        continue;
      }
      left -= shard.has(swarm) ? this.#sweepSet(shard, swarm, left, tick) : this.#pass();
    }
  }

  /** Looks through the peers of one family of a swarm, at most `count`. @returns the looks it took */
  #sweepSet(shard: SwarmShard, swarm: number, count: number, tick: number): number {
    const { v4, v6, lifetimeS, onSwarmSwept } = this.#options;
    const isV4 = this.#family === 4;
    const sets = isV4 ? v4 : v6;
    const at = SwarmShard.setAt(swarm, this.#family);
    const before = sets.count;
    const next = sets.sweep(shard.table, at, this.#position, count, tick, lifetimeS);
    this.expiredCount += before - sets.count;
    this.#position = Math.max(0, next);
    if (next >= 0) return sets.sweptCount;
    if (isV4) this.#family = 6;
    else {
      this.#pass();
      onSwarmSwept(shard, swarm);
    }
    return sets.sweptCount + 1;
  }

  /** On to the next swarm. @returns the looks it took */
  #pass(): number {
    this.#swarm++;
    this.#family = 4;
    this.#position = 0;
    return 1;
  }
}
