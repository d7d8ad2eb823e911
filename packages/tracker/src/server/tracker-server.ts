/** The tracker: HTTP, UDP and WebSocket on one set of swarms. */
import type { Clock, InfoHash, Log, PeerAddress, Random, Timer } from '@shoal/units';
import { formatPeerAddress } from '@shoal/units';
import { TrackerError } from '../protocol/tracker-error.ts';
import { Access, type AccessLists } from './access.ts';
import { Gate, type GateOptions } from './admission/gate.ts';
import { TrustedProxies } from './admission/trusted-proxies.ts';
import type { ExchangeStatus } from './exchange/exchange-loop.ts';
import { SharedSwarmStore } from './exchange/shared-swarm-store.ts';
import { type HttpCounts, HttpResponder } from './http/http-responder.ts';
import { HttpServer } from './http/http-server.ts';
import { MemorySwarmStore } from './swarm/memory-swarm-store.ts';
import { readInfoHashWords, type SwarmCounts, type SwarmStore } from './swarm/swarm-store.ts';
import { ConnectionIds } from './udp/connection-ids.ts';
import { type UdpCounts, UdpResponder } from './udp/udp-responder.ts';
import { UdpServer } from './udp/udp-server.ts';
import { ClientCensus } from './view/client-census.ts';
import { SwarmSurvey } from './view/swarm-survey.ts';
import { CountingStore } from './websocket/counting-store.ts';
import { type WebSocketCounts, WebSocketResponder } from './websocket/websocket-responder.ts';
import { WebSocketServer } from './websocket/websocket-server.ts';
import { WebSocketSwarms } from './websocket/websocket-swarms.ts';

/** Longest interval: the lifetime of peers is twice as long and must fit their ages. */
const MAX_INTERVAL_S = 14_400;
/** Peers are kept for so many intervals: one announce may get lost. */
const LIFETIME_INTERVALS = 2;
/** Clients that want more peers may ask again this soon. */
const MIN_INTERVAL_S = 60;
/** All peers are looked at once in so many slices of work, one a period. */
const SWEEP_PERIOD_MS = 250;
const SWEEP_SLICES = 480;
const MIN_SLICE = 256;
/** Times that a free port is taken for IPv4 which IPv6 turns out not to have. */
const PORT_TRIES = 8;

/** Where to listen. */
export interface ListenAddress {
  /** An IP address; all of IPv4 and IPv6 when left out. */
  readonly host?: string;
  /** 0 takes a free one. */
  readonly port: number;
}

export interface TrackerServerOptions extends AccessLists, Omit<GateOptions, 'random'> {
  readonly http?: ListenAddress;
  readonly udp?: ListenAddress;
  /** WebTorrent signalling. */
  readonly ws?: ListenAddress;
  /** Addresses and networks (`10.0.0.0/8`) whose X-Forwarded-For and `ip=` are believed. */
  readonly trustedProxies?: readonly string[];
  /** Seconds between the announces of a client, 1..14,400. */
  readonly intervalS: number;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  /** Default: memory. */
  readonly store?: SwarmStore;
  /** HTTP and UDP listen beside other processes of this user: the system deals out what comes. */
  readonly sharesPorts?: boolean;
  /** 16 random bytes, alike in all processes behind one address: one takes the UDP connection ids of another. */
  readonly connectionSecret?: Uint8Array;
}

export interface TrackerStats {
  readonly swarmCount: number;
  readonly peerCount: number;
  readonly http: Readonly<HttpCounts> & { readonly connectionCount: number };
  readonly udp: Readonly<UdpCounts>;
  readonly ws: Readonly<WebSocketCounts> & { readonly connectionCount: number };
  /** How it goes with the other processes; left out when swarms are not shared. */
  readonly sharing?: ExchangeStatus;
}

export interface TrackerServer {
  readonly http: PeerAddress | undefined;
  /** Of the first socket; with no host given there is another one for IPv6 on the same port. */
  readonly udp: PeerAddress | undefined;
  readonly ws: PeerAddress | undefined;
  stats(): TrackerStats;
  /** What is known of one torrent; undefined when no peer of it is known. */
  find(infoHash: InfoHash): Readonly<SwarmCounts> | undefined;
  /** Announces of the last one or two intervals by the first 8 characters of the peer id, on a sample. */
  clientCounts(): ReadonlyMap<string, number>;
  /** A way to look through all swarms step by step. @param largestCount - swarms to name */
  survey(largestCount: number): SwarmSurvey;
  /** Takes other lists of torrents; no request is dropped. */
  setLists(lists: AccessLists): void;
  /** Stops listening and ends all connections. Idempotent. */
  close(): Promise<void>;
}

/** How long a peer is kept after its last announce, in seconds. */
export function peerLifetimeOf(intervalS: number): number {
  return LIFETIME_INTERVALS * intervalS;
}

/**
 * Starts a tracker; it answers as soon as this resolves.
 * @throws TrackerError `port-taken`, `cannot-listen`; RangeError for an interval outside its range
 */
