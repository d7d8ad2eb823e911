/** Whether a worker goes on, by what is heard of it. Pure. */

/** One that says nothing for so many seconds may be busy; that it answers is not said of it any more. */
const QUIET_S = 10;
/** One that says nothing for so many seconds hangs. */
const HUNG_S = 20;

/**
 * Counts looks, a second apart, and no time: while whoever looks is held up itself, nothing is heard and
 * nobody hangs.
 */
export class Pulse {
  #silentS = 0;

  /** Something was heard. */
  beat(): void {
    this.#silentS = 0;
  }

  /** A second has passed. */
  look(): void {
    this.#silentS++;
  }

  get isQuiet(): boolean {
    return this.#silentS >= QUIET_S;
  }

  get isHung(): boolean {
    return this.#silentS >= HUNG_S;
  }
}
