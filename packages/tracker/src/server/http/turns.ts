/**
 * Who sends many requests at once is answered a little at a time, in turn with others who do: in
 * between everybody else is.
 */
import type { Clock, Timer } from '@shoal/units';

/** After this much of one turn of the event loop no further request of a connection is answered. */
const TURN_MS = 4;

export class Turns {
  readonly #clock: Clock;
  /** Those that wait, first come first served. */
  readonly #waiting: (() => void)[] = [];
  /** Until the next turn; undefined while nobody has asked in this one. */
  #timer: Timer | undefined;
  #endMs = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Whether a connection may answer one request more at once; else it waits. */
  mayGoOn(nowMs: number): boolean {
    if (this.#timer === undefined) this.#begin(nowMs);
    return nowMs < this.#endMs;
  }

  /**
   * @param goOn - called in a later turn, when those that wait already had theirs; it answers one
   * request and asks before each further one
   */
  wait(goOn: () => void): void {
    this.#waiting.push(goOn);
    if (this.#timer === undefined) this.#begin(this.#clock.nowMs());
  }

  /** Nobody goes on any more. */
  close(): void {
    this.#timer?.cancel();
    this.#waiting.length = 0;
  }

  #begin(nowMs: number): void {
    this.#endMs = nowMs + TURN_MS;
    this.#timer = this.#clock.after(0, () => this.#next());
  }

  #next(): void {
    this.#timer = undefined;
    while (this.#waiting.length > 0 && this.mayGoOn(this.#clock.nowMs())) this.#waiting.shift()!();
  }
}