export async function createTrackerServer(options: TrackerServerOptions): Promise<TrackerServer> {
  const { clock, random, log, intervalS } = options;
  if (!(intervalS >= 1 && intervalS <= MAX_INTERVAL_S))
    throw new RangeError(`an interval of ${intervalS} s, not 1 to ${MAX_INTERVAL_S}`);
  const peerLifetimeS = peerLifetimeOf(intervalS);
  const plainStore = options.store ?? new MemorySwarmStore({ random, peerLifetimeS });
  const swarms = new WebSocketSwarms(random);
  const store = options.ws === undefined ? plainStore : new CountingStore(plainStore, swarms);
  const gate = new Gate(options);
  const proxies = new TrustedProxies(options.trustedProxies ?? []);
  const access = new Access(options);
  const minIntervalS = Math.min(intervalS, MIN_INTERVAL_S);
  const census = new ClientCensus(1_000 * intervalS);
  const shared = { store, access, gate, intervalS, census };
  const httpResponder = new HttpResponder({ ...shared, minIntervalS, proxies });
  const ids = new ConnectionIds(options.connectionSecret ?? random.bytes(16));
  const udpResponder = new UdpResponder({ ...shared, ids });
  const wsResponder = new WebSocketResponder({ ...shared, swarms, random });

  const servers: { close(): Promise<void> }[] = [];
  const closeAll = async (): Promise<void> => {
    await Promise.all(servers.splice(0).map((server) => server.close()));
  };
  let http: HttpServer | undefined;
  let udp: readonly UdpServer[] = [];
  let ws: WebSocketServer | undefined;
  try {
    http =
      options.http &&
      (await listenTcp(options.http, (host, port) =>
        HttpServer.listen(host, port, httpResponder, clock, options.sharesPorts),
      ));
    if (http !== undefined) servers.push(http);
    udp =
      options.udp === undefined
        ? []
        : await listenUdp(options.udp, (host, port) =>
            UdpServer.listen(host, port, udpResponder, clock, options.sharesPorts),
          );
    servers.push(...udp);
    const wsOptions = {
      responder: wsResponder,
      proxies,
      clock,
      peerLifetimeMs: 1_000 * peerLifetimeS,
    };
    ws =
      options.ws &&
      (await listenTcp(options.ws, (host, port) => WebSocketServer.listen(host, port, wsOptions)));
    if (ws !== undefined) servers.push(ws);
  } catch (error) {
    await closeAll();
    throw error;
  }
  const sweeper: Timer = clock.every(SWEEP_PERIOD_MS, () => {
    census.tick(clock.nowMs());
    const count = plainStore.swarmCount + plainStore.peerCount;
    if (count > 0) plainStore.sweep(clock.nowMs(), MIN_SLICE + Math.ceil(count / SWEEP_SLICES));
  });
  for (const [transport, server] of Object.entries({ HTTP: http, UDP: udp[0], WebSocket: ws }))
    if (server !== undefined)
      log.info('listening', { transport, address: formatPeerAddress(server.address) });

  return {
    http: http?.address,
    udp: udp[0]?.address,
    ws: ws?.address,
    stats: () => ({
      swarmCount: store.swarmCount,
      peerCount: store.peerCount,
      http: { ...httpResponder.counts, connectionCount: http?.connectionCount ?? 0 },
      udp: { ...udpResponder.counts },
      ws: { ...wsResponder.counts, connectionCount: ws?.connectionCount ?? 0 },
      ...(plainStore instanceof SharedSwarmStore ? { sharing: plainStore.status } : {}),
    }),
    find: (infoHash) => find(store, infoHash),
    clientCounts: () => census.counts(),
    survey: (largestCount) => new SwarmSurvey(store, largestCount),
    setLists: (lists) => access.replace(lists),
    close: async () => {
      sweeper.cancel();
      await closeAll();
    },
  };
}

/** A swarm is gone with its last peer. */
function find(store: SwarmStore, infoHash: InfoHash): Readonly<SwarmCounts> | undefined {
  const words = new Int32Array(5);
  const counts: SwarmCounts = { seederCount: 0, leecherCount: 0, completedCount: 0 };
  readInfoHashWords(words, infoHash, 0);
  store.scrape(words, counts);
  return counts.seederCount + counts.leecherCount > 0 ? counts : undefined;
}

/** Without a host: on `::`, which takes IPv4 too, or on IPv4 alone where there is no IPv6. */
async function listenTcp<Listener>(
  { host, port }: ListenAddress,
  listen: (host: string, port: number) => Promise<Listener>,
): Promise<Listener> {
  if (host !== undefined) return listen(host, port);
  try {
    return await listen('::', port);
  } catch (error) {
    if (!isWithoutIpv6(error)) throw error;
    return listen('0.0.0.0', port);
  }
}

/** Without a host: one socket for each family, because each has its own format. BEP 15. */
async function listenUdp(
  { host, port }: ListenAddress,
  listen: (host: string, port: number) => Promise<UdpServer>,
): Promise<UdpServer[]> {
  if (host !== undefined) return [await listen(host, port)];
  for (let tries = 1; ; tries++) {
    const v4 = await listen('0.0.0.0', port);
    try {
      return [v4, await listen('::', v4.address.port)];
    } catch (error) {
      if (isWithoutIpv6(error)) return [v4];
      await v4.close();
      if (port !== 0 || tries === PORT_TRIES) throw error;
    }
  }
}

function isWithoutIpv6(error: unknown): boolean {
  const cause = error instanceof TrackerError ? error.cause : undefined;
  const code = cause instanceof Error && 'code' in cause ? cause.code : undefined;
  return code === 'EAFNOSUPPORT' || code === 'EADDRNOTAVAIL';
}
