/** One HTTP server as a peer that has everything: fetches runs of pieces from it. BEP 19. */
import type { Info, TorrentFile } from '@shoal/metainfo';
import type { Resolve } from '@shoal/tracker/client';
import { BLOCK_LENGTH, type Clock, type PieceIndex } from '@shoal/units';
import type { ActivePiece } from '../../picking/active-piece.ts';
import { mayStart } from '../../picking/picker.ts';
import type { PieceTracker } from '../../picking/piece-tracker.ts';
import type { Downloader } from '../../transfer/downloader.ts';
import type { RateLimiter } from '../../transfer/rate-limiter.ts';
import { type FileSpan, fileSpansOf, urlOfFile } from './file-spans.ts';
import { CONNECTION_LIMIT, RangeClient } from './http-range.ts';
import { LACKED_IN_A_ROW, LackedPieces } from './lacked-pieces.ts';
import { type Run, RunSink } from './run-sink.ts';
import { WebSeedError } from './web-seed-error.ts';

/** Bytes asked for at a time: one request for many small pieces. */
const RUN_LENGTH = 4 * 1024 * 1024;
const FIRST_BACK_OFF_MS = 15_000;
const LONGEST_BACK_OFF_MS = 3_600_000;
/** Runs that come whole before a server that refused some is asked for one more at a time. */
const RECOVERY_RUNS = 8;
const TOKEN_WAIT_MS = 50;
/** A block that takes longer is given up, as that of a peer. */
const LONGEST_BLOCK_MS = 60_000;

export interface WebSeedOptions {
  readonly url: string;
  /** Below 0, so that it is no peer's. */
  readonly key: number;
  readonly info: Info;
  readonly tracker: PieceTracker;
  readonly downloader: Downloader;
  readonly limiter: RateLimiter;
  readonly activeLimit: number;
  readonly clock: Clock;
  readonly userAgent: string;
  readonly resolve: Resolve;
  /** One sentence on why it is left alone for a while, or for good. */
  handleTrouble(message: string): void;
  /** Pieces that it had begun are anyone's again. */
  handleGivenUp(): void;
}

/** A run that is being fetched. */
interface RunUnderWay {
  readonly sink: RunSink;
  /** Ends this run alone. */
  readonly ending: AbortController;
}

export class WebSeed {
  readonly url: string;
  readonly key: number;
  readonly #options: WebSeedOptions;
  readonly #client: RangeClient;
  readonly #lacked: LackedPieces;
  #stopping = new AbortController();
  readonly #runs = new Set<RunUnderWay>();
  /** Less where the server refuses so many. */
  #mostRuns = CONNECTION_LIMIT;
  /** Runs that came whole since one was refused. */
  #wholeCount = 0;
  /** A run came whole: until then one goes alone. */
  #isProven = false;
  #isBanned = false;
  #failureCount = 0;
  #readyAtMs = 0;
  #lastPiece = -1;

  constructor(options: WebSeedOptions) {
    this.url = options.url;
    this.key = options.key;
    this.#options = options;
    this.#client = new RangeClient(options.userAgent, options.resolve);
    this.#lacked = new LackedPieces(options.info.layout);
  }

  get isBanned(): boolean {
    return this.#isBanned;
  }

  /** It sent bad data: never asked again. */
  ban(): void {
    this.#isBanned = true;
    this.stop();
  }

  /** Ends what is under way; `tick` begins anew. */
  stop(): void {
    this.#stopping.abort(new Error('stopped'));
    this.#stopping = new AbortController();
    this.#runs.clear();
    this.#client.close();
  }

