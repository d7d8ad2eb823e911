/**
 * What tracker processes tell each other of their WebSocket peers. Numbers are big-endian.
 *
 * | signal  | |
 * |---------|---|
 * | u8      | version, 1 |
 * | u8      | type, by its place in SIGNAL_TYPES |
 * | 8 B     | origin: who says it |
 * | counts  | for each swarm: infohash 20 B, seeders u32, leechers u32, completed u32 |
 * | offers  | infohash 20 B, peer id 20 B, seeder u8 (0 or 1), then up to 10 times a text u8, a text u16 |
 * | answer  | infohash 20 B, peer id 20 B, to peer id 20 B, a text u8, a text u16 |
 *
 * A text is its length in bytes, u8 or u16, and UTF-8: the offer id, then the session description.
 */
import type { InfoHash, PeerId } from '@shoal/units';
import type { WebSocketAnswer, WebSocketOffer } from '../../protocol/websocket-request.ts';
import type { SwarmCounts } from '../swarm/swarm-store.ts';

export type Signal =
  /** It begins anew: forget what it said, and say all that you have. */
  | { readonly type: 'hello' }
  /** Say all that you have. */
  | { readonly type: 'ask' }
  | { readonly type: 'alive' }
  | { readonly type: 'leaving' }
  | { readonly type: 'counts'; readonly swarms: readonly SwarmNews[] }
  | OffersSignal
  | WebSocketAnswer;

export type SignalType = Signal['type'];

/** How many peers one process has in one swarm. */
export interface SwarmNews extends Readonly<SwarmCounts> {
  readonly infoHash: InfoHash;
}

/** Offers of one peer, each for another peer of the process that gets them. */
export interface OffersSignal {
  readonly type: 'offers';
  readonly infoHash: InfoHash;
  readonly peerId: PeerId;
  /** Whether it is a seeder: offers go to no other seeder. */
  readonly isSeeder: boolean;
  readonly offers: readonly WebSocketOffer[];
}

export const SIGNAL_VERSION = 1;
export const SIGNAL_TYPES: readonly SignalType[] = [
  'hello',
  'ask',
  'alive',
  'leaving',
  'counts',
  'offers',
  'answer',
];
export const ORIGIN_LENGTH = 8;
export const AT_ORIGIN = 2;
export const SIGNAL_HEADER_LENGTH = AT_ORIGIN + ORIGIN_LENGTH;
export const SWARM_NEWS_LENGTH = 32;
/** Longest signal: the offers of one WebSocket message, which has at most 128 K. */
export const MAX_SIGNAL_LENGTH = 160 * 1_024;
