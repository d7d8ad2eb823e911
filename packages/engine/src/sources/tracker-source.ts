/** The trackers of one torrent as a source of peers, and a way to wait for their answers. */
import { TrackerAnnouncer } from '@shoal/tracker/client';
import type { InfoHash, PeerAddress } from '@shoal/units';
import type { TorrentParts } from '../torrent-parts.ts';
import type { TorrentReporter } from '../torrent-reporter.ts';

export interface TrackerSourceOptions {
  readonly infoHash: InfoHash;
  readonly parts: TorrentParts;
  readonly tiers: readonly (readonly string[])[];
  readonly reporter: TorrentReporter;
  stats(): { readonly uploaded: number; readonly downloaded: number; readonly left: number };
  wantedPeerCount(): number;
  handlePeers(addresses: readonly PeerAddress[]): void;
}

export class TrackerSource {
  readonly announcer: TrackerAnnouncer;
  readonly #options: TrackerSourceOptions;
  #waiters: (() => void)[] = [];

  constructor(options: TrackerSourceOptions) {
    const { infoHash, parts, tiers, reporter } = options;
    const { clock, random, peerId, port, trackerTransport: transport } = parts;
    this.#options = options;
    this.announcer = new TrackerAnnouncer({
      torrent: {
        infoHash,
        peerId,
        port,
        stats: options.stats,
        wantedPeerCount: options.wantedPeerCount,
        handlePeers: options.handlePeers,
        handleExternalIp: (url, ip) => parts.ownAddress.handleTold(url, ip),
        handleAnnounced: (url, ok, message, peerCount) => {
          const isOff = this.#isOff(url);
          reporter.announced({ url, ok, message: message ?? '', peerCount, isOff });
          this.#wake(ok);
        },
      },
      tiers,
      transport,
      clock,
      random,
    });
  }

  /** Resolves when a tracker has answered, when all that were asked have failed, or in `limitMs`. */
  announced(limitMs: number): Promise<void> {
    if (this.announcer.states().length === 0) return Promise.resolve();
    const { promise, resolve } = Promise.withResolvers<void>();
    const timer = this.#options.parts.clock.after(limitMs, resolve);
    this.#waiters.push(() => {
      timer.cancel();
      resolve();
    });
    return promise;
  }

  /** Whether it is not tried again by itself. */
  #isOff(url: string): boolean {
    return this.announcer.states().some((state) => state.url === url && state.status === 'off');
  }

  #wake(ok: boolean): void {
    if (!ok && this.announcer.states().some(({ status }) => status === 'announcing')) return;
    const waiters = this.#waiters;
    this.#waiters = [];
    for (const wake of waiters) wake();
  }
}
