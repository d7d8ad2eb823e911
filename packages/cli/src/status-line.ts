/** One line that says how far things are: redrawn in place on a terminal, now and then elsewhere. */
import type { TextSink } from './json-lines.ts';

/** Milliseconds between redraws on a terminal. */
const REDRAW_MS = 100;
/** Milliseconds between lines elsewhere. */
const LINE_MS = 5_000;

export class StatusLine {
  readonly #sink: TextSink;
  readonly #nowMs: () => number;
  #drawnAtMs = Number.NEGATIVE_INFINITY;
  #drawn = '';

  /** @param nowMs - monotonic milliseconds */
  constructor(sink: TextSink, nowMs: () => number) {
    this.#sink = sink;
    this.#nowMs = nowMs;
  }

  /**
   * Shows the line unless one was shown a moment ago.
   * @param line - made only when it is shown; `width` is how many characters fit
   */
  update(line: (width: number) => string): void {
    const nowMs = this.#nowMs();
    const isTerminal = this.#sink.isTTY === true;
    if (nowMs - this.#drawnAtMs < (isTerminal ? REDRAW_MS : LINE_MS)) return;
    this.#drawnAtMs = nowMs;
    const width = (this.#sink.columns ?? 80) - 1;
    if (!isTerminal) {
      this.#sink.write(`${line(width)}\n`);
      return;
    }
    this.#drawn = Array.from(line(width)).slice(0, width).join('');
    this.#sink.write(`\r${this.#drawn}\x1b[K`);
  }

  /** Prints a lasting line above the status line. */
  print(text: string): void {
    const status = this.#drawn;
    this.clear();
    this.#sink.write(`${text}\n`);
    if (status === '') return;
    this.#drawn = status;
    this.#sink.write(status);
  }

  /** Takes the line off the terminal. */
  clear(): void {
    if (this.#drawn !== '') this.#sink.write('\r\x1b[K');
    this.#drawn = '';
  }
}
