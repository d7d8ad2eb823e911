/**
 * Shares swarms through Redis (6.2 or newer) or Valkey.
 *
 * All processes write their batches to one stream and read what the others wrote. Entries older than
 * a peer lives are trimmed, so that the stream holds what newcomers must know and little else.
 *
 * | key | |
 * |---|---|
 * | `{shoal-tracker}:words` | stream: o = who wrote it, 8 bytes; b = a batch (exchange/batch-layout.ts) |
 * | `{shoal-tracker}:epoch` | random bytes: with other ones, or none, the stream was lost |
 * | `{shoal-tracker}:secret` | random bytes: the key of UDP connection ids; put back by who had it when it is lost |
 *
 * Who can read the secret could send UDP packets with false addresses, and could do worse in Redis itself.
 */
import type { Random } from '@shoal/units';
import { ExchangeError } from '../exchange/exchange-error.ts';
import type { ExchangeReply, SwarmExchange } from '../exchange/swarm-exchange.ts';
import { createRedisClient, endRedisClient, type RedisClient } from './redis-client.ts';

const STREAM = '{shoal-tracker}:words';
const EPOCH = '{shoal-tracker}:epoch';
const SECRET = '{shoal-tracker}:secret';
const SECRET_LENGTH = 16;
const BEGIN = '0-0';
/** Entries read in one call: at most so many batches are in memory. */
const READ_COUNT = 16;
/** What the stream may take in Redis, in bytes: beyond it the oldest words go. */
const DEFAULT_MAX_BYTE_LENGTH = 1_073_741_824;
/** Exchanges between two looks at that. */
const SIZE_CHECK_PERIOD = 32;
/** Part of the limit that is left then. */
const KEPT_PART = 3 / 4;

export interface RedisExchangeOptions {
  /** `redis://[USER:PASSWORD@]HOST[:PORT][/DATABASE]`, or `rediss:` for TLS. */
  readonly url: string;
  readonly random: Random;
  /** Words older than that are worth nothing. */
  readonly peerLifetimeS: number;
  /** What Redis may use for them, in bytes. Default 1 GiB. */
  readonly maxByteLength?: number;
}

export class RedisExchange implements SwarmExchange {
  readonly #client: RedisClient;
  /** Marks our own entries. */
  readonly #origin: Buffer;
  readonly #random: Random;
  readonly #lifetimeMs: number;
  readonly #maxByteLength: number;
  #exchangeCount = 0;
  #epoch: Buffer | undefined;
  /** The entry read last. */
  #cursor = BEGIN;
  #sharedMs = 0;
  /** Our own until Redis has another one. */
  #secret: Buffer;
  /** The connection broke: the stream may have lost its end. */
  #isDoubtful = false;
  #lastFault = 'not connected yet';

  /**
   * Connects, or goes on trying: exchanges fail until Redis is there.
   * @throws ExchangeError `bad-url`
   */
  static async open(options: RedisExchangeOptions): Promise<RedisExchange> {
    const exchange = new RedisExchange(options);
    await exchange.#connect();
    return exchange;
  }

  private constructor({ url, random, peerLifetimeS, maxByteLength }: RedisExchangeOptions) {
    this.#client = createRedisClient({ url, protocol: 2 });
    this.#origin = Buffer.from(random.bytes(8));
    this.#random = random;
    this.#secret = Buffer.from(random.bytes(SECRET_LENGTH));
    this.#lifetimeMs = 1_000 * peerLifetimeS;
    this.#maxByteLength = maxByteLength ?? DEFAULT_MAX_BYTE_LENGTH;
  }

