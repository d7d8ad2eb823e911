/** The library's UDP socket: what goes in is checked, what goes out is bounded. Threats 33, 37, 39. */
import type { Socket } from 'node:dgram';
import { EventEmitter } from 'node:events';
import type { BencodeValue } from '@shoal/bencode';
import {
  type Clock,
  encodeCompactPeer,
  formatPeerAddress,
  type Log,
  type PeerAddress,
  type Random,
} from '@shoal/units';
import type { DhtSocket } from 'bittorrent-dht';
import { DiscoveryError } from '../discovery.ts';
import { SourceLimiter, type SourceLimits } from '../source-limiter.ts';
import { TokenBucket } from '../token-bucket.ts';
import { cutReply, decodeKrpc, encodeKrpc, type KrpcMessage } from './krpc-message.ts';
import { QueryLedger } from './query-ledger.ts';

/** What one IP address may ask; libtorrent's numbers. */
export const QUERY_LIMITS: SourceLimits = {
  messageLimit: 50,
  windowMs: 10_000,
  blockMs: 5 * 60_000,
};
/** Bytes of answers a second, over all; libtorrent's number. Our own queries are not counted. */
const REPLY_BYTES_PER_S = 8000;
/** Of BEP 5 (K = 8 nodes), and peers that fit beside them well within a frame. */
const REPLY_LIMITS = { peerCount: 50, nodeCount: 8 };

export interface GuardedSocketOptions {
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  readonly queryLimits: SourceLimits;
}

/**
 * Stands in for `dgram.Socket`. The library trusts the shape of messages and would throw on a wrong
 * one, answers as often and as much as it is asked, and numbers its queries; so it gets whole,
 * known messages alone, answers to our own queries alone, and no more queries than a node sends.
 */
export class GuardedSocket implements DhtSocket {
  readonly #socket: Socket;
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #events = new EventEmitter();
  readonly #ledger: QueryLedger;
  readonly #sources: SourceLimiter;
  readonly #replyBudget: TokenBucket;
  #isClosed = false;

  /** @param socket - bound already; this owns it */
  constructor(socket: Socket, { clock, random, log, queryLimits }: GuardedSocketOptions) {
    this.#socket = socket;
    this.#clock = clock;
    this.#log = log;
    this.#ledger = new QueryLedger(random);
    this.#sources = new SourceLimiter(queryLimits);
    this.#replyBudget = new TokenBucket({
      capacity: 2 * REPLY_BYTES_PER_S,
      perMs: REPLY_BYTES_PER_S / 1000,
      nowMs: clock.nowMs(),
    });
    socket.on('message', (bytes, { address, port }) =>
      this.#receive(bytes, { host: address, port, family: 4 }),
    );
    socket.on('error', (error) => log.debug('DHT socket', { reason: error.message }));
    socket.on('close', () => this.#events.emit('close'));
  }

  on(event: string, listener: (...values: never[]) => void): this {
    this.#events.on(event, listener as (...values: unknown[]) => void);
    return this;
  }

  bind(): void {
    queueMicrotask(() => this.#events.emit('listening'));
  }

  address(): { address: string; port: number } {
    return this.#socket.address();
  }

  /** Every fault goes to `sent`: the library calls from timers of its own, where a throw ends the program. */
  send(
    bytes: Uint8Array,
    offset: number,
    length: number,
    port: number,
    host: string,
    sent: (error: Error | null) => void,
  ): void {
    if (this.#isClosed) return sent(null);
    const to: PeerAddress = { host, port, family: 4 };
    try {
      const packet = this.#seal(bytes.subarray(offset, offset + length), to);
      if (packet !== undefined) return this.#socket.send(packet, port, host, sent);
    } catch (error) {
      this.#log.debug('DHT packet not sent', { to: formatPeerAddress(to), reason: String(error) });
      return sent(error as Error);
    }
    sent(null);
  }

  close(): void {
    this.#isClosed = true;
    this.#socket.close();
  }

  /** The bytes to send, or undefined for an answer that is past the budget: it is lost. */
  #seal(bytes: Uint8Array, to: PeerAddress): Uint8Array | undefined {
    const nowMs = this.#clock.nowMs();
    // The library answers with all peers it stores, up to 80 KB: it is cut before it is sent.
    const message = decodeKrpc(bytes, {});
    if (message.kind === 'query') {
      const outerId = this.#ledger.open(message.transactionId, formatPeerAddress(to), nowMs);
      return encodeKrpc(message, outerId);
    }
    const yourIp = new Map<string, BencodeValue>([['ip', encodeCompactPeer(to)]]);
    const packet = encodeKrpc(cutReply(message, REPLY_LIMITS), message.transactionId, yourIp);
    return this.#replyBudget.take(packet.length, nowMs) ? packet : undefined;
  }

  /** The one place where what other nodes send may be wrong. */
  #receive(bytes: Uint8Array, from: PeerAddress): void {
    const nowMs = this.#clock.nowMs();
    if (from.port === 0 || this.#sources.isBlocked(from.host, nowMs)) return;
    try {
      const opened = this.#open(decodeKrpc(bytes), from, nowMs);
      if (opened !== undefined)
        this.#events.emit('message', Buffer.from(opened), { address: from.host, port: from.port });
    } catch (error) {
      if (!(error instanceof DiscoveryError)) throw error;
      this.#sources.allow(from.host, nowMs);
      this.#log.debug('bad DHT message', { from: from.host, reason: error.message });
    }
  }

  /** What the library gets, or undefined for a query too many and an answer nobody asked for. */
  #open(message: KrpcMessage, from: PeerAddress, nowMs: number): Uint8Array | undefined {
    if (message.kind === 'query')
      return this.#sources.allow(from.host, nowMs)
        ? encodeKrpc(message, message.transactionId)
        : undefined;
    const innerId = this.#ledger.close(message.transactionId, formatPeerAddress(from), nowMs);
    if (innerId !== undefined) return encodeKrpc(message, innerId);
    this.#sources.allow(from.host, nowMs);
    return undefined;
  }
}
