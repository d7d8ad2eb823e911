/** The requests of one peer that wait for their answer, oldest first. No object a request. */

/** Requests one peer may have waiting; more is a flood (libtorrent's max_allowed_in_request_queue). */
export const UPLOAD_QUEUE_LIMIT = 2_000;
const WIDTH = 3;

export class UploadQueue {
  /** pieceIndex, begin, length of each; a cancelled one has length 0. */
  #items: number[] = [];
  #head = 0;
  #count = 0;

  /** Requests that wait. */
  get size(): number {
    return this.#count;
  }

  get isFull(): boolean {
    return this.#count >= UPLOAD_QUEUE_LIMIT;
  }

  /** Requests that memory is taken for: those that were served or cancelled lately are among them. */
  get slotCount(): number {
    return this.#items.length / WIDTH;
  }

  push(pieceIndex: number, begin: number, length: number): void {
    if (this.slotCount >= 2 * Math.max(this.#count, UPLOAD_QUEUE_LIMIT)) this.#compact();
    this.#items.push(pieceIndex, begin, length);
    this.#count++;
  }

  /** Moves to the first request that waits. @returns false when there is none */
  seek(): boolean {
    while (this.#head < this.#items.length && this.#items[this.#head + 2] === 0)
      this.#head += WIDTH;
    if (this.#head < this.#items.length) return true;
    this.#items = [];
    this.#head = 0;
    return false;
  }

  /** The request `seek` moved to. */
  get pieceIndex(): number {
    return this.#items[this.#head]!;
  }

  get begin(): number {
    return this.#items[this.#head + 1]!;
  }

  get length(): number {
    return this.#items[this.#head + 2]!;
  }

  /** Takes the request `seek` moved to out. */
  shift(): void {
    this.#head += WIDTH;
    this.#count--;
  }

  /** Takes a request out before its answer. @returns whether it was waiting */
  cancel(pieceIndex: number, begin: number, length: number): boolean {
    for (let at = this.#head; at < this.#items.length; at += WIDTH) {
      if (this.#items[at] !== pieceIndex || this.#items[at + 1] !== begin) continue;
      if (this.#items[at + 2] !== length || length === 0) continue;
      this.#items[at + 2] = 0;
      this.#count--;
      this.#trim();
      return true;
    }
    return false;
  }

  /** The requests behind the head, to read ahead for; stops when `visit` returns false. */
  ahead(visit: (pieceIndex: number, begin: number) => boolean): void {
    for (let at = this.#head; at < this.#items.length; at += WIDTH)
      if (this.#items[at + 2] !== 0 && !visit(this.#items[at]!, this.#items[at + 1]!)) return;
  }

  /** Empties the queue. @returns what waited, as [pieceIndex, begin, length] */
  clear(): [number, number, number][] {
    const waiting: [number, number, number][] = [];
    for (let at = this.#head; at < this.#items.length; at += WIDTH)
      if (this.#items[at + 2] !== 0)
        waiting.push([this.#items[at]!, this.#items[at + 1]!, this.#items[at + 2]!]);
    this.#items = [];
    this.#head = 0;
    this.#count = 0;
    return waiting;
  }

  /** Drops what was cancelled at the end: whoever takes each request back at once is found there. */
  #trim(): void {
    while (this.#items.length > this.#head && this.#items.at(-1) === 0) this.#items.length -= WIDTH;
  }

  /** Drops what was served or cancelled. */
  #compact(): void {
    const items: number[] = [];
    for (let at = this.#head; at < this.#items.length; at += WIDTH)
      if (this.#items[at + 2] !== 0)
        items.push(this.#items[at]!, this.#items[at + 1]!, this.#items[at + 2]!);
    this.#items = items;
    this.#head = 0;
  }
}
