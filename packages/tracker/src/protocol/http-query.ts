/** The queries of announce and scrape over HTTP, built and parsed. Pure. BEP 3, 7, 23, 48. */
import { type InfoHash, type PeerId, toInfoHash, toPeerId } from '@shoal/units';
import type { AnnounceEvent, AnnounceRequest } from './announce.ts';
import { readKey } from './announce-key.ts';
import { percentDecode, percentDecodeInto, percentEncode } from './percent.ts';
import { TrackerError } from './tracker-error.ts';

/** Most infohashes in one scrape over HTTP. */
export const MAX_HTTP_SCRAPE_COUNT = 100;

/** What a client's announce query says. */
export interface HttpAnnounceQuery {
  readonly infoHash: InfoHash;
  readonly peerId: PeerId;
  readonly port: number;
  readonly uploaded: number;
  readonly downloaded: number;
  /** Undefined when the client does not say: it is no seeder then. */
  readonly left: number | undefined;
  readonly event: AnnounceEvent | undefined;
  /** Undefined when the client leaves it to the tracker. */
  readonly numWant: number | undefined;
  /** The address it wants to be known by, whatever it says there: not to be believed. BEP 3. */
  readonly ip: string | undefined;
  /** Peers as bytes (BEP 23) unless the client says `compact=0`. */
  readonly compact: boolean;
  /** Peers in a list of dicts come with their ids unless it says `no_peer_id=1`. BEP 3. */
  readonly wantsPeerIds: boolean;
  /** 32 bits that the client says again while its address changes; 0 for none. BEP 7. */
  readonly key: number;
  /** What the tracker gave before, one character a byte; undefined for none. */
  readonly trackerId: string | undefined;
}

/**
 * The announce URL with the query of one announce.
 * @param url - the tracker's; a query it has already stays in front
 */
export function buildAnnounceUrl(url: string, request: AnnounceRequest): string {
  const members = [
    `info_hash=${percentEncode(request.infoHash)}`,
    `peer_id=${percentEncode(request.peerId)}`,
    `port=${request.port}`,
    `uploaded=${request.uploaded}`,
    `downloaded=${request.downloaded}`,
    `left=${request.left}`,
    `key=${request.key.toString(16).toUpperCase().padStart(8, '0')}`,
    'compact=1',
    'no_peer_id=1',
  ];
  if (request.numWant >= 0) members.push(`numwant=${request.numWant}`);
  if (request.event !== undefined) members.push(`event=${request.event}`);
  if (request.trackerId !== undefined)
    members.push(`trackerid=${percentEncode(Buffer.from(request.trackerId, 'latin1'))}`);
  return withQuery(url, members);
}

/**
 * The scrape URL of an announce URL: `announce` at the begin of the last part of the path becomes
 * `scrape`. BEP 48.
 * @returns undefined when the tracker's URL has no such part: it cannot be scraped
 */
