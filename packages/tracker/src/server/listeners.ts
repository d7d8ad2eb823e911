/** Everything that the tracker listens on: each transport where it was asked for. */
import type { Clock, PeerAddress } from '@shoal/units';
import { optional } from '../protocol/http-answer.ts';
import { TrackerError } from '../protocol/tracker-error.ts';
import type { TrustedProxies } from './admission/trusted-proxies.ts';
import type { HttpResponder } from './http/http-responder.ts';
import { HttpServer } from './http/http-server.ts';
import { expiryOf, type TlsIdentity } from './tls-identity.ts';
import type { UdpResponder } from './udp/udp-responder.ts';
import { UdpServer } from './udp/udp-server.ts';
import type { WebSocketResponder } from './websocket/websocket-responder.ts';
import { WebSocketServer } from './websocket/websocket-server.ts';

/** Times that a free port is taken for IPv4 which IPv6 turns out not to have. */
const PORT_TRIES = 8;

/** Where to listen. */
export interface ListenAddress {
  /** An IP address; all of IPv4 and IPv6 when left out. */
  readonly host?: string;
  /** 0 takes a free one. */
  readonly port: number;
}

/** What can be listened on. */
export const LISTEN_NAMES = ['http', 'https', 'udp', 'ws', 'wss'] as const;

type ListenName = (typeof LISTEN_NAMES)[number];

/** One place or several. */
export type ListenAddresses = ListenAddress | readonly ListenAddress[];

/** Where each transport listens; not at all when left out. `ws` is WebTorrent signalling. */
export interface ListenPlaces extends Partial<Readonly<Record<ListenName, ListenAddresses>>> {
  /** The certificate of `https` and `wss`. */
  readonly identity?: TlsIdentity;
  /** All listen beside other processes of this user: the system deals out what comes. */
  readonly sharesPorts?: boolean;
  /** Open connections of each TCP listener. Default 10,000, for WebSocket 20,000. */
  readonly maxConnectionCount?: number;
}

/** A place where something listens. */
export interface Listening {
  readonly transport: ListenName;
  /**
   * With UDP and no host given, of the IPv4 socket, with `::` of that one; there is another one for the
   * other family on the same port.
   */
  readonly address: PeerAddress;
}

/** Where each listens first; undefined for those that do not. */
export interface ListenerAddresses extends Readonly<Record<ListenName, PeerAddress | undefined>> {
  /** All places, in the order in which they were asked for. */
  readonly listening: readonly Listening[];
}

/** Who answers. */
export interface Responders {
  readonly http: HttpResponder;
  readonly udp: UdpResponder;
  readonly ws: WebSocketResponder;
  readonly proxies: TrustedProxies;
  readonly clock: Clock;
  readonly peerLifetimeMs: number;
}

export class Listeners {
  readonly #http: HttpServer[] = [];
  readonly #udp: UdpServer[] = [];
  readonly #ws: WebSocketServer[] = [];
  readonly #listening: Listening[] = [];
  #certificateExpiryMs: number | undefined;

  /**
   * Listens everywhere, or nowhere when it fails.
   * @throws TrackerError `port-taken`, `cannot-listen`, `bad-certificate`
   */
  static async open(places: ListenPlaces, responders: Responders): Promise<Listeners> {
    const listeners = new Listeners();
    try {
      await listeners.#open(places, responders);
      return listeners;
    } catch (error) {
      await listeners.close();
      throw error;
    }
  }

  private constructor() {}

