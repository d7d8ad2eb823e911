/** Watches a tracker second by second: rates, history, totals, as one snapshot for all who look. */
import type { SwarmSurvey, TrackerStats } from '@shoal/tracker/server';
import { type Clock, idToHex, type Timer } from '@shoal/units';
import type { RunningTracker } from '../running-tracker.ts';
import { VERSION } from '../version.ts';
import { LoadMeter, type ProcessLoad } from '../workers/process-load.ts';
import { AnswerQuantiles } from './answer-quantiles.ts';
import { type ClientShare, clientShares } from './client-shares.ts';
import { ProcessLoads } from './process-loads.ts';
import { RateHistory } from './rate-history.ts';
import { type AdminSnapshot, type TorrentRow, TRANSPORTS, type TransportName } from './snapshot.ts';

const SAMPLE_PERIOD_MS = 1_000;
/** A million swarms are gone through in 8 s. */
const SURVEY_PERIOD_MS = 250;
/** Torrents in a snapshot. */
const TORRENT_COUNT = 20;

/** What is read of a tracker. */
export type WatchedTracker = Pick<
  RunningTracker,
  | TransportName
  | 'https'
  | 'wss'
  | 'stats'
  | 'find'
  | 'clientCounts'
  | 'survey'
  | 'workers'
  | 'snapshotMs'
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
  readonly #load = new LoadMeter();
  readonly #loads: ProcessLoads;
  readonly #answerTimes = new AnswerQuantiles();
  /** Of this second, if anyone asked. */
  #snapshot: AdminSnapshot | undefined;

  constructor(tracker: WatchedTracker, clock: Clock) {
    this.tracker = tracker;
    this.#clock = clock;
    this.#startMs = clock.nowMs();
    this.#loads = new ProcessLoads(this.#readLoads(), this.#startMs);
    this.#survey = tracker.survey(TORRENT_COUNT);
    const stats = tracker.stats();
    this.#announces = new RateHistory(sum(stats, 'announces'));
    this.#scrapes = new RateHistory(sum(stats, 'scrapes'));
    this.#refusals = new RateHistory(sum(stats, 'refusals'));
    this.#answerTimes.look(Object.values(stats.answerTimes));
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
    this.#load.close();
  }

  #sample(): void {
    const stats = this.tracker.stats();
    this.#announces.add(sum(stats, 'announces'));
    this.#scrapes.add(sum(stats, 'scrapes'));
    this.#refusals.add(sum(stats, 'refusals'));
    this.#answerTimes.look(Object.values(stats.answerTimes));
    this.#loads.look(this.#readLoads(), this.#clock.nowMs());
    this.#snapshot = undefined;
    for (const listener of this.#listeners) listener();
  }

  /** In the open or under TLS: they are counted together. */
  #listensOn(name: TransportName): boolean {
    const { http, https, udp, ws, wss } = this.tracker;
    return { http: http ?? https, udp, ws: ws ?? wss }[name] !== undefined;
  }

  #readLoads(): ReadonlyMap<number, ProcessLoad> {
    return new Map([[0, this.#load.read()], ...(this.tracker.workers?.loads() ?? [])]);
  }

  #read(): AdminSnapshot {
    const stats = this.tracker.stats();
    const { rows } = this.#loads;
    const answerTimes = this.#answerTimes.read();
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
      ...(answerTimes && { answerTimes }),
      announceHistory: [...this.#announces.growths],
      torrents: largest.map(
        ({ infoHash, ...counts }): TorrentRow => ({ infoHash: idToHex(infoHash), ...counts }),
      ),
      clients: this.getClients(),
      requests: Object.fromEntries(
        TRANSPORTS.filter((name) => this.#listensOn(name)).map((name) => [name, stats[name]]),
      ),
      ...(stats.sharing && { sharing: stats.sharing }),
      memoryLength: rows.reduce((total, row) => total + row.memoryLength, 0),
      cpuRatio: rows.reduce((total, row) => total + row.cpuRatio, 0),
      ...(this.tracker.workers && { processes: rows }),
    };
  }
}

function sum(stats: TrackerStats, name: 'announces' | 'scrapes' | 'refusals'): number {
  return TRANSPORTS.reduce((total, transport) => total + stats[transport][name], 0);
}
