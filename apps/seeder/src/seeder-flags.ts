/** The flags of `shoal-seeder`. */
import type { SwarmFlags } from '@shoal/cli';

/** Those of every swarm, where `output` is the torrent to write; the rest is for making it. */
export interface SeederFlags extends SwarmFlags {
  readonly data?: string;
  readonly pieceLength?: number;
  readonly private?: boolean;
  readonly comment?: string;
}
