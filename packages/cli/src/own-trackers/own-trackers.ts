/** The trackers that a peer serves itself, for its own torrents and no others. */
import type { TrackerTransport } from '@shoal/tracker/client';
import type {
  InfoHashTable,
  SwarmStore,
  TrackerServer,
  TrackerServerOptions,
} from '@shoal/tracker/server';
import {
  type Clock,
  formatPeerAddress,
  hexToInfoHash,
  type InfoHash,
  idToHex,
  type Log,
  type PeerAddress,
  type Random,
} from '@shoal/units';
import { outsideAddress } from './own-address.ts';
import { type OwnPlace, ownPlaceOf } from './own-place.ts';

/** Seconds between announces: short, for a swarm that may lose its tracker with any peer. */
const INTERVAL_S = 120;
/** Seconds until a person may announce again by hand: a swarm that its own peers serve is small. */
const MIN_INTERVAL_S = 5;
/** Places that torrents may make a peer listen on, beside the one it was told of. */
const MAX_PLACES = 8;
/** Adding thousands of torrents makes few lists. */
const LIST_EVERY_MS = 50;

export interface OwnTrackersOptions {
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  /** Told of each announce URL that is served from now on. */
  handleServing(url: string): void;
}

/** The part of the engine that is followed. */
export interface TrackedEngine {
  onEvent(listener: (event: { readonly type: string; readonly infoHash: string }) => void): unknown;
  torrent(infoHash: string): TrackedTorrent | undefined;
}

interface TrackedTorrent {
  getDetail(): {
    readonly isPrivate: boolean;
    readonly trackers: readonly { readonly url: string }[];
  };
  addTracker(url: string): void;
}

export class OwnTrackers {
  readonly #options: OwnTrackersOptions;
  /** By the key of its place. */
  readonly #servers = new Map<string, Promise<TrackerServer | undefined>>();
  /** By hex infohash. */
  readonly #torrents = new Map<string, InfoHash>();
  /** One set of swarms, whichever server a peer speaks to. */
  #store: SwarmStore | undefined;
  #told: TrackerServer | undefined;
  #listed: Promise<void> | undefined;
  #isClosed = false;

  constructor(options: OwnTrackersOptions) {
    this.#options = options;
  }

  /**
   * Serves HTTP and UDP on one port, for all torrents but private ones that do not name it.
   * @param host - an IP address; all of this machine when left out
   * @param port - 0 takes free ones
   * @throws TrackerError `port-taken`, `cannot-listen`
   */
  async serve(host: string | undefined, port: number): Promise<void> {
    const address = host === undefined ? { port } : { host, port };
    this.#told = await this.#listen({ http: address, udp: address });
    for (const url of this.urls) this.#options.handleServing(url);
  }

