/** What a count grew by in each of the last seconds. */

/** Five minutes. */
const LENGTH = 300;
/** A rate for people is the mean of so many. */
const MEAN_LENGTH = 5;

export class RateHistory {
  readonly #growths: number[] = [];
  #count: number;

  /** @param count - where it stands at first */
  constructor(count: number) {
    this.#count = count;
  }

  /** A second has passed. */
  add(count: number): void {
    this.#growths.push(count - this.#count);
    this.#count = count;
    if (this.#growths.length > LENGTH) this.#growths.shift();
  }

  /** The latest last; at most 300. */
  get growths(): readonly number[] {
    return this.#growths;
  }

  /** A second's growth, as the mean of the last five; 0 before the first. */
  get perS(): number {
    const last = this.#growths.slice(-MEAN_LENGTH);
    return last.length === 0 ? 0 : last.reduce((sum, growth) => sum + growth, 0) / last.length;
  }
}