export function buildScrapeUrl(url: string, infoHashes: readonly InfoHash[]): string | undefined {
  const [, head, tail] = /^([^?#]*\/)announce([^/?#]*(?:\?[^#]*)?)(?:#|$)/.exec(url) ?? [];
  if (head === undefined) return undefined;
  const members = infoHashes.map((infoHash) => `info_hash=${percentEncode(infoHash)}`);
  return withQuery(`${head}scrape${tail}`, [...new Set(members)]);
}

/**
 * Reads an announce query: the text after `?`, one character a byte. Of a key that comes twice the
 * last counts; unknown keys, unknown events and a `numwant` that is no number are passed over.
 *
 * @throws TrackerError `bad-query`: the infohash or peer id missing, twice or not 20 bytes, a port
 * outside 1..65535, a broken `%`
 */
export function parseAnnounceQuery(query: string): HttpAnnounceQuery {
  const infoHash = new Uint8Array(20);
  const peerId = new Uint8Array(20);
  let infoHashCount = 0;
  let peerIdCount = 0;
  let port: number | undefined;
  let uploaded: number | undefined;
  let downloaded: number | undefined;
  let left: number | undefined;
  let numWant: number | undefined;
  let event: AnnounceEvent | undefined;
  let ip: string | undefined;
  let compact = true;
  let wantsPeerIds = true;
  let key = 0;
  let trackerId: string | undefined;
  for (let at = 0; at < query.length; ) {
    const ampersand = query.indexOf('&', at);
    const end = ampersand < 0 ? query.length : ampersand;
    const equals = query.indexOf('=', at);
    const keyEnd = equals < 0 || equals > end ? end : equals;
    const start = Math.min(keyEnd + 1, end);
    switch (query.slice(at, keyEnd)) {
      case 'info_hash':
        demandId(percentDecodeInto(infoHash, query, start, end), ++infoHashCount, 'info_hash');
        break;
      case 'peer_id':
        demandId(percentDecodeInto(peerId, query, start, end), ++peerIdCount, 'peer_id');
        break;
      case 'port':
        port = readCount(query, start, end);
        break;
      case 'uploaded':
        uploaded = readCount(query, start, end);
        break;
      case 'downloaded':
        downloaded = readCount(query, start, end);
        break;
      case 'left':
        left = readCount(query, start, end);
        break;
      case 'numwant':
        numWant = readCount(query, start, end);
        break;
      case 'event':
        event = readEvent(query.slice(start, end));
        break;
      case 'ip':
        ip = readText(query.slice(start, end)) ?? query.slice(start, end);
        break;
      case 'compact':
        compact = query.slice(start, end) !== '0';
        break;
      case 'no_peer_id':
        wantsPeerIds = query.slice(start, end) !== '1';
        break;
      case 'key':
        key = readKey(query, start, end);
        break;
      case 'trackerid':
        trackerId = readText(query.slice(start, end));
        break;
    }
    at = end + 1;
  }
  if (infoHashCount === 0) throw new TrackerError('bad-query', 'info_hash is missing');
  if (peerIdCount === 0) throw new TrackerError('bad-query', 'peer_id is missing');
  if (port === undefined || port < 1 || port > 65_535)
    throw new TrackerError('bad-query', 'port is not 1 to 65535');
  return {
    infoHash: toInfoHash(infoHash)!,
    peerId: toPeerId(peerId)!,
    port,
    uploaded: uploaded ?? 0,
    downloaded: downloaded ?? 0,
    left,
    event,
    numWant,
    ip,
    compact,
    wantsPeerIds,
    key,
    trackerId,
  };
}

/**
 * Reads a scrape query: the text after `?`, one character a byte.
 * @returns the infohashes asked for, in order; empty when none is named
 * @throws TrackerError `bad-query` for an infohash that is not 20 bytes, or more than 100
 */
export function parseScrapeQuery(query: string): InfoHash[] {
  const infoHashes: InfoHash[] = [];
  for (const member of query.split('&', 4 * MAX_HTTP_SCRAPE_COUNT)) {
    if (!member.startsWith('info_hash=')) continue;
    const infoHash = new Uint8Array(20);
    const length = percentDecodeInto(infoHash, member, 'info_hash='.length, member.length);
    if (length !== 20) throw new TrackerError('bad-query', 'info_hash is not 20 bytes');
    infoHashes.push(toInfoHash(infoHash)!);
  }
  if (infoHashes.length > MAX_HTTP_SCRAPE_COUNT)
    throw new TrackerError(
      'bad-query',
      `${infoHashes.length} infohashes, limit ${MAX_HTTP_SCRAPE_COUNT}`,
    );
  return infoHashes;
}

function withQuery(url: string, members: readonly string[]): string {
  const hash = url.indexOf('#');
  const bare = hash < 0 ? url : url.slice(0, hash);
  return `${bare}${bare.includes('?') ? '&' : '?'}${members.join('&')}`;
}

function demandId(length: number, count: number, key: string): void {
  if (length !== 20) throw new TrackerError('bad-query', `${key} is not 20 bytes`);
  if (count > 1) throw new TrackerError('bad-query', `${key} comes twice`);
}

/** A count in decimal digits, held at 2^53 - 1; undefined for anything else. */
function readCount(text: string, start: number, end: number): number | undefined {
  if (start === end) return undefined;
  let count = 0;
  for (let at = start; at < end; at++) {
    const digit = text.charCodeAt(at) - 0x30;
    if (digit < 0 || digit > 9) return undefined;
    count = count * 10 + digit;
  }
  return Math.min(count, Number.MAX_SAFE_INTEGER);
}

function readText(text: string): string | undefined {
  const bytes = percentDecode(text);
  return bytes && Buffer.from(bytes).toString('latin1');
}

function readEvent(text: string): AnnounceEvent | undefined {
  return text === 'started' || text === 'completed' || text === 'stopped' ? text : undefined;
}