  async exchange(batches: readonly Uint8Array[]): Promise<ExchangeReply> {
    if (!this.#client.isReady) throw this.#unreachable();
    try {
      if (this.#exchangeCount++ % SIZE_CHECK_PERIOD === 0) await this.#shed();
      return await this.#exchange(batches);
    } catch (error) {
      if (!(error instanceof Error)) throw error;
      this.#isDoubtful = true;
      this.#lastFault = error.message;
      throw this.#unreachable(error);
    }
  }

  close(): Promise<void> {
    endRedisClient(this.#client);
    return Promise.resolve();
  }

  /** One round trip: everything is in the pipe before the first answer comes. */
  async #exchange(batches: readonly Uint8Array[]): Promise<ExchangeReply> {
    const client = this.#client;
    const lifetimeMs = String(2 * this.#lifetimeMs);
    // Another one each time: an epoch that comes back would hide that the stream was lost.
    const newEpoch = Buffer.from(this.#random.bytes(8));
    const isDoubtful = this.#isDoubtful && this.#cursor !== BEGIN;
    const [, , epoch, time, entries, info, , secret] = await Promise.all([
      Promise.all(batches.map((batch) => this.#add(batch))),
      client.sendCommand(['SET', EPOCH, newEpoch, 'NX']),
      client.sendCommand<Buffer>(['GET', EPOCH]),
      client.sendCommand<[Buffer, Buffer]>(['TIME']),
      client.sendCommand<StreamReply>([
        ...['XREAD', 'COUNT', String(READ_COUNT), 'STREAMS', STREAM, this.#cursor],
      ]),
      isDoubtful ? this.#lastEntry() : undefined,
      client.sendCommand(['SET', SECRET, this.#secret, 'NX']),
      client.sendCommand<Buffer | null>(['GET', SECRET]),
      client.sendCommand(['PEXPIRE', STREAM, lifetimeMs]),
      client.sendCommand(['PEXPIRE', EPOCH, lifetimeMs]),
      client.sendCommand(['PEXPIRE', SECRET, lifetimeMs]),
    ]);
    this.#isDoubtful = false;
    const [seconds, microseconds] = time;
    this.#sharedMs = 1_000 * Number(seconds) + Number(microseconds) / 1_000;
    if (secret?.length === SECRET_LENGTH) this.#secret = secret;
    const common = { sharedMs: this.#sharedMs, secret: Uint8Array.from(this.#secret) };
    const reply = { ...common, batches: [], hasMore: true, wantsAll: true };
    const isLost =
      (this.#epoch !== undefined && !this.#epoch.equals(epoch)) ||
      (info !== undefined && isBefore(info, this.#cursor));
    const isNew = this.#epoch === undefined && newEpoch.equals(epoch);
    this.#epoch = epoch;
    if (!isLost) {
      const read = this.#take(entries?.[0]?.[1] ?? []);
      return { ...reply, ...read, wantsAll: isNew };
    }
    // What was read may be read again from the begin of the new stream.
    this.#cursor = BEGIN;
    return reply;
  }

  /** @returns the batches that others wrote */
  #take(entries: readonly StreamEntry[]): Pick<ExchangeReply, 'batches' | 'hasMore'> {
    const batches: Uint8Array[] = [];
    for (const [id, fields] of entries) {
      this.#cursor = id.toString('latin1');
      const [, origin, , batch] = fields;
      if (origin !== undefined && batch !== undefined && !origin.equals(this.#origin))
        batches.push(batch);
    }
    return { batches, hasMore: entries.length === READ_COUNT };
  }

  #add(batch: Uint8Array): Promise<unknown> {
    const oldest = String(Math.max(0, Math.floor(this.#sharedMs - this.#lifetimeMs)));
    const bytes = Buffer.from(batch.buffer, batch.byteOffset, batch.byteLength);
    return this.#client.sendCommand([
      ...['XADD', STREAM, 'MINID', '~', oldest, '*', 'o', this.#origin, 'b', bytes],
    ]);
  }

  /** Holds the stream to its size: a flood of made-up torrents must not fill Redis. */
  async #shed(): Promise<void> {
    const client = this.#client;
    const [byteLength, count] = await Promise.all([
      client.sendCommand<number | null>(['MEMORY', 'USAGE', STREAM]),
      client.sendCommand<number>(['XLEN', STREAM]),
    ]);
    if (byteLength === null || byteLength <= this.#maxByteLength) return;
    const keptCount = Math.floor((KEPT_PART * count * this.#maxByteLength) / byteLength);
    await client.sendCommand(['XTRIM', STREAM, 'MAXLEN', '~', String(keptCount)]);
  }

  /** The id of the last entry that was ever made; none when there is no stream. */
  async #lastEntry(): Promise<string> {
    try {
      const info = await this.#client.sendCommand<unknown[]>(['XINFO', 'STREAM', STREAM]);
      return String(info[1 + info.findIndex((name) => String(name) === 'last-generated-id')]);
    } catch (error) {
      if (error instanceof Error && /no such key/.test(error.message)) return BEGIN;
      throw error;
    }
  }

  async #connect(): Promise<void> {
    const client = this.#client;
    const failed = new Promise<void>((resolve) => {
      client.on('error', (error: Error) => {
        this.#isDoubtful = true;
        this.#lastFault = error.message;
        resolve();
      });
    });
    // It is rejected when it is closed before it was ever connected.
    await Promise.race([client.connect().then(ignore, ignore), failed]);
  }

  #unreachable(cause?: Error): ExchangeError {
    return new ExchangeError('unreachable', `Redis: ${this.#lastFault}`, cause);
  }
}

/** An entry: its id, and fields and values by turns. */
type StreamEntry = readonly [id: Buffer, fields: readonly Buffer[]];
type StreamReply = readonly (readonly [key: Buffer, entries: readonly StreamEntry[]])[] | null;

/** Whether entry id `a` comes before `b`: milliseconds, a dash, a number. */
function isBefore(a: string, b: string): boolean {
  const [aMs = 0, aNumber = 0] = a.split('-').map(Number);
  const [bMs = 0, bNumber = 0] = b.split('-').map(Number);
  return aMs === bMs ? aNumber < bNumber : aMs < bMs;
}

function ignore(): void {}
