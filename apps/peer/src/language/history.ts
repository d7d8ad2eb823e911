/** The lines that were entered before, for the arrow keys. No IO. */

/** Lines that are kept. */
export const HISTORY_LIMIT = 1_000;
/** A longer line is run, but not kept, in UTF-16 units. */
export const HISTORY_LINE_LIMIT = 4_096;

export class History {
  readonly #lines: string[] = [];
  /** Where the arrows are; the number of lines is the draft. */
  #at = 0;
  #draft = '';

  /** @param lines - oldest first */
  constructor(lines: readonly string[] = []) {
    for (const line of lines) this.add(line);
  }

  /** Oldest first. */
  get lines(): readonly string[] {
    return this.#lines;
  }

  /**
   * Keeps a line that was entered and goes back to the draft.
   * @returns false for a blank or overlong line, and for one equal to the last
   */
  add(line: string): boolean {
    const isNew = isKept(line) && line !== this.#lines.at(-1);
    if (isNew) this.#lines.push(line);
    if (this.#lines.length > HISTORY_LIMIT) this.#lines.shift();
    this.#at = this.#lines.length;
    this.#draft = '';
    return isNew;
  }

  /**
   * The line before; at the oldest one that line again.
   * @param current - what stands in the prompt: kept when it is the draft
   */
  older(current: string): string {
    if (this.#at === this.#lines.length) this.#draft = current;
    if (this.#at > 0) this.#at--;
    return this.#lines[this.#at] ?? current;
  }

  /** The line after; behind the newest one the draft. */
  newer(current: string): string {
    if (this.#at === this.#lines.length) return current;
    this.#at++;
    return this.#lines[this.#at] ?? this.#draft;
  }
}

/** Whether a line may be kept: not blank, not overlong, no control characters. */
export function isKept(line: string): boolean {
  return line.trim() !== '' && line.length <= HISTORY_LINE_LIMIT && !/\p{Cc}/u.test(line);
}