  /** Once a second, and whenever there may be more to do: fetches while there is something to fetch. */
  tick(nowMs: number): void {
    for (const run of this.#runs) if (this.#isTooSlow(run, nowMs)) leave(run);
    this.#lacked.tick(nowMs);
    if (this.#isBanned || nowMs < this.#readyAtMs) return;
    while (this.#hasRoom) {
      const run = this.#begin(nowMs);
      if (run === undefined) return;
      void this.#fetch(run, this.#stopping.signal);
    }
  }

  /** For one more run. Pieces that come slowly from here must not take the memory from the peers. */
  get #hasRoom(): boolean {
    const { tracker, activeLimit } = this.#options;
    if (this.#runs.size === 0) return true;
    const limit = this.#isProven ? this.#mostRuns : 1;
    return this.#runs.size < limit && tracker.activeLength < activeLimit / 2;
  }

  /** Takes the next pieces that nobody is fetching. */
  #begin(nowMs: number): Run | undefined {
    const { tracker, activeLimit, info, downloader } = this.#options;
    const isThere = (piece: number): boolean => !this.#lacked.has(piece);
    const find = () => tracker.order.first(isThere, this.#lastPiece + 1);
    let next = find();
    if (next === undefined || !mayStart(tracker, activeLimit)) {
      // What peers began and nobody can finish comes from here as a whole.
      downloader.giveUpStranded(RUN_LENGTH, isThere);
      next = find();
    }
    const pieces: ActivePiece[] = [];
    let length = 0;
    while (next !== undefined && tracker.order.has(next) && isThere(next)) {
      if (!mayStart(tracker, activeLimit)) break;
      const piece = tracker.start(next as PieceIndex, this.key, nowMs);
      while (piece.takeFree() !== undefined);
      pieces.push(piece);
      length += piece.length;
      if (length + info.layout.pieceLength > RUN_LENGTH) break;
      next++;
    }
    const first = pieces[0];
    if (first === undefined) return undefined;
    this.#lastPiece = pieces[pieces.length - 1]!.index;
    return { pieces, offset: info.layout.offsetOf(first.index), length };
  }

  /** Only one source may write a block: a slow one keeps it from the others. */
  #isTooSlow({ sink }: RunUnderWay, nowMs: number): boolean {
    const comingForMs = sink.comingForMs(nowMs);
    const piece = sink.writtenPiece;
    return (
      comingForMs >= LONGEST_BLOCK_MS ||
      (piece !== undefined && this.#options.downloader.isHeldUp(piece.index, comingForMs))
    );
  }

  async #fetch(run: Run, signal: AbortSignal): Promise<void> {
    const { info, downloader } = this.#options;
    const sink = new RunSink(run, this.key, downloader);
    const ending = new AbortController();
    const underWay = { sink, ending };
    this.#runs.add(underWay);
    const either = AbortSignal.any([signal, ending.signal]);
    let file: TorrentFile | undefined;
    try {
      for (const span of fileSpansOf(info.files, run.offset, run.length)) {
        file = span.file;
        await this.#fetchSpan(span, sink, either);
      }
      this.#handleWhole();
    } catch (error) {
      if (!ending.signal.aborted) sink.giveUp();
      if (!signal.aborted) {
        if (!(error instanceof WebSeedError)) throw error;
        if (error.code === 'gone') this.#handleLacked(file!, error);
        else this.#handleFailure(error);
      }
      this.#options.handleGivenUp();
    }
    if (signal.aborted) return;
    this.#runs.delete(underWay);
    this.tick(this.#options.clock.nowMs());
  }

  async #fetchSpan(span: FileSpan, sink: RunSink, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    if (span.file.isPad) return sink.take(new Uint8Array(span.length), this.#options.clock.nowMs());
    const url = urlOfFile(this.url, this.#options.info, span.file);
    for (let at = 0; at < span.length; ) {
      const length = Math.min(span.length - at, this.#rangeLength);
      for await (const bytes of this.#client.read(url, span.start + at, length, signal)) {
        await this.#waitForTokens(bytes.length, sink, signal);
        signal.throwIfAborted();
        sink.take(bytes, this.#options.clock.nowMs());
      }
      at += length;
    }
    this.#lacked.found();
  }

  /**
   * What flows within a second under the limit: it has room on the way, so that no server hangs up
   * because we do not take what it sends.
   */
  get #rangeLength(): number {
    if (this.#client.ignoresRanges) return Number.POSITIVE_INFINITY;
    return Math.max(Math.floor(this.#options.limiter.lowestBytesPerS), BLOCK_LENGTH);
  }

  async #waitForTokens(length: number, sink: RunSink, signal: AbortSignal): Promise<void> {
    const { limiter, clock } = this.#options;
    while (!limiter.isUnlimited && !limiter.borrow(length, clock.nowMs())) {
      sink.holdBack();
      const { promise, resolve } = Promise.withResolvers<void>();
      clock.after(TOKEN_WAIT_MS, resolve);
      await promise;
      signal.throwIfAborted();
    }
  }

  #handleWhole(): void {
    this.#failureCount = 0;
    this.#isProven = true;
    if (this.#mostRuns === CONNECTION_LIMIT || ++this.#wholeCount < RECOVERY_RUNS) return;
    this.#wholeCount = 0;
    this.#mostRuns++;
  }

  /** A file is not there: others may be. */
  #handleLacked(file: TorrentFile, error: WebSeedError): void {
    if (!this.#lacked.add(file, this.#options.clock.nowMs())) return;
    if (this.#lacked.inARow >= LACKED_IN_A_ROW) {
      this.#lacked.clear();
      this.#handleFailure(error);
    } else if (this.#lacked.fileCount === 1)
      this.#options.handleTrouble(
        `web seed ${this.url}: ${error.message} for ${file.path.join('/')}`,
      );
  }

  #handleFailure({ code, message }: WebSeedError): void {
    const nowMs = this.#options.clock.nowMs();
    // The others may have failed for the same reason a moment ago.
    if (nowMs < this.#readyAtMs) return;
    const isFinal = code === 'gone' || code === 'refused';
    if (!isFinal && this.#runs.size > 1) {
      // It may bear fewer connections: as long as others go on, nothing is wrong.
      this.#mostRuns = this.#runs.size - 1;
      this.#wholeCount = 0;
      return;
    }
    const delayMs = FIRST_BACK_OFF_MS * 2 ** this.#failureCount++;
    this.#readyAtMs =
      nowMs + (isFinal ? LONGEST_BACK_OFF_MS : Math.min(delayMs, LONGEST_BACK_OFF_MS));
    this.#isProven = false;
    this.#mostRuns = CONNECTION_LIMIT;
    this.#options.handleTrouble(`web seed ${this.url}: ${message}`);
  }
}

/** Ends a run, and the rest of it is anyone's at once. */
function leave({ sink, ending }: RunUnderWay): void {
  sink.leave();
  ending.abort(new WebSeedError('broken', 'it drips: a block takes too long'));
}
