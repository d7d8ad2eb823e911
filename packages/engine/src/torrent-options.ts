/** How a torrent begins: from a .torrent (its info is there) or a magnet (it is not). */
import type { Info } from '@shoal/metainfo';
import type { InfoHash, PeerAddress } from '@shoal/units';
import type { StoreKind } from './api.ts';
import type { Limits } from './state/snapshot.ts';
import type { TorrentParts } from './torrent-parts.ts';

export interface TorrentOptions {
  readonly parts: TorrentParts;
  readonly infoHash: InfoHash;
  readonly name: string;
  readonly info: Info | undefined;
  readonly outputFolder: string;
  readonly storeKind: StoreKind;
  readonly trackerTiers: readonly (readonly string[])[];
  readonly webSeeds: readonly string[];
  readonly peers: readonly PeerAddress[];
  readonly limits: Limits;
  readonly sequential: boolean;
  readonly selectedFiles: readonly number[] | undefined;
  /** Undefined: as the last run left it. */
  readonly isPaused: boolean | undefined;
  /** What has its whole length on disk is taken for complete when no state says otherwise. */
  readonly trustComplete: boolean;
}
