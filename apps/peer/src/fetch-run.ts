/** The life of one `shoal get`: until every torrent is complete, or failed, or it is told to stop. */
import { join } from 'node:path';
import {
  type CliError,
  HeldFailure,
  isSeedGoalReached,
  type Reporter,
  type SeedGoal,
  SwarmReport,
} from '@shoal/cli';
import type { EngineEvent, EngineHandle, TorrentHandle, TorrentSummary } from '@shoal/engine';
import { isNothingWanted } from './nothing-wanted.ts';
import { formatTransferLine } from './transfer-line.ts';

/** Milliseconds between looks at the clock, for the progress line and `--seed-time`. */
const TICK_MS = 250;

/** One torrent as it was when it ended. Times in milliseconds of this run. */
export interface FetchedTorrent {
  readonly summary: TorrentSummary;
  /** Its file or folder, or the folder of its chunks. */
  readonly place: string;
  /** Bytes of payload received in this run. */
  readonly fetchedLength: number;
  /** From the start until it was complete; undefined when it was not. */
  readonly elapsedMs: number | undefined;
}

interface Watched {
  readonly torrent: TorrentHandle;
  readonly startedAtMs: number;
  readonly downloadedBefore: number;
  /** When the engine said that all is verified and durable. */
  completeAtMs: number | undefined;
}

export class FetchRun {
  readonly report: SwarmReport;
  readonly #reporter: Reporter;
  readonly #goal: SeedGoal | undefined;
  /** By infohash. */
  readonly #watched = new Map<string, Watched>();
  readonly #settled = Promise.withResolvers<void>();
  readonly #failure: HeldFailure;
  #mayCome: () => boolean = () => true;

  constructor(engine: EngineHandle, reporter: Reporter, goal: SeedGoal | undefined) {
    this.#reporter = reporter;
    this.#goal = goal;
    this.#failure = new HeldFailure(reporter);
    this.report = new SwarmReport(reporter, {
      tellFailure: (failure) => this.#failure.hold(failure),
    });
    engine.onEvent((event) => this.#handleEvent(event));
  }

  /**
   * To be called before the torrent can have completed: right after it was added. Called again with
   * a new handle, that one counts.
   */
  watch(torrent: TorrentHandle): void {
    this.#watched.set(torrent.infoHash, {
      torrent,
      startedAtMs: performance.now(),
      downloadedBefore: torrent.getSummary().downloaded,
      completeAtMs: undefined,
    });
  }

  /**
   * Resolves when every torrent has failed, or is complete and has seeded what was asked for.
   * @param mayCome - whether more torrents may come, so that it goes on
   * @throws the signal's reason when it comes before all are complete
   */
  async settled(signal: AbortSignal, mayCome: () => boolean = () => false): Promise<void> {
    const { promise, resolve, reject } = this.#settled;
    this.#mayCome = mayCome;
    const handleAbort = (): void => {
      if (this.#all.every(({ completeAtMs }) => completeAtMs !== undefined)) resolve();
      else reject(signal.reason);
    };
    const timer = setInterval(() => this.#tick(), TICK_MS);
    signal.addEventListener('abort', handleAbort);
    try {
      if (signal.aborted) handleAbort();
      this.#tick();
      await promise;
      this.#showProgress(this.#all.map(({ torrent }) => torrent.getSummary()));
    } finally {
      clearInterval(timer);
      signal.removeEventListener('abort', handleAbort);
    }
  }

  /** What was given is no torrent: the others are fetched all the same. */
  fail(failure: CliError): void {
    const { exitCode, message } = failure;
    this.#reporter.event('error', { exitCode, message });
    this.#failure.hold(failure);
  }

  /** A failure that is left to the last line, which would say the same again. */
  get lastFailure(): CliError | undefined {
    return this.#failure.last;
  }

  results(): FetchedTorrent[] {
    return this.#all.map(({ torrent, startedAtMs, downloadedBefore, completeAtMs }) => {
      const summary = torrent.getSummary();
      return {
        summary,
        place: placeOf(torrent),
        fetchedLength: summary.downloaded - downloadedBefore,
        elapsedMs: completeAtMs === undefined ? undefined : completeAtMs - startedAtMs,
      };
    });
  }

  get #all(): Watched[] {
    return [...this.#watched.values()];
  }

  #handleEvent(event: EngineEvent): void {
    this.report.handleEvent(event);
    const watched = this.#watched.get(event.infoHash);
    if (event.type === 'complete' && watched !== undefined)
      watched.completeAtMs ??= performance.now();
    if (event.type === 'complete' || event.type === 'torrent-error') this.#settleIfDone();
  }

  #tick(): void {
    const summaries = this.#all.map(({ torrent }) => torrent.getSummary());
    this.report.update(summaries);
    this.#showProgress(summaries);
    this.#pauseThoseDone();
    this.#settleIfDone();
  }

  #showProgress(summaries: readonly TorrentSummary[]): void {
    this.#reporter.progress((width) => formatTransferLine(summaries, width));
  }

  /** One that gave enough gives no more while others go on. */
  #pauseThoseDone(): void {
    if (this.#goal === undefined) return;
    for (const watched of this.#all)
      if (watched.torrent.getSummary().status === 'seeding' && this.#isSettled(watched))
        watched.torrent.pause();
  }

  #settleIfDone(): void {
    const isOver = !this.#mayCome() && this.#all.every((watched) => this.#isSettled(watched));
    if (isOver) this.#settled.resolve();
    else this.#failure.tell();
  }

  #isSettled({ torrent, completeAtMs }: Watched): boolean {
    if (this.report.failureOf(torrent.infoHash) !== undefined) return true;
    if (completeAtMs === undefined) return isNothingWanted(torrent.getSummary());
    if (this.#goal === undefined) return true;
    const { uploaded, haveLength } = torrent.getSummary();
    return isSeedGoalReached(this.#goal, uploaded, haveLength, performance.now() - completeAtMs);
  }
}

function placeOf(torrent: TorrentHandle): string {
  const { storeKind, storeFolder } = torrent;
  return storeKind === 'chunks' ? storeFolder : join(storeFolder, torrent.getSummary().name);
}
