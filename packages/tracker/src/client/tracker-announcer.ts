/** Tells a torrent's trackers of us and brings back peers: tiers, events, intervals. BEP 3, 12. */
import type { Clock, Random } from '@shoal/units';
import type { AnnounceEvent, AnnounceRequest } from '../protocol/announce.ts';
import { TrackerError } from '../protocol/tracker-error.ts';
import { AnnounceLoop } from './announce-loop.ts';
import type { AnnouncerTorrent, TrackerState } from './announcer-types.ts';
import { type Moment, TrackerEntry } from './tracker-entry.ts';
import { TrackerTiers } from './tracker-tiers.ts';
import type { TrackerTransport } from './tracker-transport.ts';

export interface TrackerAnnouncerOptions {
  readonly torrent: AnnouncerTorrent;
  /** URLs as in `announce-list`; each tier is shuffled once. */
  readonly tiers: readonly (readonly string[])[];
  readonly transport: TrackerTransport;
  readonly clock: Clock;
  readonly random: Random;
  /** 32 bits that name us to trackers when our address changes. Default: random. */
  readonly key?: number;
  /**
   * False (BEP 12): one tracker is kept informed, of the first tier in which one answers.
   * True: one of every tier is, as qBittorrent does it.
   */
  readonly allTiers?: boolean;
}

/**
 * The announcer of one torrent. `started` is said to each tracker once, `completed` once and only
 * by who was incomplete at the start, `stopped` to each that heard `started`.
 */
export class TrackerAnnouncer {
  readonly #torrent: AnnouncerTorrent;
  readonly #transport: TrackerTransport;
  readonly #clock: Clock;
  readonly #random: Random;
  readonly #key: number;
  readonly #loops: AnnounceLoop[];
  #tierCount: number;
  #life: 'new' | 'running' | 'stopped' = 'new';
  #wasIncomplete = false;
  #hasCompleted = false;
  #farewell: { abort: AbortController; done: Promise<void> } | undefined;

  constructor(options: TrackerAnnouncerOptions) {
    this.#torrent = options.torrent;
    this.#transport = options.transport;
    this.#clock = options.clock;
    this.#random = options.random;
    this.#key = options.key ?? options.random.below(2 ** 32);
    const tiers = withoutRepeats(options.tiers);
    const entries = tiers.map((urls, tier) => urls.map((url) => new TrackerEntry(url, tier)));
    const groups = options.allTiers === true ? entries.map((tier) => [tier]) : [entries];
    this.#tierCount = tiers.length;
    this.#loops = groups.map((group) => this.#makeLoop(group));
  }

