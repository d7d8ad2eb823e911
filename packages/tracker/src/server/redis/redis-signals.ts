/**
 * Carries signals by Redis' publish and subscribe, which keeps nothing.
 *
 * | channel | |
 * |---|---|
 * | `{shoal-tracker}:signals:DATABASE` | what is for all processes; databases have their channels in common |
 * | `{shoal-tracker}:signals:DATABASE:ORIGIN` | what is for one |
 */
import { atMost, type Clock, type Log, type Random } from '@shoal/units';
import {
  MAX_WAITING_LENGTH,
  newOrigin,
  type SignalCarrier,
  type SignalListener,
} from '../signals/signal-carrier.ts';
import { createRedisClient, endRedisClient, type RedisClient } from './redis-client.ts';

const PREFIX = '{shoal-tracker}:signals';
const PING_PERIOD_MS = 2_000;
/** The last signals may take so long. */
const GOODBYE_TIMEOUT_MS = 1_000;

export interface RedisSignalsOptions {
  /** As of the exchange. */
  readonly url: string;
  readonly random: Random;
  readonly clock: Clock;
  readonly log: Log;
}

export class RedisSignals implements SignalCarrier {
  readonly origin: string;
  readonly #client: RedisClient;
  readonly #clock: Clock;
  readonly #log: Log;
  /** For all processes. */
  readonly #channel: string;
  #waitingLength = 0;
  #last: Promise<unknown> = Promise.resolve();
  #isSubscribed = false;

  /** It connects when it is listened to, and goes on trying. @throws ExchangeError `bad-url` */
  constructor({ url, random, clock, log }: RedisSignalsOptions) {
    this.origin = newOrigin(random);
    this.#client = createRedisClient({ url, protocol: 3, pingMs: PING_PERIOD_MS });
    this.#clock = clock;
    this.#log = log;
    this.#channel = `${PREFIX}:${Number(new URL(url).pathname.slice(1))}`;
  }

  get isOpen(): boolean {
    return this.#client.isReady && this.#isSubscribed && this.#waitingLength < MAX_WAITING_LENGTH;
  }

  send(signal: Uint8Array, to?: string): void {
    if (!this.isOpen) return;
    const channel = to === undefined ? this.#channel : this.#channelOf(to);
    const bytes = Buffer.from(signal.buffer, signal.byteOffset, signal.byteLength);
    this.#waitingLength += bytes.length;
    const sent = (): void => {
      this.#waitingLength -= bytes.length;
    };
    // What is lost with the connection is said again when there is another one.
    this.#last = this.#client.sendCommand(['PUBLISH', channel, bytes]).then(sent, sent);
  }

  listen(listener: SignalListener): void {
    const client = this.#client;
    const handleMessage = (message: Buffer): void => listener.handleSignal(message);
    client.on('ready', () => {
      const channels = [this.#channel, this.#channelOf(this.origin)];
      client.subscribe(channels, handleMessage, true).then(
        () => {
          this.#isSubscribed = true;
          listener.handleGap();
        },
        (error: Error) =>
          this.#log.warn('WebSocket peers are not shared', { reason: error.message }),
      );
    });
    client.on('error', (error: Error) =>
      this.#log.debug('no way to other WebSocket peers', { reason: error.message }),
    );
    // It is rejected when it is closed before it was ever connected.
    client.connect().then(ignore, ignore);
  }

  async close(): Promise<void> {
    await atMost(GOODBYE_TIMEOUT_MS, this.#clock, this.#last);
    endRedisClient(this.#client);
  }

  #channelOf(origin: string): string {
    return `${this.#channel}:${origin}`;
  }
}

function ignore(): void {}