  /** The announce URLs of what `serve` opened, best first. */
  get urls(): readonly string[] {
    if (this.#told === undefined) return [];
    const { http, udp } = this.#told;
    return [urlOf('http', http!), urlOf('udp', udp!)];
  }

  /**
   * Before our own announce: listens where the URL points to, when that is a place of this machine
   * on which nothing listens. Whoever had it may be gone since the last announce, so each one tries.
   */
  async prepare(url: string, infoHash: InfoHash): Promise<void> {
    const place = ownPlaceOf(url);
    if (place === undefined || this.#isClosed) return;
    this.#allow(idToHex(infoHash), infoHash);
    const key = `${place.transport} ${place.host} ${place.port}`;
    let serving = this.#servers.get(key);
    if (serving === undefined && this.#servers.size < MAX_PLACES) {
      serving = this.#tryToListen(place, url);
      this.#servers.set(key, serving);
    }
    const server = await serving;
    if (server === undefined && this.#servers.get(key) === serving) this.#servers.delete(key);
    await this.#listed;
  }

  /** A transport that prepares each announce before it goes out. */
  preparing(inner: TrackerTransport): TrackerTransport {
    return {
      announce: async (url, request, signal) => {
        if (request.event !== 'stopped') await this.prepare(url, request.infoHash);
        return inner.announce(url, request, signal);
      },
      scrape: (url, infoHashes, signal) => inner.scrape(url, infoHashes, signal),
      close: () => inner.close(),
    };
  }

  /** Tracks what the engine has from now on; each of these torrents announces to `serve`'s port too. */
  follow(engine: TrackedEngine): void {
    engine.onEvent(({ type, infoHash }) => {
      if (type === 'torrent-added') {
        this.#allow(infoHash, hexToInfoHash(infoHash)!);
        const torrent = engine.torrent(infoHash);
        if (torrent !== undefined) this.#introduce(torrent);
      } else if (type === 'torrent-removed' && this.#torrents.delete(infoHash)) this.#list();
    });
  }

  /** Stops listening. Idempotent. */
  async close(): Promise<void> {
    this.#isClosed = true;
    const servers = [...(await Promise.all(this.#servers.values())), this.#told];
    await Promise.all(servers.map((server) => server?.close()));
    await this.#listed;
  }

  #introduce(torrent: TrackedTorrent): void {
    const [best] = this.urls;
    if (best === undefined) return;
    const { isPrivate, trackers } = torrent.getDetail();
    const ports = this.urls.map((url) => ownPlaceOf(url)?.port);
    const isKnown = trackers.some(({ url }) => ports.includes(ownPlaceOf(url)?.port ?? 0));
    if (!isKnown && !isPrivate) torrent.addTracker(best);
  }

  #allow(hex: string, infoHash: InfoHash): void {
    if (this.#torrents.has(hex)) return;
    this.#torrents.set(hex, infoHash);
    this.#list();
  }

  /** Tells the servers soon which torrents are ours. */
  #list(): void {
    this.#listed ??= new Promise((resolve) => {
      this.#options.clock.after(LIST_EVERY_MS, () => {
        this.#listed = undefined;
        void this.#tellServers().then(resolve);
      });
    });
  }

  async #tellServers(): Promise<void> {
    const all = [...(await Promise.all(this.#servers.values())), this.#told];
    const servers = all.filter((server) => server !== undefined);
    if (servers.length === 0) return;
    const allow = await this.#allowed();
    for (const server of servers) server.setLists({ allow });
  }

  /** What servers are told: all that is ours. */
  async #allowed(): Promise<InfoHashTable> {
    const { infoHashTable } = await import('@shoal/tracker/server');
    return infoHashTable([...this.#torrents.values()], this.#options.random);
  }

  async #tryToListen(place: OwnPlace, url: string): Promise<TrackerServer | undefined> {
    const { transport, host, port } = place;
    const { TrackerError } = await import('@shoal/tracker/server');
    try {
      const server = await this.#listen({ [transport]: { host, port } });
      this.#options.handleServing(url);
      return server;
    } catch (error) {
      if (!(error instanceof TrackerError)) throw error;
      this.#options.log.debug('not served', { url, reason: error.message });
      return undefined;
    }
  }

  /** The server is loaded when it is needed. */
  async #listen(where: Pick<TrackerServerOptions, 'http' | 'udp'>): Promise<TrackerServer> {
    const { clock, random, log } = this.#options;
    const { createTrackerServer, MemorySwarmStore } = await import('@shoal/tracker/server');
    this.#store ??= new MemorySwarmStore({ random, peerLifetimeS: 2 * INTERVAL_S });
    const [store, allow] = [this.#store, await this.#allowed()];
    const times = { intervalS: INTERVAL_S, minIntervalS: MIN_INTERVAL_S };
    return createTrackerServer({ ...where, ...times, store, allow, clock, random, log });
  }
}

function urlOf(transport: 'http' | 'udp', address: PeerAddress): string {
  const isAny = address.host === '::' || address.host === '0.0.0.0';
  const host = isAny ? outsideAddress() : address.host;
  const family = host.includes(':') ? 6 : 4;
  return `${transport}://${formatPeerAddress({ ...address, host, family })}/announce`;
}
