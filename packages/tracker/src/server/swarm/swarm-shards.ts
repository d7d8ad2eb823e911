/** All slices of the swarms: which one has a swarm, how many there are, and what their tables take. */
import type { Random } from '@shoal/units';
import { SwarmShard } from './swarm-shard.ts';

export class SwarmShards {
  readonly all: readonly SwarmShard[];
  /** Swarms in all of them. */
  count = 0;
  /** Bytes of all tables. */
  byteLength: number;

  constructor(shardCount: number, random: Random) {
    const key = new Int32Array(new Uint8Array(random.bytes(8)).buffer);
    this.all = Array.from({ length: shardCount }, () => new SwarmShard(key));
    this.byteLength = this.all.reduce((sum, shard) => sum + shard.byteLength, 0);
  }

  /** Places for swarms that a round looks at, those that are empty among them. */
  get placeCount(): number {
    return this.all.reduce((sum, shard) => sum + shard.end, 0);
  }

  hashOf(infoHash: Int32Array): number {
    return this.all[0]!.hashOf(infoHash);
  }

  /** The low bits of the hash choose the place in a shard, so the high ones choose the shard. */
  shardOf(hash: number): SwarmShard {
    return this.all[Math.floor(((hash >>> 0) / 4_294_967_296) * this.all.length)]!;
  }

  /** Adds a swarm that is not there, without peers. @returns its number */
  add(shard: SwarmShard, infoHash: Int32Array, hash: number): number {
    const before = shard.byteLength;
    const swarm = shard.add(infoHash, hash);
    this.byteLength += shard.byteLength - before;
    this.count++;
    return swarm;
  }

  /** Removes one that has no peers. */
  remove(shard: SwarmShard, swarm: number): void {
    shard.remove(swarm);
    this.count--;
  }

  /** Gives back the memory of a shard that is mostly empty. @returns whether its swarms have other numbers now */
  pack(shard: SwarmShard): boolean {
    const before = shard.byteLength;
    if (!shard.pack()) return false;
    this.byteLength += shard.byteLength - before;
    return true;
  }
}
