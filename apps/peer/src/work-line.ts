/** The progress line of work on this machine: hashing, splitting, merging. */
import {
  barStyle,
  formatBar,
  formatByteSize,
  formatPercent,
  formatRate,
  type Reporter,
} from '@shoal/cli';

const WIDEST_BAR = 30;

/** Shape: `hashing [#####-----] 50.0 %  32.0 of 64.0 MiB  512 MiB/s`, and progress events with --json. */
export class WorkLine {
  readonly #work: string;
  readonly #reporter: Reporter;
  readonly #style = barStyle();
  readonly #startedAtMs = performance.now();
  #eventAtMs = performance.now();

  constructor(work: string, reporter: Reporter) {
    this.#work = work;
    this.#reporter = reporter;
  }

  /** Both in bytes. */
  update(doneLength: number, totalLength: number): void {
    const nowMs = performance.now();
    if (nowMs - this.#eventAtMs >= 1000) {
      this.#eventAtMs = nowMs;
      this.#reporter.event('progress', { work: this.#work, doneLength, totalLength });
    }
    this.#reporter.progress((width) => {
      const fraction = totalLength === 0 ? 1 : doneLength / totalLength;
      const rate = (doneLength * 1000) / Math.max(1, nowMs - this.#startedAtMs);
      const size = `${formatByteSize(doneLength)} of ${formatByteSize(totalLength)}`;
      const text = `${formatPercent(fraction)}  ${size}  ${formatRate(rate)}`;
      const room = width - `${this.#work} [] ${text}`.length;
      if (room < 1) return `${this.#work} ${formatPercent(fraction)}`;
      return `${this.#work} [${formatBar(fraction, Math.min(WIDEST_BAR, room), this.#style)}] ${text}`;
    });
  }
}