  get addresses(): ListenerAddresses {
    const first = (name: ListenName): PeerAddress | undefined =>
      this.#listening.find(({ transport }) => transport === name)?.address;
    return {
      http: first('http'),
      https: first('https'),
      udp: first('udp'),
      ws: first('ws'),
      wss: first('wss'),
      listening: [...this.#listening],
    };
  }

  get httpConnectionCount(): number {
    return sum(this.#http.map(({ connectionCount }) => connectionCount));
  }

  get wsConnectionCount(): number {
    return sum(this.#ws.map(({ connectionCount }) => connectionCount));
  }

  /** When the certificate ends, in milliseconds since 1970; undefined without one. */
  get certificateExpiryMs(): number | undefined {
    return this.#certificateExpiryMs;
  }

  /**
   * Takes another certificate for the connections to come; those that are open keep theirs.
   * @throws TrackerError `bad-certificate`: the one before stays
   */
  setIdentity(identity: TlsIdentity): void {
    this.#certificateExpiryMs = expiryOf(identity);
    for (const server of [...this.#http, ...this.#ws]) server.setIdentity(identity);
  }

  /** Stops listening and ends all connections. Idempotent. */
  async close(): Promise<void> {
    const servers = [...this.#http.splice(0), ...this.#udp.splice(0), ...this.#ws.splice(0)];
    await Promise.all(servers.map((server) => server.close()));
  }

  async #open(places: ListenPlaces, responders: Responders): Promise<void> {
    const { identity, sharesPorts = false } = places;
    const { http, https, udp, ws, wss } = places;
    const { proxies, clock, peerLifetimeMs } = responders;
    const shared = {
      clock,
      sharesPort: sharesPorts,
      ...optional('maxConnectionCount', places.maxConnectionCount),
    };
    const httpOptions = { responder: responders.http, ...shared };
    const wsOptions = { responder: responders.ws, proxies, peerLifetimeMs, ...shared };
    await this.#openTcp('http', http, this.#http, (host, port, ipv6Only) =>
      HttpServer.listen(host, port, { ...httpOptions, ipv6Only }),
    );
    const udpPlaces = listOf(udp);
    for (const place of udpPlaces) {
      const ipv6Only = isBesideIpv4(place, udpPlaces);
      const sockets = await listenUdp(place, ipv6Only, (host, port) =>
        UdpServer.listen(host, port, responders.udp, clock, sharesPorts),
      );
      this.#udp.push(...sockets);
      this.#listening.push({ transport: 'udp', address: sockets[0]!.address });
    }
    await this.#openTcp('ws', ws, this.#ws, (host, port, ipv6Only) =>
      WebSocketServer.listen(host, port, { ...wsOptions, ipv6Only }),
    );
    if (identity === undefined) {
      if (listOf(https).length + listOf(wss).length === 0) return;
      throw new TrackerError('bad-certificate', 'HTTPS and WSS need a certificate and its key');
    }
    this.#certificateExpiryMs = expiryOf(identity);
    await this.#openTcp('https', https, this.#http, (host, port, ipv6Only) =>
      HttpServer.listen(host, port, { ...httpOptions, identity, ipv6Only }),
    );
    await this.#openTcp('wss', wss, this.#ws, (host, port, ipv6Only) =>
      WebSocketServer.listen(host, port, { ...wsOptions, identity, ipv6Only }),
    );
  }

  /** Each server is in `servers` as soon as it listens: it is closed when the next one fails. */
  async #openTcp<Server extends { readonly address: PeerAddress }>(
    transport: ListenName,
    addresses: ListenAddresses | undefined,
    servers: Server[],
    listen: (host: string, port: number, ipv6Only: boolean) => Promise<Server>,
  ): Promise<void> {
    const places = listOf(addresses);
    for (const place of places) {
      const ipv6Only = isBesideIpv4(place, places);
      const server = await listenTcp(place, (host, port) => listen(host, port, ipv6Only));
      servers.push(server);
      this.#listening.push({ transport, address: server.address });
    }
  }
}

/** The places of one transport; none when it is left out. */
export function listOf(places: ListenAddresses | undefined): readonly ListenAddress[] {
  if (places === undefined) return [];
  return 'port' in places ? [places] : places;
}

/** `::` takes IPv4 too, unless its port has a place of IPv4 beside it. */
function isBesideIpv4({ port }: ListenAddress, places: readonly ListenAddress[]): boolean {
  return places.some((other) => other.port === port && port !== 0 && other.host?.includes('.'));
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
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
    if (!isWithoutFamily(error)) throw error;
    return listen('0.0.0.0', port);
  }
}

/**
 * Without a host, and on `::` as over TCP: one socket for each family, because each has its own format.
 * BEP 15.
 * @returns first the one on the host that is named
 */
async function listenUdp(
  { host, port }: ListenAddress,
  ipv6Only: boolean,
  listen: (host: string, port: number) => Promise<UdpServer>,
): Promise<UdpServer[]> {
  const isForBoth = host === undefined || (host === '::' && !ipv6Only);
  if (!isForBoth) return [await listen(host, port)];
  const [first, second] =
    host === undefined ? (['0.0.0.0', '::'] as const) : (['::', '0.0.0.0'] as const);
  for (let tries = 1; ; tries++) {
    const socket = await listen(first, port);
    try {
      return [socket, await listen(second, socket.address.port)];
    } catch (error) {
      if (isWithoutFamily(error)) return [socket];
      await socket.close();
      if (port !== 0 || tries === PORT_TRIES) throw error;
    }
  }
}

function isWithoutFamily(error: unknown): boolean {
  const cause = error instanceof TrackerError ? error.cause : undefined;
  const code = cause instanceof Error && 'code' in cause ? cause.code : undefined;
  return code === 'EAFNOSUPPORT' || code === 'EADDRNOTAVAIL';
}
