/** The last things that happened to a torrent, for people. Bounded. */
import type { Clock } from '@shoal/units';
import type { LogLine } from './snapshot.ts';

const LINE_LIMIT = 200;

export class TorrentLog {
  readonly #clock: Clock;
  #lines: LogLine[] = [];

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  add(level: LogLine['level'], text: string): void {
    this.#lines = [
      ...this.#lines.slice(1 - LINE_LIMIT),
      { atMs: this.#clock.wallMs(), level, text },
    ];
  }

  /** Oldest first; the same array while nothing was added. */
  get lines(): readonly LogLine[] {
    return this.#lines;
  }
}
