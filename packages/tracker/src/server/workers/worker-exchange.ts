/** Shares swarms with the other workers of one tracker, through their parent. */
import type { Clock } from '@shoal/units';
import { ExchangeError } from '../exchange/exchange-error.ts';
import type { ExchangeReply, SwarmExchange } from '../exchange/swarm-exchange.ts';
import type { HubMessage, MemberMessage, MessagePort } from './worker-messages.ts';

export class WorkerExchange implements SwarmExchange {
  readonly #port: MessagePort<MemberMessage, HubMessage>;
  readonly #clock: Clock;
  readonly #end: () => void;
  #queue: Uint8Array[] = [];
  /** The shared time minus that of the clock. */
  #offsetMs = 0;

  /** Joins the others: when this resolves, the first exchange says all that they know. */
  static async open(
    port: MessagePort<MemberMessage, HubMessage>,
    clock: Clock,
  ): Promise<WorkerExchange> {
    let caughtUp = (): void => {};
    const isCaughtUp = new Promise<void>((resolve) => {
      caughtUp = resolve;
    });
    const exchange = new WorkerExchange(port, clock, caughtUp);
    await port.post({ type: 'join' });
    await isCaughtUp;
    return exchange;
  }

  private constructor(
    port: MessagePort<MemberMessage, HubMessage>,
    clock: Clock,
    caughtUp: () => void,
  ) {
    this.#port = port;
    this.#clock = clock;
    this.#end = port.listen((message) => {
      if (message.type === 'batch') this.#queue.push(message.batch);
      else if (message.type === 'caught-up') caughtUp();
      else return;
      this.#offsetMs = message.sharedMs - clock.nowMs();
    });
  }

  async exchange(batches: readonly Uint8Array[]): Promise<ExchangeReply> {
    try {
      await Promise.all(batches.map((batch) => this.#port.post({ type: 'batch', batch })));
    } catch (error) {
      throw new ExchangeError('closed', 'the parent process is gone', error);
    }
    const received = this.#queue;
    this.#queue = [];
    const sharedMs = this.#clock.nowMs() + this.#offsetMs;
    return { batches: received, hasMore: false, wantsAll: false, sharedMs };
  }

  close(): Promise<void> {
    this.#end();
    return Promise.resolve();
  }
}
