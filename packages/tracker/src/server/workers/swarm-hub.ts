/** Passes batches on between the processes of one tracker: the parent and its workers. */
import type { Clock } from '@shoal/units';
import type { ExchangeReply, SwarmExchange } from '../exchange/swarm-exchange.ts';
import type { HubMessage, MemberMessage, MessagePort } from './worker-messages.ts';

type Deliver = (batch: Uint8Array) => void;

export class SwarmHub {
  readonly #clock: Clock;
  readonly #offsetMs: number;
  readonly #outlets = new Set<Deliver>();

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#offsetMs = clock.wallMs() - clock.nowMs();
  }

  /** The time that all processes go by, in milliseconds: monotonic. */
  get sharedMs(): number {
    return this.#clock.nowMs() + this.#offsetMs;
  }

  /** The way of the parent's own store. */
  exchange(): SwarmExchange {
    let queue: Uint8Array[] = [];
    const deliver: Deliver = (batch) => queue.push(batch);
    this.#outlets.add(deliver);
    return {
      exchange: (batches) => {
        for (const batch of batches) this.#pass(batch, deliver);
        const reply = { batches: queue, hasMore: false, wantsAll: false, sharedMs: this.sharedMs };
        queue = [];
        return Promise.resolve<ExchangeReply>(reply);
      },
      close: () => {
        this.#outlets.delete(deliver);
        return Promise.resolve();
      },
    };
  }

  /**
   * Lets a worker take part from the moment on at which it joins.
   * @param everything - what the worker must be told at first
   * @returns how to end that
   */
  attach(
    port: MessagePort<HubMessage, MemberMessage>,
    everything: () => Iterable<readonly Uint8Array[]>,
  ): () => void {
    const deliver: Deliver = (batch) => {
      // A worker that is gone needs nothing; whoever watches it finds out.
      port.post({ type: 'batch', batch, sharedMs: this.sharedMs }).catch(ignore);
    };
    const catchUp = async (): Promise<void> => {
      this.#outlets.add(deliver);
      for (const batches of everything())
        for (const batch of batches)
          await port.post({ type: 'batch', batch, sharedMs: this.sharedMs });
      await port.post({ type: 'caught-up', sharedMs: this.sharedMs });
    };
    const end = port.listen((message) => {
      if (message.type === 'batch') this.#pass(message.batch, deliver);
      if (message.type === 'join') catchUp().catch(ignore);
    });
    return () => {
      end();
      this.#outlets.delete(deliver);
    };
  }

  #pass(batch: Uint8Array, from: Deliver): void {
    for (const outlet of this.#outlets) if (outlet !== from) outlet(batch);
  }
}

function ignore(): void {}
