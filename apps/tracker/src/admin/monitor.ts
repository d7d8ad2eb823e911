/** Watches a tracker second by second: rates, history, totals, as one snapshot for all who look. */
import type { SwarmSurvey, TrackerServer, TrackerStats } from '@shoal/tracker/server';
import { type Clock, idToHex, type Timer } from '@shoal/units';
import { VERSION } from '../version.ts';
import { type ClientShare, clientShares } from './client-shares.ts';
import { RateHistory } from './rate-history.ts';
import { type AdminSnapshot, type TorrentRow, TRANSPORTS, type TransportName } from './snapshot.ts';

const SAMPLE_PERIOD_MS = 1_000;
/** A million swarms are gone through in 8 s. */
const SURVEY_PERIOD_MS = 250;
/** Torrents in a snapshot. */
const TORRENT_COUNT = 20;

/** What is read of a tracker. */
export type WatchedTracker = Pick<
  TrackerServer,
  TransportName | 'stats' | 'find' | 'clientCounts' | 'survey'
>;

export class Monitor {
  readonly tracker: WatchedTracker;
  readonly #clock: Clock;
  readonly #survey: SwarmSurvey;
  readonly #timers: readonly Timer[];
  readonly #startMs: number;
  readonly #announces: RateHistory;
  readonly #scrapes: RateHistory;
  readonly #refusals: RateHistory;
  readonly #listeners = new Set<() => void>();
  #cpuRatio = 0;
  #cpu = process.cpuUsage();
  #sampleMs: number;
  /** Of this second, if anyone asked. */
  #snapshot: AdminSnapshot | undefined;

  constructor(tracker: WatchedTracker, clock: Clock) {
    this.tracker = tracker;
    this.#clock = clock;
    this.#startMs = this.#sampleMs = clock.nowMs();
    this.#survey = tracker.survey(TORRENT_COUNT);
    const stats = tracker.stats();
    this.#announces = new RateHistory(sum(stats, 'announces'));
    this.#scrapes = new RateHistory(sum(stats, 'scrapes'));
    this.#refusals = new RateHistory(sum(stats, 'refusals'));
    this.#survey.step();
    this.#timers = [
      clock.every(SAMPLE_PERIOD_MS, () => this.#sample()),
      clock.every(SURVEY_PERIOD_MS, () => this.#survey.step()),
    ];
  }

  /** Calls `listener` each second. @returns how to end that */
  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** The same object during a second. */
  getSnapshot(): AdminSnapshot {
    this.#snapshot ??= this.#read();
    return this.#snapshot;
  }

  getTotals(): { readonly seederCount: number; readonly leecherCount: number } {
    return this.#survey.totals;
  }

  getClients(): ClientShare[] {
    return clientShares(this.tracker.clientCounts());
  }

  close(): void {
    for (const timer of this.#timers) timer.cancel();
    this.#listeners.clear();
  }

  #sample(): void {
    const stats = this.tracker.stats();
    this.#announces.add(sum(stats, 'announces'));
    this.#scrapes.add(sum(stats, 'scrapes'));
    this.#refusals.add(sum(stats, 'refusals'));
    this.#sampleCpu();
    this.#snapshot = undefined;
    for (const listener of this.#listeners) listener();
  }

  #sampleCpu(): void {
    const used = process.cpuUsage(this.#cpu);
    const nowMs = this.#clock.nowMs();
    this.#cpuRatio = (used.user + used.system) / 1_000 / Math.max(1, nowMs - this.#sampleMs);
    this.#cpu = process.cpuUsage();
    this.#sampleMs = nowMs;
  }

  #read(): AdminSnapshot {
    const stats = this.tracker.stats();
    const { seederCount, leecherCount, largest } = this.#survey.totals;
    return {
      version: VERSION,
      nodeVersion: process.versions.node,
      uptimeS: Math.floor((this.#clock.nowMs() - this.#startMs) / 1_000),
      swarmCount: stats.swarmCount,
      peerCount: stats.peerCount,
      seederCount,
      leecherCount,
      announcesPerS: this.#announces.perS,
      scrapesPerS: this.#scrapes.perS,
      refusalsPerS: this.#refusals.perS,
      announceHistory: [...this.#announces.growths],
      torrents: largest.map(
        ({ infoHash, ...counts }): TorrentRow => ({ infoHash: idToHex(infoHash), ...counts }),
      ),
      clients: this.getClients(),
      requests: Object.fromEntries(
        TRANSPORTS.filter((name) => this.tracker[name] !== undefined).map((name) => [
          name,
          stats[name],
        ]),
      ),
      ...(stats.sharing && { sharing: stats.sharing }),
      memoryLength: process.memoryUsage.rss(),
      cpuRatio: this.#cpuRatio,
    };
  }
}

function sum(stats: TrackerStats, name: 'announces' | 'scrapes' | 'refusals'): number {
  return TRANSPORTS.reduce((total, transport) => total + stats[transport][name], 0);
}
