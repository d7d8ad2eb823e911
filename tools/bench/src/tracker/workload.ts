/**
 * What the load generators announce: every peer of every torrent in turn, again and again.
 *
 * | what | number |
 * |---|---|
 * | torrents | 1,000 |
 * | source addresses (127.0.0.2 up) | 8 |
 * | peers a torrent | 48: 6 ports on each address |
 * | peers asked for | 50 |
 */
import { createHash } from 'node:crypto';

const TORRENT_COUNT = 1000;
export const SOURCE_COUNT = 8;
const PORTS_PER_SOURCE = 6;
export const WANTED_COUNT = 50;

/** All infohashes: 20 bytes each, the same in every process. */
export const infoHashes: readonly Uint8Array[] = Array.from({ length: TORRENT_COUNT }, (_, index) =>
  createHash('sha1').update(`torrent ${index}`).digest(),
);

/** The source address of socket n, 0 up. */
export function sourceAddress(n: number): string {
  return `127.0.0.${2 + (n % SOURCE_COUNT)}`;
}

/** One announce of the endless sequence of one source. */
export interface Turn {
  torrent: number;
  port: number;
  /** One peer in four has everything. */
  left: number;
}

/** Writes the n-th announce of a source into `turn`, so that none is made per request. */
export function fillTurn(turn: Turn, n: number): Turn {
  const peer = Math.floor(n / TORRENT_COUNT) % PORTS_PER_SOURCE;
  turn.torrent = n % TORRENT_COUNT;
  turn.port = 20_000 + peer;
  turn.left = peer % 4 === 0 ? 0 : 1_000_000;
  return turn;
}

/** Announces until every peer was announced once. */
export const FULL_ROUND = TORRENT_COUNT * SOURCE_COUNT * PORTS_PER_SOURCE;
