/** Everything that is seeded in one run: who is ready, who failed, when it is enough. */
import {
  CliError,
  cleanText,
  ExitCode,
  formatByteSize,
  formatRate,
  HeldFailure,
  isSeedGoalReached,
  type Reporter,
  type SeedGoal,
  SwarmReport,
} from '@shoal/cli';
import type { EngineEvent, EngineHandle, TorrentHandle, TorrentSummary } from '@shoal/engine';

/** Milliseconds between looks at what changed, for progress and `--seed-time`. */
const TICK_MS = 250;
/** A torrent's goal that is reached ends its seeding after so many ticks, whatever still leaves. */
const LAST_TICKS = 20;
/** With more torrents than this, people are not told of each. */
const MAX_LINES = 20;

interface Watched {
  readonly torrent: TorrentHandle;
  readonly dataFolder: string;
  /** Bytes, in earlier runs. */
  readonly uploadedBefore: number;
  state: 'checking' | 'seeding' | 'done' | 'failed';
  readyAtMs: number;
  /** Bytes uploaded when the goal was seen last, and how often it was seen. */
  atGoal: { uploaded: number; tickCount: number };
}

export class SeedRun {
  readonly #engine: EngineHandle;
  readonly #reporter: Reporter;
  readonly #report: SwarmReport;
  readonly #goal: SeedGoal | undefined;
  readonly #isTold: boolean;
  /** By infohash. */
  readonly #watched = new Map<string, Watched>();
  readonly #failure: HeldFailure;
  #firstFailure: CliError | undefined;
  /** No torrent comes any more. */
  #isGathered = false;
  readonly #ended = Promise.withResolvers<void>();

