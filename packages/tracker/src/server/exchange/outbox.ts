/** What this process heard and has not told the others yet: of each peer the latest word. */
import type { MemorySwarmStore, MemorySwarmStoreOptions } from '../swarm/memory-swarm-store.ts';
import type { Announce, SwarmCounts } from '../swarm/swarm-store.ts';
import { type BatchSink, readBatch } from './batch-reader.ts';
import type { BatchWriter } from './batch-writer.ts';
import { LatestWords } from './latest-words.ts';

/** Words and completions that wait: beyond that they are dropped, and all is told again when the others are back. */
const DEFAULT_MAX_WORD_COUNT = 2_000_000;

export class Outbox implements BatchSink {
  /** Words were dropped: the others need all of them again. */
  hasLost = false;
  readonly #options: MemorySwarmStoreOptions;
  readonly #maxWordCount: number;
  #words: LatestWords;
  /** New completions by infohash: its words, joined by commas. */
  #completions = new Map<string, number>();

  constructor(
    { random, peerLifetimeS, keepsPeerIds = false }: MemorySwarmStoreOptions,
    maxWordCount = DEFAULT_MAX_WORD_COUNT,
  ) {
    // The limits of the swarms are not those of the words that wait.
    this.#options = { random, peerLifetimeS, keepsPeerIds, shardCount: 4 };
    this.#maxWordCount = maxWordCount;
    this.#words = new LatestWords(this.#options);
  }

  /** Words that wait. */
  get size(): number {
    return this.#words.size;
  }

  /** A word that was heard or merged by the swarms, just now. */
  takePeer(announce: Announce): void {
    this.#words.merge(announce);
    this.#holdToLimit();
  }

  addCompletion(infoHash: Int32Array): void {
    this.takeCompleted(infoHash, 0, 1);
  }

  takeCompleted(infoHash: Int32Array, _completedCount: number, newCount: number): void {
    const key = infoHash.join();
    this.#completions.set(key, (this.#completions.get(key) ?? 0) + newCount);
    this.#holdToLimit();
  }

  /** Writes all words and forgets them. @param living - knows how often torrents were completed */
  pack(writer: BatchWriter, living: MemorySwarmStore): void {
    const write = this.#words.writing(writer);
    while (write(Number.MAX_SAFE_INTEGER));
    this.#words = new LatestWords(this.#options);
    const counts: SwarmCounts = { seederCount: 0, leecherCount: 0, completedCount: 0 };
    for (const [key, newCount] of this.#completions) {
      const infoHash = Int32Array.from(key.split(','), Number);
      living.scrape(infoHash, counts);
      writer.addCompleted(infoHash, 0, counts.completedCount, newCount);
    }
    this.#completions = new Map();
    writer.flush();
  }

  /** Takes back batches that may not have arrived. @param localS - the time of a base, in seconds */
  putBack(batches: readonly Uint8Array[], localS: (baseS: number) => number): void {
    for (const batch of batches) readBatch(batch, localS, this);
  }

  #holdToLimit(): void {
    if (this.#words.size + this.#completions.size < this.#maxWordCount) return;
    this.#words = new LatestWords(this.#options);
    this.#completions = new Map();
    this.hasLost = true;
  }
}
