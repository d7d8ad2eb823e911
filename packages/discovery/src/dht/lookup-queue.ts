/** Which swarm to look up next in the DHT: data in, decisions out. Times in milliseconds of one clock. */
import { AnnounceSchedule } from '../announce-schedule.ts';

/** Nodes forget a peer after 30 minutes or so; libtorrent's number. */
const INTERVAL_MS = 15 * 60_000;
/**
 * The second lookup comes after so long, each one after it after twice as long: of two that came at
 * the same time, neither finds the other in the first, as they announce themselves behind it.
 */
const FIRST_GAP_MS = 10_000;
/** However often someone asks. */
const MIN_INTERVAL_MS = FIRST_GAP_MS;
/** Lookups at once: each asks some fifty nodes. */
const ACTIVE_LIMIT = 4;

/** Swarms by key. A lookup is begun by `take` and ended by `done`. */
export class LookupQueue {
  readonly #schedule = new AnnounceSchedule({
    intervalMs: INTERVAL_MS,
    minIntervalMs: MIN_INTERVAL_MS,
  });
  readonly #gapMs = new Map<string, number>();
  #activeCount = 0;

  /** @param keys - swarms to begin with, all due at once */
  constructor(keys: Iterable<string> = [], nowMs = 0) {
    for (const key of keys) this.add(key, nowMs);
  }

  has(key: string): boolean {
    return this.#schedule.has(key);
  }

  keys(): Iterable<string> {
    return this.#schedule.keys();
  }

  add(key: string, nowMs: number): void {
    this.#schedule.add(key, nowMs);
  }

  delete(key: string): void {
    this.#schedule.delete(key);
    this.#gapMs.delete(key);
  }

  hasten(key: string, nowMs: number): void {
    this.#schedule.hasten(key, nowMs);
  }

  /** The swarms whose turn it is, as many as may begin now. */
  take(nowMs: number): string[] {
    const keys = this.#schedule.take(nowMs, ACTIVE_LIMIT - this.#activeCount);
    this.#activeCount += keys.length;
    return keys;
  }

  /** A lookup ended. */
  done(key: string, nowMs: number): void {
    this.#activeCount--;
    if (!this.has(key)) return;
    const gapMs = Math.min(this.#gapMs.get(key) ?? FIRST_GAP_MS, INTERVAL_MS);
    this.#gapMs.set(key, gapMs * 2);
    this.#schedule.hasten(key, nowMs + gapMs);
  }

  /** When the next lookup may begin, or undefined when none may or there is none. */
  nextDueMs(): number | undefined {
    return this.#activeCount < ACTIVE_LIMIT ? this.#schedule.nextDueMs() : undefined;
  }
}
