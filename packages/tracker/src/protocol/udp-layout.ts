/**
 * The numbers of the UDP tracker protocol. All integers are big endian. BEP 15.
 *
 * | request  | 0..8 | 8..12 | 12..16 | 16.. |
 * |---|---|---|---|---|
 * | connect  | protocol id | 0 | transaction id | |
 * | announce | connection id | 1 | transaction id | infohash 20, peer id 20, downloaded 8, left 8, uploaded 8, event 4, ip 4, key 4, numwant 4, port 2, options (BEP 41) |
 * | scrape   | connection id | 2 | transaction id | infohash 20 each |
 *
 * | response | 0..4 | 4..8 | 8.. |
 * |---|---|---|---|
 * | connect  | 0 | transaction id | connection id 8 |
 * | announce | 1 | transaction id | interval 4, leechers 4, seeders 4, peers 6 (IPv4) or 18 (IPv6) each |
 * | scrape   | 2 | transaction id | seeders 4, completed 4, leechers 4 each |
 * | error    | 3 | transaction id | message |
 */
import type { AnnounceEvent } from './announce.ts';

/** First 8 bytes of every connect request, as two 32-bit words. */
export const PROTOCOL_ID_HIGH = 0x0000_0417;
export const PROTOCOL_ID_LOW = 0x2710_1980;

export const ACTION_CONNECT = 0;
export const ACTION_ANNOUNCE = 1;
export const ACTION_SCRAPE = 2;
export const ACTION_ERROR = 3;

/** Where the fields of a request begin, in bytes. */
export const AT_ACTION = 8;
export const AT_TRANSACTION_ID = 12;
export const AT_INFO_HASH = 16;
export const AT_PEER_ID = 36;
export const AT_DOWNLOADED = 56;
export const AT_LEFT = 64;
export const AT_UPLOADED = 72;
export const AT_EVENT = 80;
export const AT_KEY = 88;
export const AT_NUM_WANT = 92;
export const AT_PORT = 96;

/** Shortest packets, in bytes. */
export const REQUEST_HEADER_LENGTH = 16;
export const ANNOUNCE_REQUEST_LENGTH = 98;
export const RESPONSE_HEADER_LENGTH = 8;
export const CONNECT_RESPONSE_LENGTH = 16;
export const ANNOUNCE_RESPONSE_LENGTH = 20;
export const SCRAPE_ENTRY_LENGTH = 12;

/** A peer id, in bytes. BEP 3. */
export const PEER_ID_LENGTH = 20;

/** A compact peer of IPv4 and of IPv6, in bytes. BEP 23, BEP 7. */
export const PEER_LENGTH_V4 = 6;
export const PEER_LENGTH_V6 = 18;

/** Most infohashes in one scrape: what fits in a packet of 1,500 bytes. */
export const MAX_UDP_SCRAPE_COUNT = 74;

/** The event numbers of an announce; 0 is none. */
export const EVENT_CODES = { completed: 1, started: 2, stopped: 3 } as const satisfies Record<
  AnnounceEvent,
  number
>;
