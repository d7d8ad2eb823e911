/** Keeps one tracker out of some tiers informed: asks, waits its interval, turns to the next on errors. */
import type { Clock, Timer } from '@shoal/units';
import type { TrackerEntry } from './tracker-entry.ts';
import type { TrackerTiers } from './tracker-tiers.ts';

/** Announces once to a tracker. @returns whether it answered well; false when the signal fired */
export type AnnounceOnce = (entry: TrackerEntry, signal: AbortSignal) => Promise<boolean>;

/**
 * One loop over some tiers. At every announce the tiers are gone through in order, without those
 * trackers that wait after an error, until one answers; the next announce is when that one wants it.
 */
export class AnnounceLoop {
  readonly tiers: TrackerTiers;
  readonly #clock: Clock;
  readonly #announce: AnnounceOnce;
  #timer: Timer | undefined;
  #round: AbortController | undefined;
  /** The tracker that answered last. */
  #current: TrackerEntry | undefined;
  /** A wish that came while a round was under way. */
  #wished: 'none' | 'soon' | 'at-once' = 'none';

  constructor(tiers: TrackerTiers, clock: Clock, announce: AnnounceOnce) {
    this.tiers = tiers;
    this.#clock = clock;
    this.#announce = announce;
  }

  /** Announces now, first to the tracker that answered last, or right after the round under way. */
  announceAtOnce(): void {
    if (this.#round !== undefined) {
      this.#wished = 'at-once';
      return;
    }
    const nowMs = this.#clock.nowMs();
    const first = this.#current;
    const others = this.tiers
      .entries()
      .filter((entry) => entry !== first && entry.dueAtMs <= nowMs);
    this.#start(first === undefined ? others : [first, ...others]);
  }

  /** Announces as soon as the tracker allows it. Back-off after errors is cut short. */
  announceSoon(): void {
    if (this.#round === undefined) this.#startWhen((entry) => entry.allowedAtMs);
    else if (this.#wished === 'none') this.#wished = 'soon';
  }

  /** Ends: no timer is left, and the announce under way is given up. */
  stop(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
    this.#round?.abort();
    this.#round = undefined;
    this.#current = undefined;
    this.#wished = 'none';
  }

  /** Starts a round when the time has come for the tracker that answered last, or else for any. */
  #startWhen(timeOf: (entry: TrackerEntry) => number): void {
    this.#timer?.cancel();
    this.#timer = undefined;
    const atMs = Math.min(...(this.#current ? [this.#current] : this.tiers.entries()).map(timeOf));
    if (atMs === Number.POSITIVE_INFINITY) return;
    const start = (): void =>
      this.#start(this.tiers.entries().filter((entry) => timeOf(entry) <= atMs));
    const waitMs = atMs - this.#clock.nowMs();
    if (waitMs > 0) this.#timer = this.#clock.after(waitMs, start);
    else start();
  }

  #start(entries: readonly TrackerEntry[]): void {
    this.#timer?.cancel();
    this.#timer = undefined;
    this.#current = undefined;
    this.#round = new AbortController();
    void this.#run(entries, this.#round.signal);
  }

  async #run(entries: readonly TrackerEntry[], signal: AbortSignal): Promise<void> {
    for (const entry of entries) {
      const answered = await this.#announce(entry, signal);
      if (signal.aborted) return;
      if (!answered) continue;
      this.tiers.promote(entry);
      this.#current = entry;
      break;
    }
    this.#round = undefined;
    this.#plan();
  }

  #plan(): void {
    const wished = this.#wished;
    this.#wished = 'none';
    if (wished === 'at-once') this.announceAtOnce();
    else if (wished === 'soon') this.announceSoon();
    else this.#startWhen((entry) => entry.dueAtMs);
  }
}
