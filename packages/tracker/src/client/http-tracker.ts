/** Announce and scrape over HTTP and HTTPS, with redirects that cannot lead inside. BEP 3, 7, 48. */
import { type Clock, type InfoHash, leadsInward, scopeOf } from '@shoal/units';
import type { AnnounceRequest, AnnounceResponse, ScrapeCounts } from '../protocol/announce.ts';
import { decodeAnnounceResponse } from '../protocol/http-announce-response.ts';
import { buildAnnounceUrl, buildScrapeUrl, MAX_HTTP_SCRAPE_COUNT } from '../protocol/http-query.ts';
import { decodeScrapeResponse } from '../protocol/http-scrape-response.ts';
import { TrackerError } from '../protocol/tracker-error.ts';
import { withDeadline } from './deadline.ts';
import { askEach, type Endpoint, type Resolve, resolveEndpoints } from './endpoints.ts';
import { httpGet, isRedirect } from './http-get.ts';
import { mergeAnnounceResponses } from './merge-responses.ts';
import { isTrackerPath, parseTrackerUrl, type TrackerUrl } from './tracker-url.ts';

/** For a whole exchange: name, connection, redirects, answer. */
const TOTAL_TIMEOUT_MS = 30_000;
/** What servers with little room still read; 56 infohashes. */
const MAX_SCRAPE_URL_LENGTH = 4_000;
const MAX_REDIRECT_COUNT = 5;

/** A client of HTTP trackers. Keeps nothing between exchanges. */
export class HttpTracker {
  readonly #clock: Clock;
  readonly #resolve: Resolve;
  readonly #userAgent: string;

  constructor(options: { clock: Clock; resolve: Resolve; userAgent: string }) {
    this.#clock = options.clock;
    this.#resolve = options.resolve;
    this.#userAgent = options.userAgent;
  }

  /** @throws TrackerError as `httpGet` and `decodeAnnounceResponse` do, `http-status`, `timeout` */
  async announce(
    url: TrackerUrl,
    request: AnnounceRequest,
    signal: AbortSignal,
  ): Promise<AnnounceResponse> {
    const target = parseTrackerUrl(buildAnnounceUrl(url.url.href, request));
    return mergeAnnounceResponses(await this.#askEach(target, signal, decodeAnnounceResponse));
  }

  /** @throws TrackerError as `announce`, `bad-url` when the announce URL gives no scrape URL */
  async scrape(
    url: TrackerUrl,
    infoHashes: readonly InfoHash[],
    signal: AbortSignal,
  ): Promise<ScrapeCounts[]> {
    const counts: ScrapeCounts[] = [];
    while (counts.length < infoHashes.length) {
      const { target, asked } = firstScrape(url, infoHashes.slice(counts.length));
      const [first] = await this.#askEach(parseTrackerUrl(target), signal, (body) =>
        decodeScrapeResponse(body, asked),
      );
      counts.push(...first!);
    }
    return counts;
  }

  #askEach<Answer>(
    url: TrackerUrl,
    signal: AbortSignal,
    decode: (body: Uint8Array) => Answer,
  ): Promise<Answer[]> {
    return withDeadline(this.#clock, TOTAL_TIMEOUT_MS, signal, async (limited) => {
      const endpoints = await resolveEndpoints(url.host, url.port, this.#resolve, limited);
      return askEach(endpoints, this.#clock, (endpoint) =>
        this.#ask(url, endpoint, limited, decode),
      );
    });
  }

  async #ask<Answer>(
    firstUrl: TrackerUrl,
    firstEndpoint: Endpoint,
    signal: AbortSignal,
    decode: (body: Uint8Array) => Answer,
  ): Promise<Answer> {
    let [url, endpoint] = [firstUrl, firstEndpoint];
    for (let redirectCount = 0; ; redirectCount++) {
      refuseForeignPath(url, endpoint);
      const { status, location, body } = await httpGet(url, endpoint, this.#userAgent, signal);
      if (!isRedirect(status)) return readAnswer(status, body, decode);
      if (redirectCount === MAX_REDIRECT_COUNT)
        throw new TrackerError('bad-redirect', `more than ${MAX_REDIRECT_COUNT} redirects`);
      const next = redirectTarget(url, location ?? '');
      const found = await resolveEndpoints(next.host, next.port, this.#resolve, signal);
      const nextEndpoint = found.find(({ family }) => family === endpoint.family) ?? found[0]!;
      if (leadsInward(scopeOf(endpoint.ip), scopeOf(nextEndpoint.ip)))
        throw new TrackerError('bad-redirect', 'a redirect may not lead into a private network');
      [url, endpoint] = [next, nextEndpoint];
    }
  }
}

/** As many infohashes as one request takes. @throws TrackerError `bad-url` */
function firstScrape(
  url: TrackerUrl,
  infoHashes: readonly InfoHash[],
): { readonly target: string; readonly asked: readonly InfoHash[] } {
  for (let count = MAX_HTTP_SCRAPE_COUNT; ; count >>= 1) {
    const asked = infoHashes.slice(0, count);
    const target = buildScrapeUrl(url.url.href, asked);
    if (target === undefined)
      throw new TrackerError('bad-url', 'this tracker cannot be scraped: its URL has no announce');
    if (target.length <= MAX_SCRAPE_URL_LENGTH || asked.length === 1) return { target, asked };
  }
}

/** A refusal in bencode says more than the status it comes with. */
function readAnswer<Answer>(
  status: number,
  body: Uint8Array,
  decode: (body: Uint8Array) => Answer,
): Answer {
  if (status === 200) return decode(body);
  const failed = new TrackerError('http-status', `the tracker answers with HTTP status ${status}`, {
    status,
  });
  try {
    decode(body);
  } catch (error) {
    if (error instanceof TrackerError && error.code === 'failure') throw error;
  }
  throw failed;
}

function redirectTarget(from: TrackerUrl, location: string): TrackerUrl {
  const href = location === '' ? undefined : URL.parse(location, from.url)?.href;
  if (href === undefined) throw new TrackerError('bad-redirect', 'a redirect to nowhere');
  const to = parseTrackerUrl(href);
  if (to.protocol === 'udp:' || (from.protocol === 'https:' && to.protocol === 'http:'))
    throw new TrackerError('bad-redirect', `no redirect from ${from.protocol} to ${to.protocol}`);
  return to;
}

function refuseForeignPath(url: TrackerUrl, endpoint: Endpoint): void {
  const scope = scopeOf(endpoint.ip);
  if (scope !== 'global' && scope !== 'private' && !isTrackerPath(url.url.pathname))
    throw new TrackerError(
      'forbidden-url',
      'on this machine only /announce and /scrape are asked for',
    );
}
