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
  /** Held back because one was shown a moment ago. */
  #late: ((width: number) => string) | undefined;

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
    this.#late = line;
    if (nowMs - this.#drawnAtMs < (isTerminal ? REDRAW_MS : LINE_MS)) return;
    this.#drawnAtMs = nowMs;
    if (isTerminal) this.#draw();
    else this.#sayLate();
  }

  /** Prints a lasting line above the status line. */
  print(text: string): void {
    const status = this.#drawn;
    this.#erase();
    this.#sink.write(`${text}\n`);
    if (status === '') return;
    this.#drawn = status;
    this.#sink.write(status);
  }

  /** Takes the line off the terminal; elsewhere the last one is said that was held back: a log ends true. */
  clear(): void {
    this.#erase();
    if (this.#sink.isTTY !== true) this.#sayLate();
  }

  get #width(): number {
    return (this.#sink.columns ?? 80) - 1;
  }

  #draw(): void {
    this.#drawn = Array.from(this.#late?.(this.#width) ?? '')
      .slice(0, this.#width)
      .join('');
    this.#sink.write(`\r${this.#drawn}\x1b[K`);
  }

  #sayLate(): void {
    if (this.#late !== undefined) this.#sink.write(`${this.#late(this.#width)}\n`);
    this.#late = undefined;
  }

  #erase(): void {
    if (this.#drawn !== '') this.#sink.write('\r\x1b[K');
    this.#drawn = '';
  }
}
