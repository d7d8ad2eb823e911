/**
 * What a tracker says to WebTorrent clients over WebSocket: JSON objects in which bytes are text,
 * one character a byte. Pure. Source: the client of npm `bittorrent-tracker`.
 */
import type { InfoHash, PeerId } from '@shoal/units';
import type { ScrapeCounts } from './announce.ts';

/** The answer to an announce. */
export interface WebSocketAnnounceResponse {
  readonly infoHash: InfoHash;
  /** Seconds until the next announce. */
  readonly intervalS: number;
  readonly seederCount: number;
  readonly leecherCount: number;
}

/** A session description on its way from one peer to another. */
export interface WebSocketRelay {
  readonly type: 'offer' | 'answer';
  readonly infoHash: InfoHash;
  /** Who sends it. */
  readonly peerId: PeerId;
  readonly offerId: string;
  readonly sdp: string;
}

/** Why a message was refused. */
export interface WebSocketFailure {
  readonly reason: string;
  /** What the message was, when that could be read. */
  readonly action?: 'announce' | 'scrape';
  readonly infoHash?: InfoHash;
  /** When to ask again, Infinity for never. BEP 31, in whole minutes. */
  readonly retryInS?: number;
}

export function encodeWebSocketAnnounceResponse(response: WebSocketAnnounceResponse): string {
  return JSON.stringify({
    action: 'announce',
    info_hash: textOf(response.infoHash),
    interval: response.intervalS,
    complete: response.seederCount,
    incomplete: response.leecherCount,
  });
}

/** Writes what the other peer gets. */
export function encodeWebSocketRelay(relay: WebSocketRelay): string {
  return JSON.stringify({
    action: 'announce',
    info_hash: textOf(relay.infoHash),
    peer_id: textOf(relay.peerId),
    offer_id: relay.offerId,
    [relay.type]: { type: relay.type, sdp: relay.sdp },
  });
}

/**
 * Writes the counts of the torrents that were asked for, in order.
 * @param minIntervalS - seconds until the next scrape
 */
export function encodeWebSocketScrapeResponse(
  infoHashes: readonly InfoHash[],
  counts: readonly ScrapeCounts[],
  minIntervalS: number,
): string {
  const files = infoHashes.map((infoHash, index) => {
    const { seederCount, completedCount, leecherCount } = counts[index]!;
    const file = { complete: seederCount, downloaded: completedCount, incomplete: leecherCount };
    return [textOf(infoHash), file] as const;
  });
  return JSON.stringify({
    action: 'scrape',
    files: Object.fromEntries(files),
    flags: { min_request_interval: minIntervalS },
  });
}

export function encodeWebSocketFailure(failure: WebSocketFailure): string {
  const { retryInS } = failure;
  return JSON.stringify({
    action: failure.action,
    info_hash: failure.infoHash && textOf(failure.infoHash),
    'failure reason': failure.reason,
    'retry in':
      retryInS === Number.POSITIVE_INFINITY
        ? 'never'
        : retryInS && Math.ceil(retryInS / 60).toString(),
  });
}

/** One character a byte. */
function textOf(bytes: Uint8Array): string {
  return String.fromCharCode(...bytes);
}
