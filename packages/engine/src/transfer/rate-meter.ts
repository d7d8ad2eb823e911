/** How fast bytes flow, smoothed over about five seconds. Time is passed in. */

/** Seconds after which an old rate counts for 1/e. */
const WEIGHT_S = 5;

/** Below this a rate is nothing, in bytes a second. */
const NOTHING = 1;
/** A stream that was silent for so long does not flow: its average would take minutes to say so. */
const SILENT_S = 8;

/**
 * The smoothed rate of one byte stream. Counting is one addition; the owner calls `tick` about
 * once a second.
 *
 * While the stream is younger than five seconds the rate is its plain average, so that it rises
 * at once; later it is an exponential average that does not depend on how often `tick` is called.
 */
export class RateMeter {
  #total = 0;
  #countedTotal = 0;
  #bytesPerS = 0;
  #ageS = 0;
  #silentS = 0;
  #tickedAtMs: number;

  /** @param nowMs - bytes may come from now on */
  constructor(nowMs: number) {
    this.#tickedAtMs = nowMs;
  }

  add(bytes: number): void {
    this.#total += bytes;
  }

  /** Brings the rate up to date. A time that has not moved on changes nothing. */
  tick(nowMs: number): void {
    const elapsedS = this.#secondsTo(nowMs);
    if (elapsedS <= 0) return;
    const bytes = this.#uncounted;
    this.#countedTotal = this.#total;
    this.#tickedAtMs = nowMs;
    if (this.#bytesPerS === 0) {
      if (bytes === 0) return;
      this.#ageS = 0;
    }
    this.#ageS += elapsedS;
    const weight = Math.max(1 - Math.exp(-elapsedS / WEIGHT_S), elapsedS / this.#ageS);
    this.#bytesPerS += (bytes / elapsedS - this.#bytesPerS) * weight;
    this.#silentS = bytes === 0 ? this.#silentS + elapsedS : 0;
    if (this.#bytesPerS < NOTHING || this.#silentS >= SILENT_S) this.rest();
  }

  /** The stream has ended for now: its rate is nothing at once, whatever came since the last `tick`. */
  rest(): void {
    this.#countedTotal = this.#total;
    this.#bytesPerS = 0;
    this.#silentS = 0;
  }

  /** As of the last `tick`. */
  get bytesPerS(): number {
    return this.#bytesPerS;
  }

  /** As of the last `tick`, but for a stream that began after it: nobody takes that for none. */
  rateAt(nowMs: number): number {
    const elapsedS = this.#secondsTo(nowMs);
    if (this.#bytesPerS > 0 || elapsedS <= 0) return this.#bytesPerS;
    return this.#uncounted / elapsedS;
  }

  /** All bytes ever added. */
  get total(): number {
    return this.#total;
  }

  /** Bytes since the last `tick`. */
  get #uncounted(): number {
    return this.#total - this.#countedTotal;
  }

  #secondsTo(nowMs: number): number {
    return (nowMs - this.#tickedAtMs) / 1000;
  }
}
