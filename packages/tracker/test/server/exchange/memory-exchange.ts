/** A carrier between stores of one test: a log that all write to, and a way to break it. */
import type { Clock } from '@shoal/units';
import { ExchangeError } from '../../../src/server/exchange/exchange-error.ts';
import type { ExchangeReply, SwarmExchange } from '../../../src/server/exchange/swarm-exchange.ts';

const READ_COUNT = 3;

/** What all have in common; `forget` loses it. */
export class SharedLog {
  epoch = 0;
  entries: { readonly from: object; readonly batch: Uint8Array }[] = [];

  forget(): void {
    this.epoch++;
    this.entries = [];
  }
}

export class MemoryExchange implements SwarmExchange {
  /** What the next calls do: nothing at all, all of it but for the answer, or not even end. */
  fault: 'none' | 'before' | 'after' | 'silence' = 'none';
  isClosed = false;
  readonly #log: SharedLog;
  readonly #clock: Clock;
  #epoch = 0;
  #cursor = 0;

  constructor(log: SharedLog, clock: Clock) {
    this.#log = log;
    this.#clock = clock;
    this.#epoch = log.epoch;
  }

  async exchange(batches: readonly Uint8Array[]): Promise<ExchangeReply> {
    if (this.fault === 'silence') await new Promise(() => {});
    if (this.fault === 'before') throw new ExchangeError('unreachable', 'cut');
    for (const batch of batches) this.#log.entries.push({ from: this, batch });
    if (this.fault === 'after') throw new ExchangeError('unreachable', 'cut');
    const wantsAll = this.#epoch !== this.#log.epoch;
    if (wantsAll) this.#cursor = 0;
    this.#epoch = this.#log.epoch;
    const read = this.#log.entries.slice(this.#cursor, this.#cursor + READ_COUNT);
    this.#cursor += read.length;
    return {
      batches: read.filter(({ from }) => from !== this).map(({ batch }) => batch),
      hasMore: read.length === READ_COUNT,
      wantsAll,
      sharedMs: this.#clock.wallMs(),
    };
  }

  close(): Promise<void> {
    this.isClosed = true;
    return Promise.resolve();
  }
}
