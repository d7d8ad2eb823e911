/** The tracker: HTTP, UDP and WebSocket on one set of swarms. */
import type { Clock, InfoHash, Log, Random, Timer } from '@shoal/units';
import { formatPeerAddress } from '@shoal/units';
import { optional } from '../protocol/http-answer.ts';
import { Access, type AccessLists } from './access.ts';
import { AccessRound } from './access-round.ts';
import { Gate, type GateOptions } from './admission/gate.ts';
import { TrackerIds } from './admission/tracker-ids.ts';
import { TrustedProxies } from './admission/trusted-proxies.ts';
import { AnnounceIntervals } from './announce-intervals.ts';
import type { AnswerTimeCounts } from './answer-times.ts';
import type { ExchangeStatus } from './exchange/exchange-loop.ts';
import { SharedSwarmStore } from './exchange/shared-swarm-store.ts';
import { type HttpCounts, HttpResponder } from './http/http-responder.ts';
import { type ListenerAddresses, Listeners, type ListenPlaces, listOf } from './listeners.ts';
import type { SignalCarrier } from './signals/signal-carrier.ts';
import { MemorySwarmStore } from './swarm/memory-swarm-store.ts';
import { readInfoHashWords, type SwarmCounts, type SwarmStore } from './swarm/swarm-store.ts';
import { SweepPace } from './swarm/sweep-pace.ts';
import type { TlsIdentity } from './tls-identity.ts';
import { ConnectionIds, type SharedKey } from './udp/connection-ids.ts';
import { type UdpCounts, UdpResponder } from './udp/udp-responder.ts';
import { ClientCensus } from './view/client-census.ts';
import { SwarmSurvey } from './view/swarm-survey.ts';
import { CountingStore } from './websocket/counting-store.ts';
import { OfferRelay } from './websocket/offer-relay.ts';
import { SharedSignals } from './websocket/shared-signals.ts';
import {
  MAX_WEBSOCKET_INTERVAL_S,
  type WebSocketCounts,
  WebSocketResponder,
} from './websocket/websocket-responder.ts';
import { WebSocketSwarms } from './websocket/websocket-swarms.ts';

/** Longest interval: the lifetime of peers is twice as long and must fit their ages. */
const MAX_INTERVAL_S = 14_400;
/** Peers are kept for so many intervals: one announce may get lost. */
const LIFETIME_INTERVALS = 2;
/** Clients that want more peers may ask again this soon. */
const DEFAULT_MIN_INTERVAL_S = 60;
/** The store is swept a slice each period: round in two minutes. */
const SWEEP_PERIOD_MS = 250;

/** As the log names them. */
const TRANSPORT_NAMES: Readonly<Record<string, string>> = {
  http: 'HTTP',
  https: 'HTTPS',
  udp: 'UDP',
  ws: 'WebSocket',
  wss: 'secure WebSocket',
};

export interface TrackerServerOptions
  extends AccessLists,
    ListenPlaces,
    Omit<GateOptions, 'random' | 'trackerIds'> {
  /** Addresses and networks (`10.0.0.0/8`) whose X-Forwarded-For and `ip=` are believed. */
  readonly trustedProxies?: readonly string[];
  /** Seconds between the announces of a client, 1..14,400; up to a twentieth less each time. */
  readonly intervalS: number;
  /** Seconds that must pass even when it wants more peers; held at the interval. Default 60. */
  readonly minIntervalS?: number;
  /**
   * Peers in an answer, at most; UDP answers are held shorter by their length, lists of dicts have 50
   * at most. Default 200.
   */
  readonly maxNumWant?: number;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  /** Default: memory. */
  readonly store?: SwarmStore;
  /** The way to the WebSocket peers of other processes; closed with the server. Default: none. */
  readonly signals?: SignalCarrier;
  /**
   * 16 random bytes, alike in all processes behind one address: one takes the UDP connection ids of
   * another. A secret that a shared store has in common with the others takes its place.
   */
  readonly connectionSecret?: Uint8Array;
}

export interface TrackerStats {
  readonly swarmCount: number;
  readonly peerCount: number;
  /** Bytes of memory that the swarms take. */
  readonly storeByteLength: number;
  /** Peers that went because a limit of the store was reached. */
  readonly shedPeerCount: number;
  /** Peers that went because they were not heard of any more. */
  readonly expiredPeerCount: number;
  readonly http: Readonly<HttpCounts> & { readonly connectionCount: number };
  readonly udp: Readonly<UdpCounts>;
  readonly ws: Readonly<WebSocketCounts> & { readonly connectionCount: number };
  /** How long answers took. */
  readonly answerTimes: Readonly<Record<'http' | 'udp' | 'ws', AnswerTimeCounts>>;
  /** When the certificate ends, in milliseconds since 1970; left out without one. */
  readonly certificateExpiryMs?: number;
  /** How it goes with the other processes; left out when swarms are not shared. */
  readonly sharing?: ExchangeStatus;
}

export interface TrackerServer extends ListenerAddresses {
  stats(): TrackerStats;
  /** What is known of one torrent; undefined when no peer of it is known. */
  find(infoHash: InfoHash): Readonly<SwarmCounts> | undefined;
  /** Announces of the last one or two intervals by the first 8 characters of the peer id, on a sample. */
  clientCounts(): ReadonlyMap<string, number>;
  /** A way to look through all swarms step by step. @param largestCount - swarms to name */
  survey(largestCount: number): SwarmSurvey;
  /**
   * Takes other lists of torrents; no request is dropped. What they exclude is said no more, and
   * leaves the memory within a quarter of a second for each slice of the store: 16 s.
   */
  setLists(lists: AccessLists): void;
  /**
   * Takes another certificate for the connections to come; those that are open keep theirs.
   * @throws TrackerError `bad-certificate`: the one before stays
   */
  setIdentity(identity: TlsIdentity): void;
  /** Stops listening and ends all connections. Idempotent. */
  close(): Promise<void>;
}

