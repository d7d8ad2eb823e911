/** Announce and scrape over UDP: connect first, ask again when nothing comes. BEP 15. */
import type { Clock, InfoHash, Random } from '@shoal/units';
import type { AnnounceRequest, AnnounceResponse, ScrapeCounts } from '../protocol/announce.ts';
import { TrackerError } from '../protocol/tracker-error.ts';
import { MAX_UDP_SCRAPE_COUNT } from '../protocol/udp-layout.ts';
import { encodeUdpRequest, type UdpRequest } from '../protocol/udp-request.ts';
import type { UdpResponse } from '../protocol/udp-response.ts';
import { withDeadline } from './deadline.ts';
import { askEach, type Endpoint, type Resolve, resolveEndpoints } from './endpoints.ts';
import { mergeAnnounceResponses } from './merge-responses.ts';
import type { TrackerUrl } from './tracker-url.ts';
import { UdpSockets } from './udp-socket.ts';

/** How long a connection id is used. BEP 15. */
const CONNECTION_ID_LIFE_MS = 60_000;
/** The wait for an answer doubles from here with every packet that gets none. BEP 15. */
const FIRST_TIMEOUT_MS = 15_000;
/** Most packets without an answer; the BEP's 3840 s are no use to someone who waits for peers. */
const MAX_TRY_COUNT = 3;
/** For a whole exchange. */
const TOTAL_TIMEOUT_MS = 60_000;

interface Connection {
  readonly id: bigint;
  readonly expiresAtMs: number;
}

type Build = (connectionId: bigint, transactionId: number) => UdpRequest;

/** A client of UDP trackers; keeps connection ids for a minute. */
export class UdpTracker {
  readonly #clock: Clock;
  readonly #random: Random;
  readonly #resolve: Resolve;
  readonly #sockets: UdpSockets;
  readonly #connections = new Map<string, Connection>();

  constructor(options: { clock: Clock; random: Random; resolve: Resolve }) {
    this.#clock = options.clock;
    this.#random = options.random;
    this.#resolve = options.resolve;
    this.#sockets = new UdpSockets(options.clock);
  }

  /** @throws TrackerError `failure`, `timeout`, `unreachable`, or what is wrong with the answer */
  async announce(
    url: TrackerUrl,
    announce: AnnounceRequest,
    signal: AbortSignal,
  ): Promise<AnnounceResponse> {
    const urlData = url.target === '' || url.target === '/' ? {} : { urlData: url.target };
    const responses = await this.#askEach(
      url,
      'announce',
      signal,
      (connectionId, transactionId) => ({
        type: 'announce',
        connectionId,
        transactionId,
        announce,
        ...urlData,
      }),
    );
    return mergeAnnounceResponses(
      responses.map(({ intervalS, peers, seederCount, leecherCount }) => ({
        intervalS,
        peers,
        seederCount,
        leecherCount,
      })),
    );
  }

  /** @throws TrackerError as `announce`; `bad-response` when counts are missing */
  async scrape(
    url: TrackerUrl,
    infoHashes: readonly InfoHash[],
    signal: AbortSignal,
  ): Promise<ScrapeCounts[]> {
    const counts: ScrapeCounts[] = [];
    for (let at = 0; at < infoHashes.length; at += MAX_UDP_SCRAPE_COUNT) {
      const asked = infoHashes.slice(at, at + MAX_UDP_SCRAPE_COUNT);
      const [response] = await this.#askEach(
        url,
        'scrape',
        signal,
        (connectionId, transactionId) => ({
          type: 'scrape',
          connectionId,
          transactionId,
          infoHashes: asked,
        }),
      );
      if (response!.counts.length < asked.length)
        throw new TrackerError(
          'bad-response',
          `counts of ${response!.counts.length} torrents, asked for ${asked.length}`,
        );
      counts.push(...response!.counts.slice(0, asked.length));
    }
    return counts;
  }

  close(): Promise<void> {
    return this.#sockets.close();
  }

  #askEach<Type extends UdpResponse['type']>(
    url: TrackerUrl,
    type: Type,
    signal: AbortSignal,
    build: Build,
  ): Promise<(UdpResponse & { type: Type })[]> {
    return withDeadline(this.#clock, TOTAL_TIMEOUT_MS, signal, async (limited) => {
      const endpoints = await resolveEndpoints(url.host, url.port, this.#resolve, limited);
      return askEach(endpoints, this.#clock, async (endpoint) => {
        const response = await this.#exchange(endpoint, build, limited);
        if (isOfType(response, type)) return response;
        throw new TrackerError('bad-response', `an answer of type ${response.type}, not ${type}`);
      });
    });
  }

  /** Each packet without an answer drops the connection id: the tracker may have forgotten it. */
  async #exchange(endpoint: Endpoint, build: Build, signal: AbortSignal): Promise<UdpResponse> {
    const key = `${endpoint.ip} ${endpoint.port}`;
    for (let tryCount = 0; tryCount < MAX_TRY_COUNT; ) {
      const transactionId = this.#freeTransactionId();
      const connectionId = this.#connectionId(key);
      const request: UdpRequest =
        connectionId === undefined
          ? { type: 'connect', transactionId }
          : build(connectionId, transactionId);
      const response = await this.#sockets.ask(
        endpoint,
        encodeUdpRequest(request),
        transactionId,
        FIRST_TIMEOUT_MS * 2 ** tryCount,
        signal,
      );
      if (response?.type === 'connect' && request.type === 'connect') {
        this.#keepConnection(key, response.connectionId);
        continue;
      }
      if (response !== undefined && response.type !== 'error') return response;
      this.#connections.delete(key);
      if (response !== undefined)
        throw new TrackerError('failure', response.message || 'the tracker refuses');
      tryCount++;
    }
    throw new TrackerError('timeout', `no answer to ${MAX_TRY_COUNT} packets`);
  }

  #connectionId(key: string): bigint | undefined {
    const connection = this.#connections.get(key);
    return connection && connection.expiresAtMs > this.#clock.nowMs() ? connection.id : undefined;
  }

  #keepConnection(key: string, id: bigint): void {
    const nowMs = this.#clock.nowMs();
    for (const [other, { expiresAtMs }] of this.#connections)
      if (expiresAtMs <= nowMs) this.#connections.delete(other);
    this.#connections.set(key, { id, expiresAtMs: nowMs + CONNECTION_ID_LIFE_MS });
  }

  #freeTransactionId(): number {
    for (;;) {
      const id = this.#random.below(2 ** 32);
      if (!this.#sockets.isWaitedFor(id)) return id;
    }
  }
}

function isOfType<Type extends UdpResponse['type']>(
  response: UdpResponse,
  type: Type,
): response is UdpResponse & { type: Type } {
  return response.type === type;
}
