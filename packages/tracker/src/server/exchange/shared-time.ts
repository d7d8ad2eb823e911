/** Seconds that mean the same in every process that shares swarms, made from monotonic time. */
import type { Clock } from '@shoal/units';

/** Smaller differences are the way to the others and back. */
const MAX_DIFFERENCE_S = 1.5;

/**
 * Ages count in the time of this process, which is monotonic from the wall time of its start on.
 * When the clock that all share is another one, or steps, only the shift to it changes: no peer grows
 * older or younger by that.
 */
export class SharedTime {
  readonly #clock: Clock;
  readonly #offsetMs: number;
  /** Shared seconds minus those of this process. */
  #shiftS = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#offsetMs = clock.wallMs() - clock.nowMs();
  }

  get shiftS(): number {
    return this.#shiftS;
  }

  /** What a moment of the clock lies behind the time that all share, in milliseconds. */
  get clockShiftMs(): number {
    return this.#offsetMs + 1_000 * this.#shiftS;
  }

  /** This process's time, in milliseconds. */
  nowMs(): number {
    return this.#clock.nowMs() + this.#offsetMs;
  }

  /** The same, for a moment of the clock. */
  ofClock(nowMs: number): number {
    return nowMs + this.#offsetMs;
  }

  /** This process's time for a shared one, both in seconds. */
  ofShared(sharedS: number): number {
    return sharedS - this.#shiftS;
  }

  /** The shared clock shows `sharedMs`. @returns by how many seconds it was off; 0 for about none */
  adjust(sharedMs: number): number {
    const differenceS = (sharedMs - this.nowMs()) / 1_000 - this.#shiftS;
    if (Math.abs(differenceS) <= MAX_DIFFERENCE_S) return 0;
    const stepS = Math.round(differenceS);
    this.#shiftS += stepS;
    return stepS;
  }
}
