/** The admin server: page, live events, numbers for machines. Nothing in it can change anything. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type ListenAddress, listenError } from '@shoal/tracker/server';
import {
  type Clock,
  hexToInfoHash,
  idToHex,
  type Log,
  type PeerAddress,
  parseIp,
  peerAddressFromBytes,
} from '@shoal/units';
import { EventStreams } from './event-streams.ts';
import { isHostAllowed } from './host-gate.ts';
import { createMetrics } from './metrics.ts';
import { Monitor, type WatchedTracker } from './monitor.ts';
import { readPageFiles } from './page-files.ts';

/** A request must be complete after this, and a kept connection used again. */
const TIMEOUT_MS = 5_000;
const MAX_HEADER_LENGTH = 8_192;
const MAX_CONNECTION_COUNT = 256;

/** What the page has no use for. */
const NEVER = ['object-src', 'frame-src', 'worker-src', 'media-src', 'font-src', 'manifest-src'];

/** Sent with every answer. Scripts and styles come from the page's own files alone. */
const HEADERS = {
  'Content-Security-Policy': [
    "default-src 'self'",
    ...[...NEVER, 'base-uri', 'form-action', 'frame-ancestors'].map((name) => `${name} 'none'`),
  ].join('; '),
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Cache-Control': 'no-store',
} as const;

const EVENTS_PATH = '/events';

const JSON_TYPE = 'application/json; charset=utf-8';
const TEXT_TYPE = 'text/plain; charset=utf-8';

/** Nobody else sees it unless a host is given. */
const DEFAULT_HOST = '127.0.0.1';

export interface AdminServerOptions extends ListenAddress {
  readonly tracker: WatchedTracker;
  /** Names that requests may carry as `Host`, beside addresses and `localhost`. */
  readonly names?: readonly string[];
  readonly clock: Clock;
  readonly log: Log;
}

type Route = (response: ServerResponse, query: URLSearchParams) => void | Promise<void>;

export class AdminServer {
  readonly address: PeerAddress;
  readonly #server: Server;
  readonly #monitor: Monitor;
  readonly #streams: EventStreams;
  readonly #names: ReadonlySet<string>;
  readonly #log: Log;
  readonly #routes: ReadonlyMap<string, Route>;

  /** Listens and starts to watch. @throws TrackerError `port-taken`, `cannot-listen` */
  static async listen(options: AdminServerOptions): Promise<AdminServer> {
    const server = createServer({
      headersTimeout: TIMEOUT_MS,
      requestTimeout: TIMEOUT_MS,
      keepAliveTimeout: TIMEOUT_MS,
      connectionsCheckingInterval: 1_000,
      maxHeaderSize: MAX_HEADER_LENGTH,
    });
    server.maxConnections = MAX_CONNECTION_COUNT;
    await new Promise<void>((resolve, reject) => {
      const { host = DEFAULT_HOST, port } = options;
      server.once('error', (error) => reject(listenError(error, 'admin', host, port)));
      server.listen({ host, port }, resolve);
    });
    return new AdminServer(server, options);
  }

  private constructor(server: Server, { tracker, clock, log, names = [] }: AdminServerOptions) {
    const { address, port } = server.address() as AddressInfo;
    this.address = peerAddressFromBytes(parseIp(address)!, port);
    this.#server = server;
    this.#names = new Set(names.map((name) => name.toLowerCase()));
    this.#log = log;
    this.#monitor = new Monitor(tracker, clock);
    this.#streams = new EventStreams(this.#monitor);
    this.#routes = this.#createRoutes();
    // No file handle for a connection and the like: it is lost, others go on.
    server.on('error', () => {});
    server.on('request', (request, response) => this.#handle(request, response));
  }

  /** Stops listening and ends every connection. Idempotent. */
  async close(): Promise<void> {
    this.#monitor.close();
    this.#streams.close();
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    this.#server.closeAllConnections();
    await closed;
  }

  #handle(request: IncomingMessage, response: ServerResponse): void {
    const [path = '', query] = (request.url ?? '').split('?', 2);
    response.on('close', () =>
      this.#log.debug('admin request', {
        method: request.method,
        path,
        status: response.statusCode,
        remote: request.socket.remoteAddress,
      }),
    );
    const [host, ...others] = request.headersDistinct.host ?? [];
    if (others.length > 0) return refuse(response, 400, 'One Host is enough.');
    if (!isHostAllowed(host, this.#names))
      return refuse(response, 421, 'This server does not answer to that name: see --admin-host.');
    const isHead = request.method === 'HEAD';
    if (request.method !== 'GET' && !isHead) {
      response.setHeader('Allow', 'GET, HEAD');
      return refuse(response, 405, 'Only GET and HEAD are answered.');
    }
    // Node sends no body after HEAD; a stream would stay open for nothing.
    if (isHead && path === EVENTS_PATH) {
      sendStreamHead(response).end();
      return;
    }
    const route = this.#routes.get(path);
    if (route === undefined) return refuse(response, 404, 'Not found.');
    void route(response, new URLSearchParams(query));
  }

  #createRoutes(): ReadonlyMap<string, Route> {
    const metrics = createMetrics(this.#monitor);
    const routes = new Map<string, Route>([
      ['/stats.json', (response) => sendJson(response, this.#monitor.getSnapshot())],
      ['/health', (response) => this.#sayHealth(response)],
      ['/torrent.json', (response, query) => this.#find(response, query.get('infohash') ?? '')],
      [
        '/metrics',
        async (response) => send(response, 200, metrics.contentType, await metrics.metrics()),
      ],
      [EVENTS_PATH, (response) => this.#stream(response)],
    ]);
    for (const [path, { type, body }] of readPageFiles())
      routes.set(path, (response) => send(response, 200, type, body));
    return routes;
  }

  /** This process answers here while its workers may not. */
  #sayHealth(response: ServerResponse): void {
    const { workers } = this.#monitor.tracker;
    if (workers?.answeringCount() === 0) sendJson(response, { status: 'no worker answers' }, 503);
    else sendJson(response, { status: 'ok' });
  }

  #find(response: ServerResponse, hex: string): void {
    const infoHash = hexToInfoHash(hex);
    if (infoHash === undefined) return refuse(response, 400, 'An infohash has 40 hex digits.');
    const counts = this.#monitor.tracker.find(infoHash);
    sendJson(response, { infoHash: idToHex(infoHash), isKnown: counts !== undefined, ...counts });
  }

  #stream(response: ServerResponse): void {
    if (this.#streams.isFull) return refuse(response, 503, 'Too many pages look on.');
    this.#streams.add(sendStreamHead(response));
  }
}

function sendStreamHead(response: ServerResponse): ServerResponse {
  return response.writeHead(200, { ...HEADERS, 'Content-Type': 'text/event-stream' });
}

function sendJson(response: ServerResponse, value: unknown, status = 200): void {
  send(response, status, JSON_TYPE, `${JSON.stringify(value)}\n`);
}

/** After a refusal the connection ends: what follows may be a body. */
function refuse(response: ServerResponse, status: number, sentence: string): void {
  response.setHeader('Connection', 'close');
  send(response, status, TEXT_TYPE, `${sentence}\n`);
}

function send(response: ServerResponse, status: number, type: string, body: string | Buffer): void {
  response.writeHead(status, {
    ...HEADERS,
    'Content-Type': type,
    'Content-Length': Buffer.byteLength(body),
  });
  response.end(body);
}