/** How long a peer is kept after its last announce, in seconds. */
export function peerLifetimeOf(intervalS: number): number {
  return LIFETIME_INTERVALS * intervalS;
}

/**
 * Starts a tracker; it answers as soon as this resolves.
 * @throws TrackerError `port-taken`, `cannot-listen`, `bad-certificate`; RangeError for an interval
 * outside its range
 */
export async function createTrackerServer(options: TrackerServerOptions): Promise<TrackerServer> {
  const { clock, random, log, intervalS } = options;
  if (!(intervalS >= 1 && intervalS <= MAX_INTERVAL_S))
    throw new RangeError(`an interval of ${intervalS} s, not 1 to ${MAX_INTERVAL_S}`);
  const peerLifetimeS = peerLifetimeOf(intervalS);
  const plainStore = options.store ?? new MemorySwarmStore({ random, peerLifetimeS });
  const carrier = options.signals;
  const swarms = new WebSocketSwarms(random, carrier !== undefined);
  const hasWebSocket = listOf(options.ws).length + listOf(options.wss).length > 0;
  const store = hasWebSocket || carrier ? new CountingStore(plainStore, swarms) : plainStore;
  const relay = new OfferRelay({ swarms, random, ...optional('carrier', carrier) });
  const secret = options.membership?.secret;
  const lifetimeMs = 1_000 * peerLifetimeS;
  const trackerIds = secret && new TrackerIds({ secret, lifetimeMs, clock });
  const gate = new Gate({ ...options, ...optional('trackerIds', trackerIds) });
  const proxies = new TrustedProxies(options.trustedProxies ?? []);
  const access = new Access(options);
  const { minIntervalS = DEFAULT_MIN_INTERVAL_S } = options;
  const intervalsUpTo = (mostS: number): AnnounceIntervals =>
    new AnnounceIntervals({ intervalS: Math.min(intervalS, mostS), minIntervalS, random });
  const intervals = intervalsUpTo(intervalS);
  const census = new ClientCensus(1_000 * intervalS);
  const { maxNumWant } = options;
  const shared = { store, access, gate, intervals, census, ...optional('maxNumWant', maxNumWant) };
  const httpResponder = new HttpResponder({ ...shared, proxies });
  const ownSecret = options.connectionSecret ?? random.bytes(16);
  const sharedKey = (): SharedKey =>
    plainStore instanceof SharedSwarmStore
      ? plainStore.sharedKey(ownSecret)
      : { secret: ownSecret, shiftMs: 0 };
  const ids = new ConnectionIds(sharedKey());
  const udpResponder = new UdpResponder({ ...shared, ids });
  const wsResponder = new WebSocketResponder({
    ...{ ...shared, swarms, relay },
    intervals: intervalsUpTo(MAX_WEBSOCKET_INTERVAL_S),
  });

  const listeners = await Listeners.open(options, {
    http: httpResponder,
    udp: udpResponder,
    ws: wsResponder,
    proxies,
    clock,
    peerLifetimeMs: lifetimeMs,
  });
  const { addresses } = listeners;
  const accessRound = new AccessRound(store, access);
  const signals = carrier && new SharedSignals({ carrier, swarms, relay, store, clock, log });
  const pace = new SweepPace();
  const sweeper: Timer = clock.every(SWEEP_PERIOD_MS, () => {
    accessRound.step();
    census.tick(clock.nowMs());
    ids.follow(sharedKey(), clock.nowMs());
    const { lookCount } = store;
    if (lookCount > 0) store.sweep(clock.nowMs(), pace.next(lookCount));
  });
  for (const { transport, address } of addresses.listening)
    log.info('listening', {
      transport: TRANSPORT_NAMES[transport],
      address: formatPeerAddress(address),
    });

  return {
    ...addresses,
    stats: () => ({
      swarmCount: store.swarmCount,
      peerCount: store.peerCount,
      storeByteLength: store.byteLength,
      shedPeerCount: store.shedCount,
      expiredPeerCount: store.expiredCount,
      http: { ...httpResponder.counts, connectionCount: listeners.httpConnectionCount },
      udp: { ...udpResponder.counts },
      ws: { ...wsResponder.counts, connectionCount: listeners.wsConnectionCount },
      answerTimes: {
        http: httpResponder.answerTimes.read(),
        udp: udpResponder.answerTimes.read(),
        ws: wsResponder.answerTimes.read(),
      },
      ...optional('certificateExpiryMs', listeners.certificateExpiryMs),
      ...(plainStore instanceof SharedSwarmStore ? { sharing: plainStore.status } : {}),
    }),
    find: (infoHash) => find(store, access, infoHash),
    clientCounts: () => census.counts(),
    survey: (largestCount) => new SwarmSurvey(store, largestCount),
    setLists: (lists) => access.replace(lists),
    setIdentity: (identity) => listeners.setIdentity(identity),
    close: async () => {
      sweeper.cancel();
      await listeners.close();
      await signals?.close();
    },
  };
}

/** A swarm is gone with its last peer. */
function find(
  store: SwarmStore,
  access: Access,
  infoHash: InfoHash,
): Readonly<SwarmCounts> | undefined {
  const words = new Int32Array(5);
  const counts: SwarmCounts = { seederCount: 0, leecherCount: 0, completedCount: 0 };
  readInfoHashWords(words, infoHash, 0);
  if (access.allows(words)) store.scrape(words, counts);
  return counts.seederCount + counts.leecherCount > 0 ? counts : undefined;
}
