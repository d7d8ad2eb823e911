/** The answer to an announce over HTTP as bencode, both ways. Pure. BEP 3, 7, 23, 24, 31. */
import { type BencodeValue, type DictReader, type EncodableValue, encode } from '@shoal/bencode';
import {
  decodeCompactPeers,
  encodeCompactPeer,
  type PeerAddress,
  parseIp,
  peerAddressFromBytes,
} from '@shoal/units';
import type { AnnounceResponse } from './announce.ts';
import { cleanText } from './clean-text.ts';
import { optional, readAnswer, refuseFailure } from './http-answer.ts';
import { TrackerError } from './tracker-error.ts';
import { PEER_LENGTH_V4, PEER_LENGTH_V6 } from './udp-layout.ts';

/** Most peers taken from one answer: more would only fill memory. */
export const MAX_RESPONSE_PEER_COUNT = 2_000;
/** Until the next announce when a tracker does not say. */
const DEFAULT_INTERVAL_S = 1_800;
/** Longest tracker id kept, in bytes: it comes back in every announce. */
const MAX_TRACKER_ID_LENGTH = 512;

/**
 * Writes an answer. Compact: IPv4 peers in `peers`, IPv6 peers in `peers6` when there are any;
 * otherwise a list of dicts.
 */
export function encodeAnnounceResponse(response: AnnounceResponse, compact = true): Uint8Array {
  const [v4, v6] = [4, 6].map((family) => response.peers.filter((peer) => peer.family === family));
  const peers: EncodableValue = compact
    ? joinPeers(v4!)
    : response.peers.map(({ host, port }) => ({ ip: host, port }));
  const { trackerId } = response;
  return encode({
    complete: response.seederCount,
    downloaded: response.completedCount,
    'external ip': response.externalIp,
    incomplete: response.leecherCount,
    interval: response.intervalS,
    'min interval': response.minIntervalS,
    peers,
    peers6: compact && v6!.length > 0 ? joinPeers(v6!) : undefined,
    'tracker id': trackerId && Buffer.from(trackerId, 'latin1'),
    'warning message': response.warning,
  });
}

/**
 * Reads an answer; nothing in it points into `bytes`. Peers that are no IP address or have port 0
 * are left out, and those past the 2,000th; so are IPv6 peers that are no multiple of 18 bytes.
 *
 * @throws TrackerError `failure` when the tracker refuses (with `retryInS`, BEP 31), `ragged-peers`
 * if the IPv4 peers are no multiple of 6 bytes, `bad-response` for anything else that is no answer
 */
export function decodeAnnounceResponse(bytes: Uint8Array): AnnounceResponse {
  return readAnswer(bytes, (dict) => {
    refuseFailure(dict);
    const peers = [...readPeers(dict.value('peers')), ...readPeers6(dict.value('peers6'))].slice(
      0,
      MAX_RESPONSE_PEER_COUNT,
    );
    const externalIp = dict.optionalBytes('external ip');
    const trackerId = dict.optionalBytes('tracker id');
    const warning = dict.optionalText('warning message');
    return {
      intervalS: dict.optionalInteger('interval') ?? DEFAULT_INTERVAL_S,
      ...optional('minIntervalS', dict.optionalInteger('min interval')),
      peers,
      ...optional('seederCount', readCount(dict, 'complete')),
      ...optional('leecherCount', readCount(dict, 'incomplete')),
      ...optional('completedCount', readCount(dict, 'downloaded')),
      ...optional(
        'trackerId',
        isKept(trackerId) ? Buffer.from(trackerId).toString('latin1') : undefined,
      ),
      ...optional('warning', warning === undefined ? undefined : cleanText(warning)),
      ...optional('externalIp', isIp(externalIp) ? externalIp.slice() : undefined),
    };
  });
}

/** A count of peers; what is negative or no number is not worth failing for. */
function readCount(dict: DictReader, key: string): number | undefined {
  const count = dict.value(key);
  return typeof count === 'number' && count >= 0 ? count : undefined;
}

/** They are an addition: the others are good without them. BEP 7. */
function readPeers6(value: BencodeValue | undefined): readonly PeerAddress[] {
  if (Array.isArray(value)) return readList(value);
  const isWhole = value instanceof Uint8Array && value.length % PEER_LENGTH_V6 === 0;
  return isWhole ? firstPeers(value, 6) : [];
}

function readPeers(value: BencodeValue | undefined): PeerAddress[] {
  if (value === undefined) return [];
  if (value instanceof Uint8Array) return readCompactPeers(value);
  if (Array.isArray(value)) return readList(value);
  throw new TrackerError('bad-response', 'peers are neither bytes nor a list');
}

function readList(list: readonly BencodeValue[]): PeerAddress[] {
  return list
    .slice(0, MAX_RESPONSE_PEER_COUNT)
    .map(readPeer)
    .filter((peer) => peer !== undefined);
}

function readCompactPeers(bytes: Uint8Array): PeerAddress[] {
  if (bytes.length % PEER_LENGTH_V4 === 0) return firstPeers(bytes, 4);
  const message = `peers of ${bytes.length} bytes, no multiple of ${PEER_LENGTH_V4}`;
  throw new TrackerError('ragged-peers', message);
}

function firstPeers(bytes: Uint8Array, family: 4 | 6): PeerAddress[] {
  const width = family === 4 ? PEER_LENGTH_V4 : PEER_LENGTH_V6;
  return decodeCompactPeers(bytes.subarray(0, width * MAX_RESPONSE_PEER_COUNT), family)!;
}

/**
 * One peer of a list; what is none is passed over, as the others may be good. So is a host name: a
 * tracker could point us anywhere with it.
 */
function readPeer(value: BencodeValue): PeerAddress | undefined {
  if (!(value instanceof Map)) return undefined;
  const [text, port] = [value.get('ip'), value.get('port')];
  if (!(text instanceof Uint8Array) || typeof port !== 'number') return undefined;
  const ip = parseIp(Buffer.from(text).toString('latin1'));
  if (ip === undefined || port < 1 || port > 65_535) return undefined;
  return peerAddressFromBytes(ip, port);
}

function joinPeers(peers: readonly PeerAddress[]): Uint8Array {
  return new Uint8Array(Buffer.concat(peers.map(encodeCompactPeer)));
}

function isKept(trackerId: Uint8Array | undefined): trackerId is Uint8Array {
  return trackerId !== undefined && trackerId.length <= MAX_TRACKER_ID_LENGTH;
}

function isIp(bytes: Uint8Array | undefined): bytes is Uint8Array {
  return bytes?.length === 4 || bytes?.length === 16;
}
