/** What the engine lends to each of its torrents. */
import type { HandlePool } from '@shoal/chunk-store';
import type { Resolve, TrackerTransport } from '@shoal/tracker/client';
import type { Clock, Log, Network, PeerId, Random } from '@shoal/units';
import type { EngineEvent } from './api.ts';
import type { EncryptionPolicy } from './peers/encryption.ts';
import type { OwnAddress } from './peers/own-address.ts';
import type { Discoveries } from './sources/discoveries.ts';
import type { StateFolder } from './state/state-folder.ts';
import type { RateLimiter } from './transfer/rate-limiter.ts';
import type { Turns } from './turns.ts';

export interface TorrentParts {
  readonly clock: Clock;
  readonly random: Random;
  readonly network: Network;
  readonly log: Log;
  readonly trackerTransport: TrackerTransport;
  /** From names to addresses: where web seeds are. */
  readonly resolve: Resolve;
  readonly stateFolder: StateFolder;
  /** Open files of all torrents together. */
  readonly handles: HandlePool;
  /** Pieces that are hashed again while they are seeded, of all torrents together. */
  readonly rechecks: Turns;
  readonly peerId: PeerId;
  /** The port peers reach us on. */
  readonly port: number;
  /** Our addresses as others see them. */
  readonly ownAddress: OwnAddress;
  /** Client name and version, `Shoal/0.1.0`. */
  readonly userAgent: string;
  readonly encryption: EncryptionPolicy;
  /** Peers without a tracker: joined for every torrent that is not private. */
  readonly discoveries: Discoveries;
  /** Peers tell each other of peers (BEP 11), in torrents that are not private. */
  readonly usesPeerExchange: boolean;
  /** IP addresses that a person has banned. */
  bannedHosts(): readonly string[];
  /** Limits of all torrents together. */
  readonly down: RateLimiter;
  readonly up: RateLimiter;
  emit(event: EngineEvent): void;
  /** Something that a screen shows has changed. */
  markChanged(): void;
}
