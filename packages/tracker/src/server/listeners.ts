/** Everything that the tracker listens on: each transport where it was asked for. */
import type { Clock, PeerAddress } from '@shoal/units';
import { optional } from '../protocol/http-answer.ts';
import { TrackerError } from '../protocol/tracker-error.ts';
import type { TrustedProxies } from './admission/trusted-proxies.ts';
import type { HttpResponder } from './http/http-responder.ts';
import { HttpServer, type HttpServerOptions } from './http/http-server.ts';
import { expiryOf, type TlsIdentity } from './tls-identity.ts';
import type { UdpResponder } from './udp/udp-responder.ts';
import { UdpServer } from './udp/udp-server.ts';
import type { WebSocketResponder } from './websocket/websocket-responder.ts';
import { WebSocketServer, type WebSocketServerOptions } from './websocket/websocket-server.ts';

/** Times that a free port is taken for IPv4 which IPv6 turns out not to have. */
const PORT_TRIES = 8;

/** Where to listen. */
export interface ListenAddress {
  /** An IP address; all of IPv4 and IPv6 when left out. */
  readonly host?: string;
  /** 0 takes a free one. */
  readonly port: number;
}

/** Where each transport listens; not at all when left out. */
export interface ListenPlaces {
  readonly http?: ListenAddress;
  readonly https?: ListenAddress;
  readonly udp?: ListenAddress;
  /** WebTorrent signalling. */
  readonly ws?: ListenAddress;
  readonly wss?: ListenAddress;
  /** The certificate of `https` and `wss`. */
  readonly identity?: TlsIdentity;
  /** All listen beside other processes of this user: the system deals out what comes. */
  readonly sharesPorts?: boolean;
  /** Open connections of each TCP listener. Default 10,000, for WebSocket 20,000. */
  readonly maxConnectionCount?: number;
}

/** Where each listens; undefined for those that do not. */
export interface ListenerAddresses {
  readonly http: PeerAddress | undefined;
  readonly https: PeerAddress | undefined;
  /** Of the first socket; with no host given there is another one for IPv6 on the same port. */
  readonly udp: PeerAddress | undefined;
  readonly ws: PeerAddress | undefined;
  readonly wss: PeerAddress | undefined;
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
  #http: readonly HttpServer[] = [];
  #udp: readonly UdpServer[] = [];
  #ws: readonly WebSocketServer[] = [];
  #addresses: Partial<ListenerAddresses> = {};
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
    const { http, https, udp, ws, wss } = this.#addresses;
    return { http, https, udp, ws, wss };
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
    const servers = [...this.#http, ...this.#udp, ...this.#ws];
    this.#http = this.#udp = this.#ws = [];
    await Promise.all(servers.map((server) => server.close()));
  }

  async #open(places: ListenPlaces, responders: Responders): Promise<void> {
    const { http, https, udp, ws, wss, identity, sharesPorts = false } = places;
    const { proxies, clock, peerLifetimeMs } = responders;
    const shared = {
      clock,
      sharesPort: sharesPorts,
      ...optional('maxConnectionCount', places.maxConnectionCount),
    };
    const httpOptions = { responder: responders.http, ...shared };
    const wsOptions = { responder: responders.ws, proxies, peerLifetimeMs, ...shared };
    if (http !== undefined) await this.#openHttp('http', http, httpOptions);
    if (udp !== undefined) {
      this.#udp = await listenUdp(udp, (host, port) =>
        UdpServer.listen(host, port, responders.udp, clock, sharesPorts),
      );
      this.#addresses = { ...this.#addresses, udp: this.#udp[0]!.address };
    }
    if (ws !== undefined) await this.#openWebSocket('ws', ws, wsOptions);
    if (identity === undefined) {
      if (https === undefined && wss === undefined) return;
      throw new TrackerError('bad-certificate', 'HTTPS and WSS need a certificate and its key');
    }
    this.#certificateExpiryMs = expiryOf(identity);
    if (https !== undefined) await this.#openHttp('https', https, { ...httpOptions, identity });
    if (wss !== undefined) await this.#openWebSocket('wss', wss, { ...wsOptions, identity });
  }

  async #openHttp(
    name: 'http' | 'https',
    place: ListenAddress,
    options: HttpServerOptions,
  ): Promise<void> {
    const server = await listenTcp(place, (host, port) => HttpServer.listen(host, port, options));
    this.#http = [...this.#http, server];
    this.#addresses = { ...this.#addresses, [name]: server.address };
  }

  async #openWebSocket(
    name: 'ws' | 'wss',
    place: ListenAddress,
    options: WebSocketServerOptions,
  ): Promise<void> {
    const server = await listenTcp(place, (host, port) =>
      WebSocketServer.listen(host, port, options),
    );
    this.#ws = [...this.#ws, server];
    this.#addresses = { ...this.#addresses, [name]: server.address };
  }
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
