/** Timers in the order in which they are due: a binary heap. */
import type { Timer } from '@shoal/units';

interface Entry {
  readonly atMs: number;
  /** Breaks ties: first in, first out. */
  readonly turn: number;
  readonly fire: () => void;
  status: 'waiting' | 'cancelled' | 'taken';
}

export class TimerQueue {
  readonly #heap: Entry[] = [];
  #turn = 0;
  #size = 0;

  /** Timers that wait and were not cancelled. */
  get size(): number {
    return this.#size;
  }

  add(atMs: number, fire: () => void): Timer {
    const entry: Entry = { atMs, turn: this.#turn++, fire, status: 'waiting' };
    this.#heap.push(entry);
    this.#rise(this.#heap.length - 1);
    this.#size++;
    return {
      cancel: () => {
        if (entry.status !== 'waiting') return;
        entry.status = 'cancelled';
        this.#size--;
      },
    };
  }

  /** Takes out the first timer that is due at `untilMs` or before. */
  takeDue(untilMs: number): { readonly atMs: number; readonly fire: () => void } | undefined {
    for (let first = this.#heap[0]; first !== undefined; first = this.#heap[0]) {
      if (first.status === 'waiting' && first.atMs > untilMs) return undefined;
      this.#removeFirst();
      if (first.status === 'cancelled') continue;
      first.status = 'taken';
      this.#size--;
      return first;
    }
    return undefined;
  }

  #removeFirst(): void {
    const last = this.#heap.pop()!;
    if (this.#heap.length === 0) return;
    this.#heap[0] = last;
    this.#sink(0);
  }

  #rise(from: number): void {
    for (let at = from; at > 0; ) {
      const parent = (at - 1) >> 1;
      if (!isBefore(this.#heap[at]!, this.#heap[parent]!)) return;
      this.#swap(at, parent);
      at = parent;
    }
  }

  #sink(from: number): void {
    for (let at = from; ; ) {
      let least = at;
      for (const child of [2 * at + 1, 2 * at + 2])
        if (child < this.#heap.length && isBefore(this.#heap[child]!, this.#heap[least]!))
          least = child;
      if (least === at) return;
      this.#swap(at, least);
      at = least;
    }
  }

  #swap(a: number, b: number): void {
    const entry = this.#heap[a]!;
    this.#heap[a] = this.#heap[b]!;
    this.#heap[b] = entry;
  }
}

function isBefore(a: Entry, b: Entry): boolean {
  return a.atMs === b.atMs ? a.turn < b.turn : a.atMs < b.atMs;
}
