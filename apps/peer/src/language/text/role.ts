/** What this peer is in a swarm. */
import type { TorrentSummary } from '@shoal/engine';

export type Role = 'seeder' | 'leecher';

/** A seeder has all pieces; whoever lacks one, or does not know them yet, is a leecher. */
export function roleIn({ pieceCount, havePieceCount }: TorrentSummary): Role {
  return pieceCount > 0 && havePieceCount === pieceCount ? 'seeder' : 'leecher';
}
