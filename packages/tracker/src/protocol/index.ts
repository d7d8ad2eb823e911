/**
 * The tracker protocol as pure bytes: UDP (BEP 15, 41), HTTP (BEP 3, 7, 23, 24, 31), scrape (BEP 48),
 * and WebSocket as WebTorrent speaks it.
 */
export type { AnnounceEvent, AnnounceRequest, AnnounceResponse, ScrapeCounts } from './announce.ts';
export {
  decodeAnnounceResponse,
  encodeAnnounceResponse,
  MAX_RESPONSE_PEER_COUNT,
} from './http-announce-response.ts';
export { encodeFailure } from './http-answer.ts';
export {
  buildAnnounceUrl,
  buildScrapeUrl,
  type HttpAnnounceQuery,
  MAX_HTTP_SCRAPE_COUNT,
  parseAnnounceQuery,
  parseScrapeQuery,
} from './http-query.ts';
export { decodeScrapeResponse, encodeScrapeResponse } from './http-scrape-response.ts';
export { percentDecode, percentEncode } from './percent.ts';
export { TrackerError, type TrackerErrorCode } from './tracker-error.ts';
export { MAX_UDP_SCRAPE_COUNT } from './udp-layout.ts';
export { decodeUdpRequest, encodeUdpRequest, type UdpRequest } from './udp-request.ts';
export { decodeUdpResponse, encodeUdpResponse, type UdpResponse } from './udp-response.ts';
export {
  decodeWebSocketRequest,
  MAX_OFFER_COUNT,
  MAX_SDP_LENGTH,
  MAX_WEBSOCKET_SCRAPE_COUNT,
  type WebSocketAnnounce,
  type WebSocketAnswer,
  type WebSocketOffer,
  type WebSocketRequest,
  type WebSocketScrape,
} from './websocket-request.ts';
export {
  encodeWebSocketAnnounceResponse,
  encodeWebSocketFailure,
  encodeWebSocketRelay,
  encodeWebSocketScrapeResponse,
  type WebSocketAnnounceResponse,
  type WebSocketFailure,
  type WebSocketRelay,
} from './websocket-response.ts';