  constructor(
    engine: EngineHandle,
    reporter: Reporter,
    goal: SeedGoal | undefined,
    sourceCount: number,
  ) {
    this.#engine = engine;
    this.#reporter = reporter;
    this.#failure = new HeldFailure(reporter);
    this.#report = new SwarmReport(reporter, {
      tellFailure: (failure) => this.#hold(failure),
    });
    this.#goal = goal;
    this.#isTold = sourceCount <= MAX_LINES;
    engine.onEvent((event) => this.#handleEvent(event));
  }

  /** To be called before the torrent can have been checked: right after it was added. */
  watch(torrent: TorrentHandle, dataFolder: string): void {
    const uploadedBefore = torrent.getSummary().uploaded;
    this.#watched.set(torrent.infoHash, {
      torrent,
      dataFolder,
      uploadedBefore,
      state: 'checking',
      readyAtMs: 0,
      atGoal: { uploaded: -1, tickCount: 0 },
    });
  }

  /** One torrent cannot be seeded; the others can. */
  fail(error: CliError): void {
    this.#reporter.event('error', { exitCode: error.exitCode, message: error.message });
    this.#hold(error);
  }

  /** What failed so far ended nothing: people hear of it. */
  goOn(): void {
    this.#failure.tell();
  }

  /**
   * To be called when all torrents are added. Resolves when the signal comes, every torrent has
   * reached the goal, or none is left.
   */
  async ended(signal: AbortSignal): Promise<void> {
    const { promise, resolve } = this.#ended;
    this.#isGathered = true;
    const handleAbort = (): void => resolve();
    const timer = setInterval(() => this.#tick(), TICK_MS);
    signal.addEventListener('abort', handleAbort);
    try {
      if (signal.aborted) resolve();
      this.#tick();
      await promise;
    } finally {
      clearInterval(timer);
      signal.removeEventListener('abort', handleAbort);
    }
  }

  /**
   * Says what was given.
   * @throws CliError when nothing was seeded: the failure that was not told yet, or the first
   */
  conclude(): void {
    const seeded = this.#all.filter(({ state }) => state === 'seeding' || state === 'done');
    const failure = this.#failure.last ?? this.#firstFailure;
    if (seeded.length === 0 && failure !== undefined) throw failure;
    this.goOn();
    const uploaded = seeded.reduce(
      (sum, { torrent, uploadedBefore }) => sum + torrent.getSummary().uploaded - uploadedBefore,
      0,
    );
    this.#reporter.say(`${formatByteSize(uploaded)} uploaded, ${formatCount(seeded.length)}`);
  }

  get #all(): Watched[] {
    return [...this.#watched.values()];
  }

  #handleEvent(event: EngineEvent): void {
    this.#report.handleEvent(event);
    const watched = this.#watched.get(event.infoHash);
    if (watched === undefined) return;
    if (event.type === 'checked' && event.goodPieces < event.pieceCount)
      this.#giveUp(watched, incomplete(watched, event));
    else if (event.type === 'complete' && watched.state === 'checking') this.#announce(watched);
    else if (event.type === 'torrent-error') {
      watched.state = 'failed';
      this.#endIfOver();
    }
  }

  /** What is not whole is not seeded: the seeder never writes into the data. */
  #giveUp(watched: Watched, error: CliError): void {
    watched.state = 'failed';
    this.fail(error);
    void this.#engine.remove(watched.torrent.infoHash, { forget: true });
    this.#endIfOver();
  }

  #hold(failure: CliError): void {
    this.#firstFailure ??= failure;
    this.#failure.hold(failure);
  }

  #announce(watched: Watched): void {
    watched.state = 'seeding';
    watched.readyAtMs = performance.now();
    const { infoHash, name, totalLength } = watched.torrent.getSummary();
    const { port } = this.#engine;
    this.#reporter.event('ready', { port, infoHash, name });
    const size = formatByteSize(totalLength);
    if (this.#isTold)
      this.#reporter.say(`seeding ${cleanText(name)} (${size}) as ${infoHash} on port ${port}`);
    this.#endIfOver();
  }

  #tick(): void {
    const { torrents, upBytesPerS } = this.#engine.getSnapshot();
    if (this.#goal !== undefined)
      for (const summary of torrents) this.#endIfEnough(summary, this.#goal);
    this.#report.update(torrents);
    this.#reporter.progress(() => {
      const uploaded = torrents.reduce((sum, torrent) => sum + torrent.uploaded, 0);
      const peers = torrents.reduce((sum, torrent) => sum + torrent.peerCount, 0);
      const checking = this.#all.filter(({ state }) => state === 'checking').length;
      const waiting = checking > 0 ? `  ${checking} to check` : '';
      return `${formatCount(this.#watched.size - checking)}  up ${formatRate(upBytesPerS)}  ${formatByteSize(uploaded)} uploaded  ${peers} ${peers === 1 ? 'peer' : 'peers'}${waiting}`;
    });
    this.#endIfOver();
  }

  #endIfEnough({ infoHash, uploaded, totalLength }: TorrentSummary, goal: SeedGoal): void {
    const watched = this.#watched.get(infoHash);
    if (watched?.state !== 'seeding') return;
    const seedingMs = performance.now() - watched.readyAtMs;
    if (!isSeedGoalReached(goal, uploaded, totalLength, seedingMs)) return;
    // Who is in the middle of the last blocks gets them: it ends when nothing more leaves.
    const { atGoal } = watched;
    atGoal.tickCount++;
    if (uploaded === atGoal.uploaded || atGoal.tickCount > LAST_TICKS) {
      watched.state = 'done';
      watched.torrent.pause();
    }
    atGoal.uploaded = uploaded;
  }

  #endIfOver(): void {
    const isOver = this.#all.every(({ state }) => state === 'done' || state === 'failed');
    if (isOver && this.#isGathered) this.#ended.resolve();
    else this.goOn();
  }
}

function formatCount(count: number): string {
  return `${count} ${count === 1 ? 'torrent' : 'torrents'} seeded`;
}

function incomplete(
  { torrent, dataFolder }: Watched,
  { goodPieces, pieceCount }: { readonly goodPieces: number; readonly pieceCount: number },
): CliError {
  return new CliError(
    ExitCode.error,
    `${cleanText(torrent.getSummary().name)} is not complete in ${cleanText(dataFolder)}: ${goodPieces} of ${pieceCount} pieces are good.`,
    'Give the folder it lies in with --data, or fetch the rest with shoal get.',
  );
}