  /** Announces `started`. After `stop` it begins anew; while running it does nothing. */
  start(): void {
    if (this.#life === 'running') return;
    this.#farewell?.abort.abort();
    this.#farewell = undefined;
    this.#life = 'running';
    this.#wasIncomplete = this.#torrent.stats().left > 0;
    this.#hasCompleted = false;
    for (const entry of this.#entries()) entry.reset();
    for (const loop of this.#loops) loop.announceAtOnce();
  }

  /** A person's wish: announces as soon as the trackers' `min interval` allows, also to those that said never. */
  announceNow(): void {
    if (this.#life === 'running') for (const loop of this.#loops) loop.announceSoon();
  }

  /** The download is complete: says so at once, the first time, if it was incomplete at the start. */
  complete(): void {
    if (this.#life !== 'running' || !this.#wasIncomplete || this.#hasCompleted) return;
    this.#hasCompleted = true;
    for (const loop of this.#loops) loop.announceAtOnce();
  }

  /** Adds a tracker in a tier of its own, beside the others; a URL that is there does nothing. */
  addTracker(url: string): void {
    if (this.#entries().some((entry) => entry.url === url)) return;
    const loop = this.#makeLoop([[new TrackerEntry(url, this.#tierCount++)]]);
    this.#loops.push(loop);
    if (this.#life === 'running') loop.announceAtOnce();
  }

  /**
   * Says `stopped` to each tracker that may count us. Resolves when all have answered or failed;
   * who cannot wait that long closes the transport.
   */
  stop(): Promise<void> {
    if (this.#life !== 'running') return this.#farewell?.done ?? Promise.resolve();
    this.#life = 'stopped';
    for (const loop of this.#loops) loop.stop();
    const abort = new AbortController();
    const listening = this.#entries().filter((entry) => entry.mayCountUs);
    const goodbyes = listening.map((entry) => this.#sayStopped(entry, abort.signal));
    for (const entry of this.#entries()) entry.reset();
    this.#farewell = { abort, done: Promise.all(goodbyes).then(() => undefined) };
    return this.#farewell.done;
  }

  /** Asks the trackers that do not fail for their counts; those that cannot say leave theirs. */
  async scrape(): Promise<void> {
    const asked = this.#entries().filter(({ status }) => status !== 'off' && status !== 'error');
    const never = new AbortController().signal;
    await Promise.all(
      asked.map(async (entry) => {
        try {
          const [counts] = await this.#transport.scrape(entry.url, [this.#torrent.infoHash], never);
          if (counts !== undefined) entry.takeCounts(counts);
        } catch (error) {
          if (!(error instanceof TrackerError)) throw error;
        }
      }),
    );
  }

  /** Each tracker as screens show it, tier by tier, in the order in which they are tried. */
  states(): readonly TrackerState[] {
    return this.#entries().map((entry) => entry.state());
  }

  #entries(): TrackerEntry[] {
    return this.#loops.flatMap((loop) => loop.tiers.entries());
  }

  #makeLoop(tiers: readonly (readonly TrackerEntry[])[]): AnnounceLoop {
    return new AnnounceLoop(new TrackerTiers(tiers, this.#random), this.#clock, (entry, signal) =>
      this.#announce(entry, signal),
    );
  }

  async #announce(entry: TrackerEntry, signal: AbortSignal): Promise<boolean> {
    const request = this.#request(entry, entry.nextEvent(this.#hasCompleted));
    entry.begin();
    try {
      const response = await this.#transport.announce(entry.url, request, signal);
      if (signal.aborted) return false;
      entry.succeed(response, request, this.#now());
      if (response.externalIp !== undefined)
        this.#torrent.handleExternalIp?.(entry.url, response.externalIp);
      this.#torrent.handlePeers(response.peers, entry.url);
      this.#torrent.handleAnnounced(entry.url, true, response.warning, response.peers.length);
      return true;
    } catch (error) {
      if (signal.aborted) return false;
      if (!(error instanceof TrackerError)) throw error;
      entry.fail(error, this.#now());
      this.#torrent.handleAnnounced(entry.url, false, error.message, 0);
      return false;
    }
  }

  async #sayStopped(entry: TrackerEntry, signal: AbortSignal): Promise<void> {
    const requests = entry
      .lastEvents(this.#hasCompleted)
      .map((event) => this.#request(entry, event));
    try {
      for (const request of requests) await this.#transport.announce(entry.url, request, signal);
    } catch (error) {
      if (!signal.aborted && !(error instanceof TrackerError)) throw error;
    }
  }

  #request(entry: TrackerEntry, event: AnnounceEvent | undefined): AnnounceRequest {
    const { infoHash, peerId, port } = this.#torrent;
    return {
      infoHash,
      peerId,
      port,
      ...this.#torrent.stats(),
      ...(event === undefined ? {} : { event }),
      numWant: event === 'stopped' ? 0 : this.#torrent.wantedPeerCount(),
      key: this.#key,
      ...(entry.trackerId === undefined ? {} : { trackerId: entry.trackerId }),
    };
  }

  #now(): Moment {
    return { nowMs: this.#clock.nowMs(), wallMs: this.#clock.wallMs() };
  }
}

/** Each URL once, at its first place; tiers left empty go. */
function withoutRepeats(tiers: readonly (readonly string[])[]): string[][] {
  const seen = new Set<string>();
  return tiers
    .map((tier) => tier.filter((url) => !seen.has(url) && seen.add(url)))
    .filter((tier) => tier.length > 0);
}
