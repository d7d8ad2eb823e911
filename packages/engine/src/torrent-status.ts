/** The status of a torrent: a union that carries what is valid in each state, and the legal moves. */
import type { TorrentStatusName } from './state/snapshot.ts';

/** `error.code` is a StoreErrorCode or `unknown`; `message` one sentence for people. */
export type TorrentStatus =
  | { readonly name: Exclude<TorrentStatusName, 'error'> }
  | { readonly name: 'error'; readonly code: string; readonly message: string };

/**
 * from        -> to
 * metadata    -> checking (the info dict came), paused, error, closed
 * checking    -> downloading, seeding, paused, error, closed
 * downloading -> seeding (all that is wanted is there, and something is), checking (verify), paused, error, closed
 * seeding     -> downloading (more was selected, or data went bad), checking, paused, error, closed
 * paused      -> metadata, checking, downloading, seeding, error, closed
 * error       -> metadata, checking, downloading, seeding, paused, closed
 * closed      -> nothing
 */
const MOVES: Record<TorrentStatusName, readonly TorrentStatusName[]> = {
  metadata: ['checking', 'paused', 'error', 'closed'],
  checking: ['downloading', 'seeding', 'paused', 'error', 'closed'],
  downloading: ['seeding', 'checking', 'paused', 'error', 'closed'],
  seeding: ['downloading', 'checking', 'paused', 'error', 'closed'],
  paused: ['metadata', 'checking', 'downloading', 'seeding', 'error', 'closed'],
  error: ['metadata', 'checking', 'downloading', 'seeding', 'paused', 'closed'],
  closed: [],
};

/** Whether the table allows the move. A move to where one is already is no move. */
export function canMove(from: TorrentStatusName, to: TorrentStatusName): boolean {
  return MOVES[from].includes(to);
}
