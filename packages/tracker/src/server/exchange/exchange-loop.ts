/** Tells the other processes what was heard here, takes in what they heard, and goes on trying. */
import { atMost, type Clock, type Log, type Timer } from '@shoal/units';
import type { Announce, SwarmCounts } from '../swarm/swarm-store.ts';
import { MAX_AHEAD_S } from '../swarm/ticks.ts';
import { type BatchSink, readBatch } from './batch-reader.ts';
import { BatchWriter } from './batch-writer.ts';
import { ExchangeError } from './exchange-error.ts';
import type { LatestWords } from './latest-words.ts';
import type { Outbox } from './outbox.ts';
import type { SharedTime } from './shared-time.ts';
import type { ExchangeReply, SwarmExchange } from './swarm-exchange.ts';

const DEFAULT_PERIOD_MS = 250;
/** The last words may take so long: whoever stops must store its swarms too. */
const GOODBYE_TIMEOUT_MS = 2_000;
/** Longest batch, in bytes: about a millisecond of merging. */
const MAX_BATCH_LENGTH = 16_384;
/** Batches handed over in one call when all is told again. */
const SEND_COUNT = 16;
/** Peers read at once for them: they fill a batch or two. */
const SLICE_PEER_COUNT = 2_048;

export interface ExchangeLoopOptions {
  readonly exchange: SwarmExchange;
  readonly words: LatestWords;
  readonly outbox: Outbox;
  readonly time: SharedTime;
  readonly peerLifetimeS: number;
  readonly clock: Clock;
  readonly log: Log;
  /** Between two exchanges, in milliseconds. Default 250. */
  readonly periodMs?: number;
}

/** How it goes with the others. */
export interface ExchangeStatus {
  /** Whether the last exchange went well. */
  readonly isReachable: boolean;
  /** Peers that the others were not told of yet. */
  readonly waitingCount: number;
  /** Since the start: peers that others told of, and exchanges that failed. */
  readonly receivedCount: number;
  readonly failureCount: number;
}

export class ExchangeLoop implements BatchSink {
  readonly #options: ExchangeLoopOptions;
  readonly #timer: Timer;
  #running: Promise<void> | undefined;
  #owesAll = false;
  #isReachable = true;
  #receivedCount = 0;
  #failureCount = 0;
  #secret: Uint8Array | undefined;

  constructor(options: ExchangeLoopOptions) {
    this.#options = options;
    const { clock, periodMs = DEFAULT_PERIOD_MS } = options;
    this.#timer = clock.every(periodMs, () => void this.run());
  }

  get status(): ExchangeStatus {
    return {
      isReachable: this.#isReachable,
      waitingCount: this.#options.outbox.size,
      receivedCount: this.#receivedCount,
      failureCount: this.#failureCount,
    };
  }

  /** The secret that all have in common, as of the last exchange. */
  get secret(): Uint8Array | undefined {
    return this.#secret;
  }

  /** Exchanges once, or as often as there is more. One at a time; a carrier's fault is no rejection. */
  run(): Promise<void> {
    this.#running ??= this.#run().finally(() => {
      this.#running = undefined;
    });
    return this.#running;
  }

  /** Exchanges for the last time, in 2 s or not, and not if that was in vain just now. */
  async close(): Promise<void> {
    const { clock, exchange } = this.#options;
    this.#timer.cancel();
    await atMost(GOODBYE_TIMEOUT_MS, clock, this.#sayLast());
    await exchange.close();
  }

  async #sayLast(): Promise<void> {
    await this.#running;
    if (this.#isReachable) await this.run();
  }

  /** Everything that is known, some batches at a time: what a newcomer needs. */
  *allBatches(): Generator<Uint8Array[]> {
    const batches: Uint8Array[] = [];
    const writer = this.#createWriter(batches);
    const write = this.#options.words.writing(writer);
    for (let isMore = true; isMore; ) {
      while (isMore && batches.length < SEND_COUNT) isMore = write(SLICE_PEER_COUNT);
      if (!isMore) writer.flush();
      yield batches.splice(0);
    }
  }

  takePeer(announce: Announce): void {
    this.#receivedCount++;
    const { words, time, peerLifetimeS } = this.#options;
    const nowMs = time.nowMs();
    if (announce.nowMs < nowMs - 1_000 * peerLifetimeS) return;
    if (announce.nowMs > nowMs + 1_000 * MAX_AHEAD_S) announce.nowMs = nowMs;
    words.merge(announce);
  }

  takeCompleted(infoHash: Int32Array, completedCount: number, newCount: number): void {
    const { living } = this.#options.words;
    const counts: SwarmCounts = { seederCount: 0, leecherCount: 0, completedCount: 0 };
    living.scrape(infoHash, counts);
    const count = Math.max(counts.completedCount + newCount, completedCount);
    living.setCompletedCount(infoHash, count);
  }

  async #run(): Promise<void> {
    const { outbox, words } = this.#options;
    const own: Uint8Array[] = [];
    outbox.pack(this.#createWriter(own), words.living);
    for (let batches = own; ; batches = []) {
      const reply = await this.#exchange(batches);
      if (reply === undefined) return;
      if (!reply.hasMore) break;
    }
    if (this.#owesAll) await this.#tellAll();
  }

  /** @returns undefined when the others cannot be reached; the batches then wait again */
  async #exchange(batches: readonly Uint8Array[]): Promise<ExchangeReply | undefined> {
    const { exchange, outbox, time, clock, log } = this.#options;
    let reply: ExchangeReply;
    try {
      reply = await exchange.exchange(batches);
    } catch (error) {
      if (!(error instanceof ExchangeError)) throw error;
      outbox.putBack(batches, (baseS) => time.ofShared(baseS));
      this.#failureCount++;
      if (this.#isReachable) log.warn('swarms are not shared for now', { reason: error.message });
      this.#isReachable = false;
      return undefined;
    }
    if (!this.#isReachable) log.info('swarms are shared again');
    this.#isReachable = true;
    this.#secret = reply.secret ?? this.#secret;
    this.#owesAll ||= reply.wantsAll || outbox.hasLost;
    const stepS = time.adjust(reply.sharedMs);
    if (stepS !== 0) log.debug('the shared clock is another one', { stepS });
    for (const batch of reply.batches) {
      this.#receive(batch);
      // Between two batches announces are answered.
      await new Promise<void>((resolve) => clock.after(0, resolve));
    }
    return reply;
  }

  async #tellAll(): Promise<void> {
    this.#options.outbox.hasLost = false;
    for (const batches of this.allBatches())
      if ((await this.#exchange(batches)) === undefined) return;
    this.#owesAll = false;
  }

  #createWriter(batches: Uint8Array[]): BatchWriter {
    const { time } = this.#options;
    return new BatchWriter({
      maxLength: MAX_BATCH_LENGTH,
      baseS: () => time.nowMs() / 1_000 + time.shiftS + MAX_AHEAD_S,
      tickShiftS: () => time.shiftS,
      emit: (batch) => batches.push(batch),
    });
  }

  #receive(batch: Uint8Array): void {
    const { time, log } = this.#options;
    try {
      readBatch(batch, (baseS) => time.ofShared(baseS), this);
    } catch (error) {
      if (!(error instanceof ExchangeError)) throw error;
      log.warn('a batch of another process cannot be read', { reason: error.message });
    }
  }
}
