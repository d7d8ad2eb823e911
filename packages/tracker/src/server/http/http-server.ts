/** The HTTP listener of the tracker: takes connections, holds their number and their time in limits. */
import { createServer, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer, type Server as TlsServer } from 'node:tls';
import type { Clock, PeerAddress, Timer } from '@shoal/units';
import { parseIp, peerAddressFromBytes } from '@shoal/units';
import { listenError } from '../listen-error.ts';
import type { TlsIdentity } from '../tls-identity.ts';
import { Handshakes } from './handshakes.ts';
import { HttpConnection } from './http-connection.ts';
import type { HttpResponder } from './http-responder.ts';
import { Turns } from './turns.ts';

/** Open connections; the one that was quiet for longest makes room for a new one. */
const DEFAULT_MAX_CONNECTION_COUNT = 10_000;
/** How often connections past their deadline are looked for. */
const SWEEP_PERIOD_MS = 1_000;
/** Connections that wait for us to accept them. */
const BACKLOG = 4_096;

export interface HttpServerOptions {
  readonly responder: HttpResponder;
  readonly clock: Clock;
  /** Other processes of this user may listen there too, and each gets its part. */
  readonly sharesPort?: boolean;
  /** `::` is for IPv6 alone. */
  readonly ipv6Only?: boolean;
  /** HTTPS, under this certificate. */
  readonly identity?: TlsIdentity;
  /** Default 10,000. */
  readonly maxConnectionCount?: number;
}

export class HttpServer {
  readonly address: PeerAddress;
  readonly #server: Server;
  /** The same one, when it speaks TLS. */
  readonly #tlsServer: TlsServer | undefined;
  readonly #handshakes = new Handshakes();
  readonly #responder: HttpResponder;
  readonly #clock: Clock;
  readonly #turns: Turns;
  readonly #maxConnectionCount: number;
  readonly #sweeper: Timer;
  /** Those that were active last stand at the end. */
  readonly #connections = new Set<HttpConnection>();

  /**
   * Listens and starts to answer.
   * @param host - an IP address; `::` takes IPv4 too unless told otherwise; port 0 takes a free one
   * @throws TrackerError `port-taken`, `cannot-listen`
   */
  static async listen(host: string, port: number, options: HttpServerOptions): Promise<HttpServer> {
    const { identity, sharesPort = false, ipv6Only = false } = options;
    const tlsServer = identity && createTlsServer({ ...identity, noDelay: true });
    const server = tlsServer ?? createServer({ noDelay: true });
    const transport = identity === undefined ? 'HTTP' : 'HTTPS';
    await new Promise<void>((resolve, reject) => {
      server.once('error', (error) => reject(listenError(error, transport, host, port)));
      server.listen({ host, port, backlog: BACKLOG, reusePort: sharesPort, ipv6Only }, resolve);
    });
    return new HttpServer(server, tlsServer, options);
  }

  private constructor(
    server: Server,
    tlsServer: TlsServer | undefined,
    { responder, clock, maxConnectionCount }: HttpServerOptions,
  ) {
    const address = server.address();
    if (address === null || typeof address === 'string') throw new Error('not a TCP listener');
    this.address = peerAddressFromBytes(parseIp(address.address)!, address.port);
    this.#server = server;
    this.#tlsServer = tlsServer;
    this.#responder = responder;
    this.#clock = clock;
    this.#turns = new Turns(clock);
    this.#maxConnectionCount = maxConnectionCount ?? DEFAULT_MAX_CONNECTION_COUNT;
    this.#sweeper = clock.every(SWEEP_PERIOD_MS, () => this.#sweep());
    if (tlsServer === undefined) server.on('connection', (socket) => this.#accept(socket));
    else {
      server.on('connection', (socket) => this.#handshakes.begin(socket, clock.nowMs()));
      tlsServer.on('secureConnection', (socket) => {
        this.#handshakes.finish(socket);
        this.#accept(socket);
      });
    }
    // No file handle for a connection (EMFILE) and the like: it is lost, others go on.
    server.on('error', () => {});
  }

  get connectionCount(): number {
    return this.#connections.size;
  }

  /** Stops listening and ends every connection. */
  close(): Promise<void> {
    this.#sweeper.cancel();
    this.#turns.close();
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    for (const connection of this.#connections) connection.destroy();
    this.#handshakes.close();
    return closed;
  }

  /** Takes another certificate for the connections to come; those that are open keep theirs. */
  setIdentity(identity: TlsIdentity): void {
    this.#tlsServer?.setSecureContext(identity);
  }

  #accept(socket: Socket): void {
    if (this.#connections.size >= this.#maxConnectionCount) this.#shed();
    const nowMs = (): number => this.#clock.nowMs();
    const connection = new HttpConnection(socket, this.#responder, nowMs, this.#turns);
    this.#connections.add(connection);
    socket.on('data', (bytes: Buffer) => {
      connection.receive(bytes);
      this.#connections.delete(connection);
      this.#connections.add(connection);
    });
    socket.on('close', () => this.#connections.delete(connection));
    // A connection that breaks ends in 'close'; there is nobody to tell.
    socket.on('error', () => {});
  }

  #shed(): void {
    const [oldest] = this.#connections;
    if (oldest === undefined) return;
    this.#connections.delete(oldest);
    oldest.destroy();
  }

  #sweep(): void {
    const nowMs = this.#clock.nowMs();
    this.#handshakes.sweep(nowMs);
    for (const connection of this.#connections)
      if (connection.deadlineMs <= nowMs) connection.destroy();
  }
}
