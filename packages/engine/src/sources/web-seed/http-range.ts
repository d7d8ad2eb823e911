/** Reads a range of a file over HTTP: redirects, keep-alive, servers that ignore ranges. BEP 19. */

import http from 'node:http';
import https from 'node:https';
import type { Resolve } from '@shoal/tracker/client';
import { type Target, Targets } from './targets.ts';
import { WebSeedError } from './web-seed-error.ts';

/** A server that sends nothing for this long, while we would take it, is given up. */
const SILENCE_MS = 30_000;
const REDIRECT_LIMIT = 5;
/** As many as browsers open to one server. */
export const CONNECTION_LIMIT = 6;
/** Bytes thrown away to get to the wanted ones of a server that answers 200 to a range. */
const SKIP_LIMIT = 64 * 1024 * 1024;
/** The body of a redirect or an error that is read for the sake of its connection. */
const DISCARD_LIMIT = 64 * 1024;

/** What a connection that the other side has closed says when it is written to. */
const HANG_UPS: readonly (string | undefined)[] = ['ECONNRESET', 'EPIPE'];

/** Connections of one web seed, kept open between requests. */
export class RangeClient {
  readonly #agents = {
    'http:': new http.Agent({ keepAlive: true, maxSockets: CONNECTION_LIMIT }),
    'https:': new https.Agent({ keepAlive: true, maxSockets: CONNECTION_LIMIT }),
  };
  readonly #targets: Targets;
  readonly #userAgent: string;
  readonly #silenceMs: number;
  #ignoresRanges = false;

  constructor(userAgent: string, resolve: Resolve, silenceMs = SILENCE_MS) {
    this.#userAgent = userAgent;
    this.#targets = new Targets(resolve);
    this.#silenceMs = silenceMs;
  }

  /** Whether it answered a range with the whole file, as far as is known: then each costs what is before it. */
  get ignoresRanges(): boolean {
    return this.#ignoresRanges;
  }

  /**
   * Yields exactly `length` bytes from `start` of what the URL names, as they come.
   * @throws WebSeedError; the signal's reason when it fires
   */
  async *read(
    url: string,
    start: number,
    length: number,
    signal: AbortSignal,
  ): AsyncGenerator<Uint8Array> {
    const target = await this.#targets.find(parseUrl(url), signal);
    const response = await this.#open(target, start, length, signal);
    if (response.statusCode === 200) this.#ignoresRanges = true;
    let skip = response.statusCode === 200 ? start : 0;
    if (skip > SKIP_LIMIT) {
      response.destroy();
      throw new WebSeedError('refused', `${url} ignores ranges: ${skip} bytes to skip`);
    }
    let left = length;
    try {
      for await (const chunk of response as AsyncIterable<Buffer>) {
        const wanted = chunk.subarray(Math.min(skip, chunk.length)).subarray(0, left);
        skip -= Math.min(skip, chunk.length);
        left -= wanted.length;
        if (wanted.length > 0) {
          // While the caller holds the stream back the silence is ours. Once the answer is complete
          // the socket may be another's.
          if (!response.complete) response.setTimeout(0);
          yield wanted;
          if (!response.complete) response.setTimeout(this.#silenceMs);
        }
        // Left at its end and not before it, its connection is kept.
        if (left === 0 && !response.complete) break;
      }
    } catch (error) {
      signal.throwIfAborted();
      throw broken(url, error);
    } finally {
      // A longer answer is cut off.
      if (left > 0 || !response.complete) response.destroy();
    }
    if (left > 0) throw new WebSeedError('broken', `${url} sent ${left} bytes too few`);
  }

  close(): void {
    this.#agents['http:'].destroy();
    this.#agents['https:'].destroy();
  }

  async #open(
    target: Target,
    start: number,
    length: number,
    signal: AbortSignal,
    redirects = 0,
  ): Promise<http.IncomingMessage> {
    signal.throwIfAborted();
    const { url } = target;
    const response = await this.#request(target, start, length, signal);
    const status = response.statusCode ?? 0;
    if (status === 206) {
      demandRange(response, url, start);
      return response;
    }
    if (status === 200) return response;
    discard(response);
    const { location } = response.headers;
    if (status >= 300 && status < 400 && location !== undefined) {
      if (redirects === REDIRECT_LIMIT)
        throw new WebSeedError('refused', `${url} redirects more than ${REDIRECT_LIMIT} times`);
      const next = await this.#targets.find(parseUrl(location, url), signal, target);
      return this.#open(next, start, length, signal, redirects + 1);
    }
    const code = status === 503 || status === 429 ? 'busy' : status >= 500 ? 'broken' : 'gone';
    throw new WebSeedError(code, `${url.host} answered ${status}`);
  }

  #request(
    target: Target,
    start: number,
    length: number,
    signal: AbortSignal,
  ): Promise<http.IncomingMessage> {
    const { url, lookup } = target;
    const isPlain = url.protocol === 'http:';
    const { promise, resolve, reject } = Promise.withResolvers<http.IncomingMessage>();
    const { request } = isPlain ? http : https;
    const agent = this.#agents[isPlain ? 'http:' : 'https:'];
    const headers = {
      range: `bytes=${start}-${start + length - 1}`,
      'user-agent': this.#userAgent,
      'accept-encoding': 'identity',
    };
    const sent = send(() => request(url, { agent, headers, lookup, signal }, resolve));
    const silenceS = this.#silenceMs / 1000;
    sent.setTimeout(this.#silenceMs, () => sent.destroy(new Error(`silent for ${silenceS} s`)));
    // Also without an error: a server that changes to another protocol is hung up on.
    let fault: NodeJS.ErrnoException = new Error('closed without an answer');
    let isAnswered = false;
    sent.on('response', () => {
      isAnswered = true;
    });
    sent.on('error', (error) => {
      fault = error;
    });
    sent.on('close', () => {
      if (isAnswered) return;
      if (signal.aborted) return reject(signal.reason);
      if (!sent.reusedSocket || !HANG_UPS.includes(fault.code))
        return reject(broken(url.host, fault));
      // The server had closed it meanwhile, which says nothing of the file (RFC 9110, 9.2.2).
      this.#dropIdle();
      resolve(this.#request(target, start, length, signal));
    });
    sent.end();
    return promise;
  }

  /** Where one was closed the others may be: the next connection is a new one. */
  #dropIdle(): void {
    for (const { freeSockets } of Object.values(this.#agents))
      for (const socket of Object.values(freeSockets).flatMap((sockets) => sockets ?? []))
        socket.destroy();
  }
}

/** @throws WebSeedError `refused` for what is no URL: a torrent or a server named it */
function parseUrl(text: string, base?: URL): URL {
  const url = URL.parse(text, base);
  if (url === null) throw new WebSeedError('refused', `${text.slice(0, 100)} is no URL`);
  return url;
}

/** @throws WebSeedError `refused` for a URL that is read but cannot be asked, as one with a broken escape */
function send(request: () => http.ClientRequest): http.ClientRequest {
  try {
    return request();
  } catch (error) {
    throw new WebSeedError('refused', 'leads to a URL that cannot be asked for', error);
  }
}

/** @throws WebSeedError unless the answer begins where we asked */
function demandRange(response: http.IncomingMessage, url: URL, start: number): void {
  const range = /^bytes (\d+)-/.exec(response.headers['content-range'] ?? '');
  if (range !== null && Number(range[1]) === start) return;
  response.destroy();
  throw new WebSeedError('broken', `${url.host} answered with another range`);
}

/** Reads a short body to its end, so that the connection is kept; any other is cut off. */
function discard(response: http.IncomingMessage): void {
  const length = Number(response.headers['content-length'] ?? Number.NaN);
  if (length <= DISCARD_LIMIT) response.resume();
  else response.destroy();
}

function broken(what: string, error: unknown): WebSeedError {
  const reason = error instanceof Error ? error.message : String(error);
  return new WebSeedError('broken', `${what}: ${reason}`, error);
}
