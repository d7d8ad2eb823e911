/** The WebSocket listener of the tracker: takes connections and holds their number in limits. */
import { createServer, type IncomingMessage, type Server } from 'node:http';
import { createServer as createHttpsServer, type Server as HttpsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import type { Clock, PeerAddress, Timer } from '@shoal/units';
import { parseIp, peerAddressFromBytes } from '@shoal/units';
import { type WebSocket, WebSocketServer as WebSocketUpgrader } from 'ws';
import { readPrivatePath } from '../admission/private-path.ts';
import type { TrustedProxies } from '../admission/trusted-proxies.ts';
import { listenError } from '../listen-error.ts';
import type { TlsIdentity } from '../tls-identity.ts';
import { WebSocketConnection } from './websocket-connection.ts';
import type { WebSocketResponder } from './websocket-responder.ts';

/** Longest message, in bytes: ten offers of 5 K and room to spare. */
const MAX_MESSAGE_LENGTH = 128 * 1_024;
/** Open connections; more are turned away. */
const DEFAULT_MAX_CONNECTION_COUNT = 20_000;
/** Open connections from one address (/64 of IPv6): a household, an office, some tabs each. */
const MAX_CONNECTIONS_PER_ADDRESS = 200;
/** The request to upgrade: its headers and how long they may take. */
const MAX_REQUEST_LENGTH = 8 * 1_024;
const REQUEST_TIMEOUT_MS = 5_000;
/** How often connections are pinged; who has not answered by the next time is gone. */
const PING_PERIOD_MS = 30_000;
/** Connections that wait for us to accept them. */
const BACKLOG = 4_096;

export interface WebSocketServerOptions {
  readonly responder: WebSocketResponder;
  readonly proxies: TrustedProxies;
  readonly clock: Clock;
  /** How long a peer is kept after its last announce. */
  readonly peerLifetimeMs: number;
  /** Other processes of this user may listen there too, and each gets its part. */
  readonly sharesPort?: boolean;
  /** `::` is for IPv6 alone. */
  readonly ipv6Only?: boolean;
  /** WSS, under this certificate. */
  readonly identity?: TlsIdentity;
  /** Default 20,000. */
  readonly maxConnectionCount?: number;
}

export class WebSocketServer {
  readonly address: PeerAddress;
  readonly #server: Server;
  /** The same one, when it speaks TLS. */
  readonly #httpsServer: HttpsServer | undefined;
  readonly #options: WebSocketServerOptions;
  readonly #upgrader = new WebSocketUpgrader({
    noServer: true,
    maxPayload: MAX_MESSAGE_LENGTH,
    perMessageDeflate: false,
    clientTracking: false,
  });
  readonly #connections = new Set<WebSocketConnection>();
  readonly #countByNetwork = new Map<string, number>();
  readonly #pinger: Timer;

  /**
   * Listens and starts to answer.
   * @param host - an IP address; `::` takes IPv4 too unless told otherwise; port 0 takes a free one
   * @throws TrackerError `port-taken`, `cannot-listen`
   */
  static async listen(
    host: string,
    port: number,
    options: WebSocketServerOptions,
  ): Promise<WebSocketServer> {
    const { identity, sharesPort = false, ipv6Only = false } = options;
    const limits = {
      maxHeaderSize: MAX_REQUEST_LENGTH,
      headersTimeout: REQUEST_TIMEOUT_MS,
      requestTimeout: REQUEST_TIMEOUT_MS,
      connectionsCheckingInterval: 1_000,
      keepAliveTimeout: REQUEST_TIMEOUT_MS,
      noDelay: true,
    };
    const httpsServer =
      identity &&
      createHttpsServer({ ...limits, ...identity, handshakeTimeout: REQUEST_TIMEOUT_MS });
    const server = httpsServer ?? createServer(limits);
    const transport = identity === undefined ? 'WebSocket' : 'secure WebSocket';
    await new Promise<void>((resolve, reject) => {
      server.once('error', (error) => reject(listenError(error, transport, host, port)));
      server.listen({ host, port, backlog: BACKLOG, reusePort: sharesPort, ipv6Only }, resolve);
    });
    return new WebSocketServer(server, httpsServer, options);
  }

  private constructor(
    server: Server,
    httpsServer: HttpsServer | undefined,
    options: WebSocketServerOptions,
  ) {
    const { address, port } = server.address() as AddressInfo;
    this.address = peerAddressFromBytes(parseIp(address)!, port);
    this.#server = server;
    this.#httpsServer = httpsServer;
    this.#options = options;
    this.#pinger = options.clock.every(PING_PERIOD_MS, () => this.#check());
    server.maxConnections = options.maxConnectionCount ?? DEFAULT_MAX_CONNECTION_COUNT;
    server.on('request', (_request, response) => {
      response.writeHead(426, { Connection: 'close', Upgrade: 'websocket' });
      response.end('This is the WebSocket port of a tracker.\n');
    });
    server.on('upgrade', (request, socket, head) => this.#upgrade(request, socket, head));
    // No file handle for a connection (EMFILE) and the like: it is lost, others go on.
    server.on('error', () => {});
  }

  get connectionCount(): number {
    return this.#connections.size;
  }

  /** Stops listening and ends every connection. */
  close(): Promise<void> {
    this.#pinger.cancel();
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    this.#server.closeAllConnections();
    for (const connection of this.#connections) connection.destroy();
    return closed;
  }

  /** Takes another certificate for the connections to come; those that are open keep theirs. */
  setIdentity(identity: TlsIdentity): void {
    this.#httpsServer?.setSecureContext(identity);
  }

  #upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    const host = this.#hostOf(request);
    if (host === undefined) return refuseUpgrade(socket, '400 Bad Request');
    const { passkey } = readPrivatePath((request.url ?? '').split('?', 1)[0]!);
    const count = this.#countByNetwork.get(networkOf(host)) ?? 0;
    if (count >= MAX_CONNECTIONS_PER_ADDRESS) return refuseUpgrade(socket, '429 Too Many Requests');
    this.#upgrader.handleUpgrade(request, socket, head, (webSocket) =>
      this.#accept(webSocket, host, passkey),
    );
  }

  #accept(socket: WebSocket, host: string, passkey: string | undefined): void {
    const { responder, clock } = this.#options;
    const nowMs = (): number => clock.nowMs();
    const connection = new WebSocketConnection(socket, host, passkey, responder, nowMs);
    this.#connections.add(connection);
    const network = networkOf(host);
    this.#countByNetwork.set(network, (this.#countByNetwork.get(network) ?? 0) + 1);
    socket.on('close', () => {
      this.#connections.delete(connection);
      const left = this.#countByNetwork.get(network)! - 1;
      if (left === 0) this.#countByNetwork.delete(network);
      else this.#countByNetwork.set(network, left);
    });
  }

  /** The address it speaks from, or for which a trusted proxy does; undefined when nobody knows. */
  #hostOf(request: IncomingMessage): string | undefined {
    const ip = parseIp(request.socket.remoteAddress ?? '');
    if (ip === undefined) return undefined;
    const { host } = peerAddressFromBytes(ip, 1);
    const forwardedFor = request.headers['x-forwarded-for'];
    if (forwardedFor === undefined || !this.#options.proxies.trusts(host)) return host;
    return this.#options.proxies.clientOf([forwardedFor].flat().join(','));
  }

  #check(): void {
    const { responder, clock, peerLifetimeMs } = this.#options;
    responder.forgetQuiet(clock.nowMs() - peerLifetimeMs);
    for (const connection of this.#connections) connection.check();
  }
}

/** What counts as one address: of IPv6 the first 64 bits, which belong to one customer. */
function networkOf(host: string): string {
  return host.includes(':') ? `${parseIp(host)?.subarray(0, 8)}` : host;
}

function refuseUpgrade(socket: Duplex, status: string): void {
  socket.on('error', () => {});
  socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\n\r\n`);
}
