/** One GET to a pinned address, bounded in size. Redirects are the caller's. */
import { type IncomingMessage, request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import { isIP } from 'node:net';
import { promisify } from 'node:util';
import { gunzip, inflate } from 'node:zlib';
import { TrackerError } from '../protocol/tracker-error.ts';
import { certificateFaultOf } from './certificate-fault.ts';
import type { Endpoint } from './endpoints.ts';
import type { TrackerUrl } from './tracker-url.ts';

/** Most bytes of an answer, as received and again when inflated. As libtorrent. */
export const MAX_ANSWER_LENGTH = 816 * 1_024;

/** Most bytes of the answer's header. */
const MAX_HEADER_LENGTH = 8 * 1_024;

const NO_ANSWER = 'the tracker closed the connection without an answer';

const inflaters = {
  gzip: promisify(gunzip),
  'x-gzip': promisify(gunzip),
  deflate: promisify(inflate),
};

/** What came back. `location` is set for a redirect. */
export interface HttpAnswer {
  readonly status: number;
  readonly location: string | undefined;
  readonly body: Uint8Array;
}

/**
 * Asks `url` at `endpoint`; the socket is closed behind the answer. Certificates are checked
 * against the name in the URL.
 *
 * @throws TrackerError `unreachable` when the connection fails, `too-large` past 816 KiB,
 * `bad-response` for a body that does not inflate; the signal's reason when it fires
 */
export async function httpGet(
  url: TrackerUrl,
  endpoint: Endpoint,
  userAgent: string,
  signal: AbortSignal,
): Promise<HttpAnswer> {
  try {
    const message = await sendRequest(url, endpoint, userAgent, signal);
    const { location } = message.headers;
    const status = message.statusCode ?? 0;
    if (isRedirect(status)) {
      message.destroy();
      return { status, location, body: new Uint8Array() };
    }
    const body = await readBody(message);
    return { status, location, body: await inflateBody(body, message) };
  } catch (error) {
    if (signal.aborted) throw signal.reason;
    if (error instanceof TrackerError) throw error;
    throw new TrackerError('unreachable', reasonOf(error), { cause: error });
  }
}

export function isRedirect(status: number): boolean {
  return [301, 302, 303, 307, 308].includes(status);
}

function sendRequest(
  { protocol, host, url, target }: TrackerUrl,
  { ip, family, port }: Endpoint,
  userAgent: string,
  signal: AbortSignal,
): Promise<IncomingMessage> {
  const send = protocol === 'https:' ? requestHttps : requestHttp;
  return new Promise((resolve, reject) => {
    const request = send({
      host: ip,
      family,
      port,
      path: target,
      agent: false,
      headers: { host: url.host, 'user-agent': userAgent, 'accept-encoding': 'gzip' },
      ...(isIP(host) === 0 ? { servername: host } : {}),
      ...(url.username === '' ? {} : { auth: credentials(url) }),
      maxHeaderSize: MAX_HEADER_LENGTH,
      signal,
    });
    request.on('response', resolve);
    request.on('error', reject);
    // Without either when the tracker changes to another protocol. Behind them it changes nothing.
    request.on('close', () => reject(new TrackerError('unreachable', NO_ANSWER)));
    request.end();
  });
}

async function readBody(message: IncomingMessage): Promise<Uint8Array> {
  const parts: Buffer[] = [];
  let length = 0;
  for await (const part of message as AsyncIterable<Buffer>) {
    length += part.length;
    if (length > MAX_ANSWER_LENGTH) throw tooLarge('received');
    parts.push(part);
  }
  return Buffer.concat(parts, length);
}

async function inflateBody(body: Uint8Array, message: IncomingMessage): Promise<Uint8Array> {
  const encoding = message.headers['content-encoding'] ?? 'identity';
  if (encoding === 'identity') return body;
  if (!isInflatable(encoding))
    throw new TrackerError('bad-response', 'the answer has an unknown content encoding');
  try {
    return await inflaters[encoding](body, { maxOutputLength: MAX_ANSWER_LENGTH });
  } catch (error) {
    if (codeOf(error) === 'ERR_BUFFER_TOO_LARGE') throw tooLarge('inflated');
    throw new TrackerError('bad-response', 'the answer does not inflate', { cause: error });
  }
}

function isInflatable(encoding: string): encoding is keyof typeof inflaters {
  return Object.hasOwn(inflaters, encoding);
}

function tooLarge(when: 'received' | 'inflated'): TrackerError {
  return new TrackerError(
    'too-large',
    `the answer has more than ${MAX_ANSWER_LENGTH} bytes as ${when}`,
  );
}

function credentials(url: URL): string {
  return `${decodeURIComponent(url.username)}:${decodeURIComponent(url.password)}`;
}

/** Why a connection failed, in words without addresses or paths. */
function reasonOf(error: unknown): string {
  const code = codeOf(error);
  const fault = certificateFaultOf(code ?? '');
  if (fault !== undefined) return `the tracker's certificate cannot be trusted: ${fault}`;
  if (code === 'ECONNREFUSED') return 'nothing listens there (connection refused)';
  if (code === 'ECONNRESET') return NO_ANSWER;
  if (code === undefined) return 'the connection to the tracker failed';
  return `the connection to the tracker failed (${code})`;
}

/** The code of a fault of the system; undefined without one. */
export function codeOf(error: unknown): string | undefined {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return typeof code === 'string' ? code : undefined;
}
