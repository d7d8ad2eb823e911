/**
 * Swarms that several processes share. Announces are answered at once from this process's own copy,
 * which has all swarms; what was heard leaves with the next exchange, and what others heard comes in.
 *
 * A peer that says the same again within an eighth of its lifetime is not told to the others: so
 * nobody makes much traffic of little.
 */
import type { Clock, Log, Random } from '@shoal/units';
import { type KnownPeer, newKnownPeer } from '../swarm/known-peer.ts';
import type { MemorySwarmStore, MemorySwarmStoreOptions } from '../swarm/memory-swarm-store.ts';
import type { Announce, SwarmCounts, SwarmStore, SwarmVisitor } from '../swarm/swarm-store.ts';
import { secondsBetween, tickOf } from '../swarm/ticks.ts';
import type { SharedKey } from '../udp/connection-ids.ts';
import type { BatchSink } from './batch-reader.ts';
import { ExchangeLoop, type ExchangeStatus } from './exchange-loop.ts';
import { LatestWords } from './latest-words.ts';
import { Outbox } from './outbox.ts';
import { SharedTime } from './shared-time.ts';
import type { SwarmExchange } from './swarm-exchange.ts';

const REFRESHES_PER_LIFETIME = 8;

export interface SharedSwarmStoreOptions extends MemorySwarmStoreOptions {
  readonly exchange: SwarmExchange;
  readonly random: Random;
  readonly clock: Clock;
  readonly log: Log;
  /** Between two exchanges, in milliseconds. Default 250. */
  readonly periodMs?: number;
}

export class SharedSwarmStore implements SwarmStore {
  readonly #words: LatestWords;
  readonly #outbox: Outbox;
  readonly #time: SharedTime;
  readonly #clock: Clock;
  readonly #loop: ExchangeLoop;
  readonly #refreshS: number;
  readonly #known: KnownPeer = newKnownPeer();
  #closing: Promise<void> | undefined;

  /** Joins the others: when this resolves it knows what they know, unless they cannot be reached. */
  static async open(options: SharedSwarmStoreOptions): Promise<SharedSwarmStore> {
    const store = new SharedSwarmStore(options);
    await store.synchronise();
    return store;
  }

  private constructor(options: SharedSwarmStoreOptions) {
    const { clock, peerLifetimeS } = options;
    this.#words = new LatestWords(options);
    this.#outbox = new Outbox(options);
    this.#time = new SharedTime(clock);
    this.#clock = clock;
    this.#refreshS = Math.floor(peerLifetimeS / REFRESHES_PER_LIFETIME);
    const parts = { words: this.#words, outbox: this.#outbox, time: this.#time };
    this.#loop = new ExchangeLoop({ ...options, ...parts });
  }

  /** This process's copy, for snapshots; its times are those of `copyClock`. */
  get copy(): MemorySwarmStore {
    return this.#words.living;
  }

  /**
   * Takes what a snapshot of the copy holds, which may be old news: it changes nothing that this process
   * or another one has heard since. The others are told the rest.
   */
  get restoring(): BatchSink {
    return {
      takePeer: (announce) => {
        if (this.#words.merge(announce)) this.#tell(announce);
      },
      takeCompleted: (infoHash, count) => {
        const counts: SwarmCounts = { seederCount: 0, leecherCount: 0, completedCount: 0 };
        this.copy.scrape(infoHash, counts);
        if (count <= counts.completedCount) return;
        this.copy.setCompletedCount(infoHash, count);
        this.#outbox.takeCompleted(infoHash, count, 0);
      },
    };
  }

  get copyClock(): Clock {
    const clock = this.#clock;
    return {
      nowMs: () => this.#time.nowMs(),
      wallMs: () => clock.wallMs(),
      after: (delayMs, fire) => clock.after(delayMs, fire),
      every: (periodMs, fire) => clock.every(periodMs, fire),
    };
  }

  get swarmCount(): number {
    return this.copy.swarmCount;
  }

  get peerCount(): number {
    return this.copy.peerCount;
  }

  get byteLength(): number {
    return this.#words.byteLength;
  }

  get shedCount(): number {
    return this.copy.shedCount;
  }

  get expiredCount(): number {
    return this.copy.expiredCount;
  }

  get lookCount(): number {
    return this.#words.lookCount;
  }

  get sliceCount(): number {
    return this.copy.sliceCount;
  }

  get status(): ExchangeStatus {
    return this.#loop.status;
  }

  /**
   * What UDP connection ids are made of, so that those of one process are good for all.
   * @param ownSecret - as long as there is none in common
   */
  sharedKey(ownSecret: Uint8Array): SharedKey {
    return { secret: this.#loop.secret ?? ownSecret, shiftMs: this.#time.clockShiftMs };
  }

  announce(announce: Announce): void {
    const clockMs = announce.nowMs;
    announce.nowMs = this.#time.ofClock(clockMs);
    const known = this.#known;
    const isKnown = this.copy.find(announce, known);
    const isSame =
      isKnown &&
      !announce.isStopped &&
      known.isSeeder === announce.isSeeder &&
      known.clientTag === announce.clientTag;
    const ageS = isKnown ? secondsBetween(known.heardTick, tickOf(announce.nowMs)) : 0;
    if (isSame && ageS < this.#refreshS) {
      announce.nowMs -= 1_000 * ageS;
      this.copy.announce(announce);
    } else if (this.#words.hear(announce)) {
      this.#tell(announce);
      if (isKnown && !known.isSeeder && announce.isSeeder && announce.hasCompleted)
        this.#outbox.addCompletion(announce.infoHash);
    }
    announce.nowMs = clockMs;
  }

  copyPeers(
    announce: Announce,
    family: 4 | 6,
    maxCount: number,
    into: Uint8Array,
    at: number,
  ): number {
    return this.copy.copyPeers(announce, family, maxCount, into, at);
  }

  copyPeerIds(family: 4 | 6, peers: Uint8Array, into: Uint8Array): void {
    this.copy.copyPeerIds(family, peers, into);
  }

  scrape(infoHash: Int32Array, counts: SwarmCounts): void {
    this.copy.scrape(infoHash, counts);
  }

  visitSlice(slice: number, visit: SwarmVisitor): void {
    this.copy.visitSlice(slice, visit);
  }

  sweep(nowMs: number, count: number): void {
    this.#words.sweep(this.#time.ofClock(nowMs), count);
  }

  /** Of this process's copy alone: the others have their own lists of what is not tracked. */
  delete(infoHash: Int32Array): boolean {
    return this.copy.delete(infoHash);
  }

  /** Everything that is known, some batches at a time: what a newcomer needs. */
  allBatches(): Generator<readonly Uint8Array[]> {
    return this.#loop.allBatches();
  }

  /** Exchanges now; also done every period. Never rejects for a carrier's fault. */
  synchronise(): Promise<void> {
    return this.#loop.run();
  }

  /** Tells the others the last words and leaves them. Idempotent. */
  close(): Promise<void> {
    this.#closing ??= this.#loop.close();
    return this.#closing;
  }

  /** The outbox is a store too, which fills in counts of its own. */
  #tell(announce: Announce): void {
    const { seederCount, leecherCount, completedCount } = announce;
    this.#outbox.takePeer(announce);
    announce.seederCount = seederCount;
    announce.leecherCount = leecherCount;
    announce.completedCount = completedCount;
  }
}
