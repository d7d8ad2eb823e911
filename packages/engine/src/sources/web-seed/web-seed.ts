/** One HTTP server as a peer that has everything: fetches runs of pieces from it. BEP 19. */
import type { Info } from '@shoal/metainfo';
import { BLOCK_LENGTH, type Clock, type PieceIndex } from '@shoal/units';
import type { ActivePiece } from '../../picking/active-piece.ts';
import { mayStart } from '../../picking/picker.ts';
import type { PieceTracker } from '../../picking/piece-tracker.ts';
import type { Downloader } from '../../transfer/downloader.ts';
import type { RateLimiter } from '../../transfer/rate-limiter.ts';
import { RateMeter } from '../../transfer/rate-meter.ts';
import { type FileSpan, fileSpansOf, urlOfFile } from './file-spans.ts';
import { RangeClient } from './http-range.ts';
import { WebSeedError } from './web-seed-error.ts';

/** Bytes asked for at a time: one request for many small pieces. */
const RUN_LENGTH = 4 * 1024 * 1024;
const FIRST_BACK_OFF_MS = 15_000;
const LONGEST_BACK_OFF_MS = 3_600_000;
const TOKEN_WAIT_MS = 50;

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
  /** One sentence on why it is left alone for a while, or for good. */
  handleTrouble(message: string): void;
}

/** Pieces that follow each other, begun and owned by this seed. */
interface Run {
  readonly pieces: readonly ActivePiece[];
  readonly offset: number;
  readonly length: number;
}

export class WebSeed {
  readonly url: string;
  readonly key: number;
  readonly meter = new RateMeter();
  readonly #options: WebSeedOptions;
  readonly #client: RangeClient;
  #stopping = new AbortController();
  #isBusy = false;
  #isBanned = false;
  #failureCount = 0;
  #readyAtMs = 0;
  #lastPiece = -1;

  constructor(options: WebSeedOptions) {
    this.url = options.url;
    this.key = options.key;
    this.#options = options;
    this.#client = new RangeClient(options.userAgent);
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
    this.#client.close();
  }

  /** Once a second, and after each run: fetches while there is something to fetch. */
  tick(nowMs: number): void {
    this.meter.tick(nowMs);
    if (this.#isBusy || this.#isBanned || nowMs < this.#readyAtMs) return;
    const run = this.#begin(nowMs);
    if (run === undefined) return;
    this.#isBusy = true;
    void this.#fetch(run, this.#stopping.signal);
  }

  /** Takes the next pieces that nobody is fetching. */
  #begin(nowMs: number): Run | undefined {
    const { tracker, activeLimit, info } = this.#options;
    const pieces: ActivePiece[] = [];
    let length = 0;
    let next = tracker.order.first(() => true, this.#lastPiece + 1);
    while (next !== undefined && tracker.order.has(next) && mayStart(tracker, activeLimit)) {
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

  async #fetch(run: Run, signal: AbortSignal): Promise<void> {
    const { clock, info, handleTrouble } = this.#options;
    const sink = new RunSink(run, this.key, this.#options.downloader, this.meter);
    try {
      for (const span of fileSpansOf(info.files, run.offset, run.length))
        await this.#fetchSpan(span, sink, signal);
      this.#failureCount = 0;
    } catch (error) {
      sink.giveUp();
      if (!signal.aborted) {
        if (!(error instanceof WebSeedError)) throw error;
        this.#backOff(error);
        handleTrouble(`web seed ${this.url}: ${error.message}`);
      }
    }
    this.#isBusy = false;
    if (!signal.aborted) this.tick(clock.nowMs());
  }

  async #fetchSpan(span: FileSpan, sink: RunSink, signal: AbortSignal): Promise<void> {
    if (span.file.isPad) return sink.take(new Uint8Array(span.length));
    const url = urlOfFile(this.url, this.#options.info, span.file);
    for await (const bytes of this.#client.read(url, span.start, span.length, signal)) {
      await this.#waitForTokens(bytes.length, signal);
      sink.take(bytes);
    }
  }

  async #waitForTokens(length: number, signal: AbortSignal): Promise<void> {
    const { limiter, clock } = this.#options;
    while (!limiter.isUnlimited && !limiter.borrow(length, clock.nowMs())) {
      const { promise, resolve } = Promise.withResolvers<void>();
      clock.after(TOKEN_WAIT_MS, resolve);
      await promise;
      signal.throwIfAborted();
    }
  }

  #backOff({ code }: WebSeedError): void {
    const delayMs = FIRST_BACK_OFF_MS * 2 ** this.#failureCount++;
    const isFinal = code === 'gone' || code === 'refused';
    this.#readyAtMs =
      this.#options.clock.nowMs() +
      (isFinal ? LONGEST_BACK_OFF_MS : Math.min(delayMs, LONGEST_BACK_OFF_MS));
  }
}

/** Lays the bytes of a run into its pieces, block by block. */
class RunSink {
  readonly #run: Run;
  readonly #key: number;
  readonly #downloader: Downloader;
  readonly #meter: RateMeter;
  #at = 0;
  /** Whether the block at `#at` is ours to write: a peer may have been faster. */
  #isWriting = false;

  constructor(run: Run, key: number, downloader: Downloader, meter: RateMeter) {
    this.#run = run;
    this.#key = key;
    this.#downloader = downloader;
    this.#meter = meter;
  }

  take(bytes: Uint8Array): void {
    this.#meter.add(bytes.length);
    let from = 0;
    while (from < bytes.length) {
      const { piece, begin } = this.#place();
      const block = Math.floor(begin / BLOCK_LENGTH);
      const blockEnd = Math.min((block + 1) * BLOCK_LENGTH, piece.length);
      if (begin === block * BLOCK_LENGTH)
        this.#isWriting = this.#downloader.intake.beginBlock(piece, block, this.#key);
      const length = Math.min(bytes.length - from, blockEnd - begin);
      if (this.#isWriting) piece.bytes!.set(bytes.subarray(from, from + length), begin);
      from += length;
      this.#at += length;
      if (begin + length === blockEnd)
        this.#downloader.intake.endBlock(piece, block, this.#key, this.#isWriting);
    }
  }

  /** What did not come whole is missing again, for whoever asks next. */
  giveUp(): void {
    for (const piece of this.#run.pieces) this.#downloader.abandon(piece);
  }

  /** The piece at `#at`, and how far into it. Every piece of a run but the last is of full length. */
  #place(): { piece: ActivePiece; begin: number } {
    const { pieces } = this.#run;
    const index = Math.min(Math.floor(this.#at / pieces[0]!.length), pieces.length - 1);
    return { piece: pieces[index]!, begin: this.#at - index * pieces[0]!.length };
  }
}
