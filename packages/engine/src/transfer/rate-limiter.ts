/** A limit on bytes a second that can be changed while bytes flow. Time is passed in. */
import { BLOCK_LENGTH } from '@shoal/units';

/** How much may flow at once after a rest, as seconds of the rate. */
const BURST_S = 0.25;
/** What may be owed at most, as seconds of the rate: a flood that is over holds nothing up for longer. */
const DEBT_S = 10;
/** With a low limit, as bytes: a few blocks that cross our cancel are paid for. */
const LEAST_DEBT_LENGTH = 4 * BLOCK_LENGTH;

/**
 * A token bucket: in any span of t seconds at most `rate * t + burst` bytes are granted, and what
 * was given back, where burst is a quarter second of the rate, but never less than one block of
 * 16 KiB, so that a limit of 1 KiB/s still moves blocks.
 *
 * Limiters form a chain (torrent -> engine): a grant is taken from each of them, and each of them
 * can refuse it.
 */
export class RateLimiter {
  readonly #parent: RateLimiter | undefined;
  #bytesPerS: number | undefined;
  #tokens = Number.POSITIVE_INFINITY;
  #filledAtMs: number | undefined;
  #spentAtMs = 0;

  /** @param options.bytesPerS - undefined is no limit */
  constructor(options: { bytesPerS: number | undefined; parent?: RateLimiter }) {
    this.#parent = options.parent;
    this.setRate(options.bytesPerS);
  }

  /** Changes the limit at once; what was saved up is kept, up to the new burst. */
  setRate(bytesPerS: number | undefined): void {
    this.#bytesPerS = bytesPerS;
    // Without a limit the burst is infinite, and so is what may flow.
    this.#tokens = bytesPerS === undefined ? this.#burst : Math.min(this.#tokens, this.#burst);
  }

  /** The own limit, not the parents'. */
  get bytesPerS(): number | undefined {
    return this.#bytesPerS;
  }

  /** The lowest of its own limit and the parents'; Infinity without any. */
  get lowestBytesPerS(): number {
    const own = this.#bytesPerS ?? Number.POSITIVE_INFINITY;
    return Math.min(own, this.#parent?.lowestBytesPerS ?? Number.POSITIVE_INFINITY);
  }

  /** Whether neither this limiter nor one of its parents holds anything back. */
  get isUnlimited(): boolean {
    return this.#bytesPerS === undefined && (this.#parent?.isUnlimited ?? true);
  }

  /** When bytes were granted last: who shares a parent takes turns by it. */
  get spentAtMs(): number {
    return this.#spentAtMs;
  }

  /** Whether less than half a burst may flow now: whoever takes it takes it from others. */
  isScarce(nowMs: number): boolean {
    this.#available(nowMs);
    return this.#tokens < this.#burst / 2 || (this.#parent?.isScarce(nowMs) ?? false);
  }

  /**
   * Asks for bytes, in whole units of `unit` bytes.
   * @returns how many may flow now, 0..wanted; they are taken from the parents too
   */
  take(wanted: number, nowMs: number, unit = 1): number {
    const available = Math.max(0, Math.min(wanted, this.#available(nowMs)));
    const granted = Math.floor(available / unit) * unit;
    if (granted > 0) this.#spend(granted, nowMs);
    return granted;
  }

  /**
   * All or nothing: a block goes out whole. It may begin once a block's worth (or all of it) is
   * there; what a longer one takes beyond that is owed and paid back before the next.
   */
  borrow(wanted: number, nowMs: number): boolean {
    if (this.#available(nowMs) < Math.min(wanted, BLOCK_LENGTH)) return false;
    this.#spend(wanted, nowMs);
    return true;
  }

  /** Bytes flowed that were not asked for: they are paid back before the next, up to ten seconds' worth. */
  owe(bytes: number, nowMs: number): void {
    this.#available(nowMs);
    const lowest = -Math.max((this.#bytesPerS ?? 0) * DEBT_S, LEAST_DEBT_LENGTH);
    this.#tokens = Math.max(this.#tokens - bytes, Math.min(this.#tokens, lowest));
    this.#spentAtMs = nowMs;
    this.#parent?.owe(bytes, nowMs);
  }

  /**
   * Returns bytes that were granted and did not flow. They may flow besides the burst: whoever lets
   * us wait for what is granted to it would else take it from all others.
   */
  giveBack(bytes: number, nowMs: number): void {
    this.#available(nowMs);
    this.#return(bytes);
  }

  get #burst(): number {
    if (this.#bytesPerS === undefined) return Number.POSITIVE_INFINITY;
    return Math.max(this.#bytesPerS * BURST_S, BLOCK_LENGTH);
  }

  /** Fills up the whole chain and returns the largest possible grant. */
  #available(nowMs: number): number {
    const elapsedMs = Math.max(0, nowMs - (this.#filledAtMs ?? nowMs));
    this.#filledAtMs = Math.max(nowMs, this.#filledAtMs ?? nowMs);
    const gained = ((this.#bytesPerS ?? 0) * elapsedMs) / 1000;
    // What was given back may be above the burst.
    this.#tokens = Math.max(this.#tokens, Math.min(this.#tokens + gained, this.#burst));
    if (this.#parent === undefined) return this.#tokens;
    return Math.min(this.#tokens, this.#parent.#available(nowMs));
  }

  #spend(bytes: number, nowMs: number): void {
    this.#tokens -= bytes;
    this.#spentAtMs = nowMs;
    if (this.#parent !== undefined) this.#parent.#spend(bytes, nowMs);
  }

  #return(bytes: number): void {
    this.#tokens += bytes;
    if (this.#parent !== undefined) this.#parent.#return(bytes);
  }
}
