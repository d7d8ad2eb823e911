/**
 * What a WebTorrent client says to a tracker over WebSocket, decoded. Pure.
 *
 * Shape: one JSON object a message; infohashes and ids are strings of 20 characters, one a byte.
 *
 * | message  | members                                                                             |
 * |----------|-------------------------------------------------------------------------------------|
 * | announce | action, info_hash, peer_id, uploaded, downloaded, left, event, numwant, offers       |
 * | answer   | action "announce", info_hash, peer_id, to_peer_id, offer_id, answer {type, sdp}      |
 * | scrape   | action "scrape", info_hash: one, a list of them, or none                             |
 *
 * An offer is {offer_id, offer: {type, sdp}}. Source: the client of npm `bittorrent-tracker`.
 */
import { type InfoHash, type PeerId, toInfoHash, toPeerId } from '@shoal/units';
import type { AnnounceEvent } from './announce.ts';
import { TrackerError } from './tracker-error.ts';

/** Offers taken from one announce; those behind them are passed over. Clients send up to 10. */
export const MAX_OFFER_COUNT = 10;
/** Longest session description that is relayed, in characters: with many candidates some 5 K. */
export const MAX_SDP_LENGTH = 16_384;
/** Most infohashes in one scrape over WebSocket. */
export const MAX_WEBSOCKET_SCRAPE_COUNT = 100;
/** Longest name of an offer, in characters: clients use 20. */
const MAX_OFFER_ID_LENGTH = 64;

/** A peer that has come, is still there or leaves, and its offers for as many others. */
export interface WebSocketAnnounce {
  readonly type: 'announce';
  readonly infoHash: InfoHash;
  readonly peerId: PeerId;
  /** Bytes since `started`. */
  readonly uploaded: number;
  readonly downloaded: number;
  /** Bytes still missing; undefined when the client does not know: it is no seeder then. */
  readonly left: number | undefined;
  readonly event: AnnounceEvent | undefined;
  /** As many as peers are wanted, 10 at most. */
  readonly offers: readonly WebSocketOffer[];
}

/** A description for whoever gets it. */
export interface WebSocketOffer {
  readonly offerId: string;
  readonly sdp: string;
}

/** A reply to an offer that was relayed, for the peer that made it. */
export interface WebSocketAnswer {
  readonly type: 'answer';
  readonly infoHash: InfoHash;
  readonly peerId: PeerId;
  readonly toPeerId: PeerId;
  readonly offerId: string;
  readonly sdp: string;
}

export interface WebSocketScrape {
  readonly type: 'scrape';
  /** 100 at most; empty when none is named. */
  readonly infoHashes: readonly InfoHash[];
}

export type WebSocketRequest = WebSocketAnnounce | WebSocketAnswer | WebSocketScrape;

type Members = Readonly<Record<string, unknown>>;

/**
 * Reads one message. Unknown members and events are passed over, as are offers that are none.
 *
 * @throws TrackerError `bad-query`: no JSON object, an unknown action, an infohash or id that is not
 * 20 characters below 256, an answer without a description
 */
export function decodeWebSocketRequest(text: string): WebSocketRequest {
  const message = readObject(text);
  switch (message.action) {
    case 'announce':
      return isObject(message.answer) ? readAnswer(message) : readAnnounce(message);
    case 'scrape':
      return { type: 'scrape', infoHashes: readInfoHashes(message.info_hash) };
    default:
      throw new TrackerError('bad-query', 'action is neither announce nor scrape');
  }
}

function readObject(text: string): Members {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new TrackerError('bad-query', 'the message is no JSON', { cause: error });
  }
  if (!isObject(value)) throw new TrackerError('bad-query', 'the message is no JSON object');
  return value;
}

function readAnnounce(message: Members): WebSocketAnnounce {
  return {
    type: 'announce',
    infoHash: readInfoHash(message.info_hash),
    peerId: readPeerId(message, 'peer_id'),
    uploaded: readCount(message.uploaded) ?? 0,
    downloaded: readCount(message.downloaded) ?? 0,
    left: readCount(message.left),
    event: readEvent(message.event),
    offers: readOffers(message),
  };
}

function readAnswer(message: Members): WebSocketAnswer {
  const sdp = readSdp(message.answer);
  const offerId = readOfferId(message.offer_id);
  if (sdp === undefined || offerId === undefined)
    throw new TrackerError('bad-query', 'the answer has no description or no offer_id');
  return {
    type: 'answer',
    infoHash: readInfoHash(message.info_hash),
    peerId: readPeerId(message, 'peer_id'),
    toPeerId: readPeerId(message, 'to_peer_id'),
    offerId,
    sdp,
  };
}

/** As many offers as there are, as peers are wanted, and as are allowed. */
function readOffers(message: Members): WebSocketOffer[] {
  const list = message.offers;
  if (!Array.isArray(list)) return [];
  const wanted = readCount(message.numwant) ?? MAX_OFFER_COUNT;
  const offers: WebSocketOffer[] = [];
  for (const entry of list.slice(0, Math.min(wanted, MAX_OFFER_COUNT)) as unknown[]) {
    if (!isObject(entry)) continue;
    const sdp = readSdp(entry.offer);
    const offerId = readOfferId(entry.offer_id);
    if (sdp !== undefined && offerId !== undefined) offers.push({ offerId, sdp });
  }
  return offers;
}

function readSdp(description: unknown): string | undefined {
  const sdp = isObject(description) ? description.sdp : undefined;
  return typeof sdp === 'string' && sdp.length <= MAX_SDP_LENGTH ? sdp : undefined;
}

function readOfferId(value: unknown): string | undefined {
  const isId = typeof value === 'string' && value !== '' && value.length <= MAX_OFFER_ID_LENGTH;
  return isId ? value : undefined;
}

function readInfoHashes(value: unknown): InfoHash[] {
  if (value === undefined || value === null) return [];
  const list: unknown[] = Array.isArray(value) ? value : [value];
  if (list.length > MAX_WEBSOCKET_SCRAPE_COUNT)
    throw new TrackerError(
      'bad-query',
      `${list.length} infohashes, limit ${MAX_WEBSOCKET_SCRAPE_COUNT}`,
    );
  return list.map(readInfoHash);
}

function readInfoHash(value: unknown): InfoHash {
  const infoHash = toInfoHash(bytesOf(value));
  if (infoHash === undefined) throw new TrackerError('bad-query', 'info_hash is not 20 bytes');
  return infoHash;
}

function readPeerId(message: Members, key: 'peer_id' | 'to_peer_id'): PeerId {
  const peerId = toPeerId(bytesOf(message[key]));
  if (peerId === undefined) throw new TrackerError('bad-query', `${key} is not 20 bytes`);
  return peerId;
}

/** One byte a character; no bytes for what is no such text. */
function bytesOf(value: unknown): Uint8Array {
  if (typeof value !== 'string' || value.length !== 20) return new Uint8Array();
  const bytes = new Uint8Array(20);
  for (let at = 0; at < 20; at++) {
    const code = value.charCodeAt(at);
    if (code > 255) return new Uint8Array();
    bytes[at] = code;
  }
  return bytes;
}

/** A count, held at 2^53 - 1; undefined for anything else (JSON has null for Infinity). */
function readCount(value: unknown): number | undefined {
  if (typeof value !== 'number' || !(value >= 0)) return undefined;
  return Math.min(Math.floor(value), Number.MAX_SAFE_INTEGER);
}

function readEvent(value: unknown): AnnounceEvent | undefined {
  return value === 'started' || value === 'completed' || value === 'stopped' ? value : undefined;
}

function isObject(value: unknown): value is Members {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
