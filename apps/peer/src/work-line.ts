/** The progress line of work on this machine: hashing, splitting, merging. */
import {
  barStyle,
  formatBar,
  formatByteSize,
  formatPercent,
  formatRate,
  type Reporter,
} from '@shoal/cli';

/** Characters of the bar. */
const BAR_WIDTH = 30;

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
    this.#reporter.progress(() => {
      const fraction = totalLength === 0 ? 1 : doneLength / totalLength;
      const bar = formatBar(fraction, BAR_WIDTH, this.#style);
      const rate = (doneLength * 1000) / Math.max(1, nowMs - this.#startedAtMs);
      return `${this.#work} [${bar}] ${formatPercent(fraction)}  ${formatByteSize(doneLength)} of ${formatByteSize(totalLength)}  ${formatRate(rate)}`;
    });
  }
}
