/** A snapshot that is built when it is asked for, and who wants to hear that there is a newer one. */
import type { Clock, Timer } from '@shoal/units';

/** Screens hear of changes at most this often. */
const NOTIFY_MS = 200;

export class SnapshotFeed<Snapshot> {
  readonly #clock: Clock;
  readonly #build: () => Snapshot;
  readonly #listeners = new Set<() => void>();
  #snapshot: Snapshot | undefined;
  #timer: Timer | undefined;
  #isClosed = false;

  constructor(clock: Clock, build: () => Snapshot) {
    this.#clock = clock;
    this.#build = build;
  }

  /** The same object while nothing changed. */
  get snapshot(): Snapshot {
    this.#snapshot ??= this.#build();
    return this.#snapshot;
  }

  /** @returns a function that ends it */
  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /** The snapshot is out of date: listeners hear of it a little later, of many changes at once. */
  markChanged(): void {
    this.#snapshot = undefined;
    if (this.#listeners.size === 0 || this.#isClosed) return;
    this.#timer ??= this.#clock.after(NOTIFY_MS, () => {
      this.#timer = undefined;
      for (const listener of this.#listeners) listener();
    });
  }

  /** Listeners hear nothing more; the snapshot can still be read. */
  close(): void {
    this.#isClosed = true;
    this.#timer?.cancel();
  }
}
