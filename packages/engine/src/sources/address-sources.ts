/** Where the addresses of one torrent come from: its trackers, discoveries, its peers. */
import type { TrackerAnnouncer } from '@shoal/tracker/client';
import type { InfoHash, PeerAddress } from '@shoal/units';
import { PEX_FLAG, type PexPeer } from '@shoal/wire';
import type { BanList } from '../peers/ban-list.ts';
import type { PeerPool } from '../peers/peer-pool.ts';
import type { PeerSource } from '../state/snapshot.ts';
import type { TorrentParts } from '../torrent-parts.ts';
import type { TorrentReporter } from '../torrent-reporter.ts';
import { TrackerSource } from './tracker-source.ts';

/** Peers asked of a tracker at a time (BEP 3 names 50 as the usual number). */
const NUM_WANT = 50;

/** Whom a private torrent does not learn of peers from (BEP 27). */
export const PUBLIC_SOURCES: ReadonlySet<PeerSource> = new Set(['dht', 'lsd', 'pex']);

export interface AddressSourcesOptions {
  readonly infoHash: InfoHash;
  readonly parts: TorrentParts;
  readonly tiers: readonly (readonly string[])[];
  readonly reporter: TorrentReporter;
  /** Takes in what is found, unless it is banned. */
  readonly pool: PeerPool;
  readonly bans: BanList;
  stats(): { readonly uploaded: number; readonly downloaded: number; readonly left: number };
  /** A magnet does not know it before it has the metadata. */
  isPrivate(): boolean;
  /** No place is free: trackers are asked for nobody. */
  isFull(): boolean;
  /** Addresses came in. */
  handleFound(): void;
}

export class AddressSources {
  readonly #options: AddressSourcesOptions;
  readonly #trackers: TrackerSource;

  constructor(options: AddressSourcesOptions) {
    this.#options = options;
    const { infoHash, parts, tiers, reporter, stats } = options;
    this.#trackers = new TrackerSource({
      infoHash,
      parts,
      tiers,
      reporter,
      stats,
      wantedPeerCount: () => (options.isFull() ? 0 : NUM_WANT),
      handlePeers: (addresses) => this.add(addresses, 'tracker'),
    });
  }

  get announcer(): TrackerAnnouncer {
    return this.#trackers.announcer;
  }

  /** We may say that we are part of the DHT. */
  get usesDht(): boolean {
    return !this.#options.isPrivate() && this.#options.parts.discoveries.hasDht;
  }

  /** UDP ports of our nodes, for peers that run one too. */
  get nodePorts(): readonly number[] {
    return this.#options.isPrivate() ? [] : this.#options.parts.discoveries.nodePorts;
  }

  open(): void {
    const { infoHash, parts, isPrivate } = this.#options;
    this.announcer.start();
    if (!isPrivate()) parts.discoveries.join(infoHash);
  }

  /** Resolves when the trackers have heard that it stopped. */
  close(): Promise<void> {
    this.#options.parts.discoveries.leave(this.#options.infoHash);
    return this.announcer.stop();
  }

  /** Resolves when a tracker has answered, when all that were asked have failed, or in `limitMs`. */
  announced(limitMs: number): Promise<void> {
    return this.#trackers.announced(limitMs);
  }

  add(addresses: readonly PeerAddress[], source: PeerSource): void {
    this.#take(
      addresses.map((address) => ({ address })),
      source,
    );
  }

  /** Peers that a peer told us of (BEP 11). */
  addExchanged(peers: readonly PexPeer[]): void {
    const found = peers.map(({ address, flags }) => ({
      address,
      isSeeder: (flags & PEX_FLAG.seeder) !== 0,
    }));
    this.#take(found, 'pex');
  }

  /** A peer runs a DHT node. */
  addNode(address: PeerAddress): void {
    if (!this.#options.isPrivate()) this.#options.parts.discoveries.addNode(address);
  }

  /** The metadata says that it is private: nobody else is told from now on, what was found so goes. */
  becomePrivate(): void {
    const { infoHash, parts, pool } = this.#options;
    parts.discoveries.leave(infoHash);
    pool.forgetFrom(PUBLIC_SOURCES);
  }

  #take(found: readonly Found[], source: PeerSource): void {
    const { parts, pool, bans, isPrivate, handleFound } = this.#options;
    if (isPrivate() && PUBLIC_SOURCES.has(source)) return;
    const nowMs = parts.clock.nowMs();
    for (const each of found)
      if (!bans.hasAddress(each.address)) pool.add(each.address, source, nowMs, each);
    handleFound();
  }
}

interface Found {
  readonly address: PeerAddress;
  readonly isSeeder?: boolean;
}
