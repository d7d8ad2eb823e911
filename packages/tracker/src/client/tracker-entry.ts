/** One tracker of one torrent: what it has heard from us, and when it may be asked again. Pure. */
import type {
  AnnounceEvent,
  AnnounceRequest,
  AnnounceResponse,
  ScrapeCounts,
} from '../protocol/announce.ts';
import type { TrackerError, TrackerErrorCode } from '../protocol/tracker-error.ts';
import type { AnnounceOutcome, TrackerState, TransferStats } from './announcer-types.ts';

/** Intervals that trackers ask for are held within these, in seconds. */
const MIN_INTERVAL_S = 30;
const MAX_INTERVAL_S = 12 * 3_600;
/** A person's wish is heeded this soon after the last announce when the tracker names no `min interval`. */
const DEFAULT_MIN_INTERVAL_S = 2;
/** Wait after the first error, and after any at least; it doubles up to the longest, in seconds. */
const FIRST_RETRY_S = 15;
const MAX_RETRY_S = 30 * 60;

/** Something was answered: the tracker heard us, whatever it says of it. */
const ANSWERED: ReadonlySet<TrackerErrorCode> = new Set([
  'bad-response',
  'short-packet',
  'ragged-peers',
  'too-large',
]);

/** Now, on both clocks, in milliseconds. */
export interface Moment {
  readonly nowMs: number;
  readonly wallMs: number;
}

/**
 * idle -> announcing -> working | error -> announcing …; off: the tracker said never, and only a
 * person's wish has it asked again, or its URL is none that is asked.
 */
export class TrackerEntry {
  readonly url: string;
  readonly tier: number;
  /** Comes back in every announce. */
  trackerId: string | undefined;
  #status: TrackerState['status'] = 'idle';
  /** `unsure`: it answered what we could not read. */
  #started: 'unsaid' | 'asked' | 'unsure' | 'heard' = 'unsaid';
  #heardCompleted = false;
  #failureCount = 0;
  #lastOutcome: AnnounceOutcome | undefined;
  #dueAtMs = 0;
  #allowedAtMs = 0;
  #lastAnnounceAtMs: number | undefined;
  #nextAnnounceAtMs: number | undefined;
  #seederCount: number | undefined;
  #leecherCount: number | undefined;
  #peerCount: number | undefined;
  #message: string | undefined;
  #reported: TransferStats | undefined;

  constructor(url: string, tier: number) {
    this.url = url;
    this.tier = tier;
  }

  get status(): TrackerState['status'] {
    return this.#status;
  }

  /** When its next announce is due; back-off after errors is in it. Infinite when it is off. */
  get dueAtMs(): number {
    return this.#dueAtMs;
  }

  /** The earliest time at which an announce by wish is polite. Infinite for a URL that is not asked. */
  get allowedAtMs(): number {
    return this.#allowedAtMs;
  }

  /** Whether it may count us among its peers, and so must hear `stopped`. */
  get mayCountUs(): boolean {
    return this.#started !== 'unsaid';
  }

  /** The event of the next announce. `completed` is said once, and only after `started`. */
  nextEvent(hasCompleted: boolean): AnnounceEvent | undefined {
    if (this.#started !== 'heard') return 'started';
    return hasCompleted && !this.#heardCompleted ? 'completed' : undefined;
  }

  /**
   * The events of a goodbye to one that may count us. What is under way is given up, and may be lost: a
   * `completed` is said again, and so is the `started` that has to come before it.
   */
  lastEvents(hasCompleted: boolean): AnnounceEvent[] {
    if (!hasCompleted || this.#heardCompleted) return ['stopped'];
    return this.#started === 'heard'
      ? ['completed', 'stopped']
      : ['started', 'completed', 'stopped'];
  }

  /** An announce leaves now. */
  begin(): void {
    this.#status = 'announcing';
    if (this.#started === 'unsaid') this.#started = 'asked';
  }

  /** @param request - what the tracker has heard by it */
  succeed(response: AnnounceResponse, request: AnnounceRequest, now: Moment): void {
    const intervalS = clamp(response.intervalS, MIN_INTERVAL_S, MAX_INTERVAL_S);
    const minIntervalS = clamp(response.minIntervalS ?? DEFAULT_MIN_INTERVAL_S, 0, intervalS);
    this.#status = 'working';
    this.#lastOutcome = 'accepted';
    this.#started = 'heard';
    const { uploaded, downloaded, left } = request;
    if (left === 0) this.#heardCompleted = true;
    this.#reported = { uploaded, downloaded, left };
    this.#failureCount = 0;
    this.#allowedAtMs = now.nowMs + minIntervalS * 1_000;
    this.#wait(intervalS, now);
    this.trackerId = response.trackerId ?? this.trackerId;
    this.#lastAnnounceAtMs = now.wallMs;
    this.#seederCount = response.seederCount ?? this.#seederCount;
    this.#leecherCount = response.leecherCount ?? this.#leecherCount;
    this.#peerCount = response.peers.length;
    this.#message = response.warning;
  }

  fail(error: TrackerError, now: Moment): void {
    if (this.#started === 'asked') this.#started = ANSWERED.has(error.code) ? 'unsure' : 'unsaid';
    this.#lastOutcome = error.code === 'failure' ? 'refused' : 'failed';
    this.#lastAnnounceAtMs = now.wallMs;
    this.#message = error.message;
    const isUnaskable = error.code === 'bad-url' || error.code === 'forbidden-url';
    // What it refused may have been mended meanwhile, and the person knows of it.
    this.#allowedAtMs = isUnaskable ? Number.POSITIVE_INFINITY : now.nowMs + FIRST_RETRY_S * 1_000;
    if (isUnaskable || error.retryInS === Number.POSITIVE_INFINITY) {
      this.#status = 'off';
      this.#dueAtMs = Number.POSITIVE_INFINITY;
      this.#nextAnnounceAtMs = undefined;
      return;
    }
    this.#status = 'error';
    const backOffS = Math.min(MAX_RETRY_S, FIRST_RETRY_S * 2 ** this.#failureCount++);
    this.#wait(clamp(error.retryInS ?? backOffS, FIRST_RETRY_S, MAX_INTERVAL_S), now);
  }

  /** Counts from a scrape. */
  takeCounts({ seederCount, leecherCount }: ScrapeCounts): void {
    this.#seederCount = seederCount;
    this.#leecherCount = leecherCount;
  }

  /** As if never asked, but for what screens show: it heard `stopped`. */
  reset(): void {
    if (this.#status !== 'off') {
      this.#status = 'idle';
      this.#lastOutcome = undefined;
      this.#dueAtMs = this.#allowedAtMs = 0;
    }
    this.#started = 'unsaid';
    this.#heardCompleted = false;
    this.#failureCount = 0;
    this.#nextAnnounceAtMs = undefined;
  }

  state(): TrackerState {
    return {
      url: this.url,
      tier: this.tier,
      status: this.#status,
      lastOutcome: this.#lastOutcome,
      lastAnnounceAtMs: this.#lastAnnounceAtMs,
      nextAnnounceAtMs: this.#nextAnnounceAtMs,
      seederCount: this.#seederCount,
      leecherCount: this.#leecherCount,
      peerCount: this.#peerCount,
      message: this.#message,
      reported: this.#reported,
    };
  }

  #wait(waitS: number, now: Moment): void {
    this.#dueAtMs = now.nowMs + waitS * 1_000;
    this.#nextAnnounceAtMs = now.wallMs + waitS * 1_000;
  }
}

function clamp(value: number, min: number, max: number): number {
  return Math.min(max, Math.max(min, value));
}
