/** What all swarms come to: seeders, leechers and the largest swarms, looked up in small steps. */
import { type InfoHash, toInfoHash } from '@shoal/units';
import type { SwarmCounts, SwarmStore } from '../swarm/swarm-store.ts';

/** A step ends with the slice in which it has looked at so many swarms: about a millisecond. */
const STEP_SWARM_COUNT = 16_384;

/** One swarm by name. */
export interface NamedSwarm extends Readonly<SwarmCounts> {
  readonly infoHash: InfoHash;
}

/** As the last whole round found it: the swarms have moved on since. */
export interface SwarmTotals {
  readonly seederCount: number;
  readonly leecherCount: number;
  /** Swarms with the most peers, the largest first. */
  readonly largest: readonly NamedSwarm[];
}

/** Goes round through the swarms of a store, step by step. */
export class SwarmSurvey {
  /** Of the last whole round; zeros before the first. */
  totals: SwarmTotals = { seederCount: 0, leecherCount: 0, largest: [] };
  readonly #store: SwarmStore;
  readonly #largestCount: number;
  #slice = 0;
  #seederCount = 0;
  #leecherCount = 0;
  #visitedCount = 0;
  #largest: NamedSwarm[] = [];

  /** @param largestCount - how many of the largest swarms to name */
  constructor(store: SwarmStore, largestCount: number) {
    this.#store = store;
    this.#largestCount = largestCount;
  }

  /** Goes on for about a millisecond, or to the end of the round. @returns whether it was reached */
  step(): boolean {
    this.#visitedCount = 0;
    while (this.#visitedCount < STEP_SWARM_COUNT) {
      this.#store.visitSlice(this.#slice, this.#visit);
      this.#slice++;
      if (this.#slice >= this.#store.sliceCount) {
        this.#endRound();
        return true;
      }
    }
    return false;
  }

  readonly #visit = (words: Int32Array, at: number, counts: Readonly<SwarmCounts>): void => {
    const { seederCount, leecherCount } = counts;
    this.#visitedCount++;
    this.#seederCount += seederCount;
    this.#leecherCount += leecherCount;
    const largest = this.#largest;
    const least = largest.length < this.#largestCount ? undefined : largest.at(-1);
    const size = seederCount + leecherCount;
    if (least !== undefined && size <= sizeOf(least)) return;
    if (least !== undefined) largest.pop();
    const place = largest.findIndex((other) => sizeOf(other) < size);
    const swarm = { infoHash: readName(words, at), ...counts };
    largest.splice(place < 0 ? largest.length : place, 0, swarm);
  };

  #endRound(): void {
    this.totals = {
      seederCount: this.#seederCount,
      leecherCount: this.#leecherCount,
      largest: this.#largest,
    };
    this.#slice = this.#seederCount = this.#leecherCount = 0;
    this.#largest = [];
  }
}

function sizeOf({ seederCount, leecherCount }: Readonly<SwarmCounts>): number {
  return seederCount + leecherCount;
}

function readName(words: Int32Array, at: number): InfoHash {
  const bytes = new Uint8Array(20);
  const view = new DataView(bytes.buffer);
  for (let word = 0; word < 5; word++) view.setInt32(4 * word, words[at + word]!);
  return toInfoHash(bytes)!;
}
