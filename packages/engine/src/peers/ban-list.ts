/** The IP addresses we do not talk to any more. */

export interface BannedHost {
  /** IP address in its canonical text form. */
  readonly host: string;
  /** One short sentence for people. */
  readonly reason: string;
}

/** Bans that are kept; past it the oldest is let go. */
const DEFAULT_LIMIT = 10_000;

/** Bans by IP address, because ports and peer ids cost a liar nothing. Bounded. */
export class BanList {
  readonly #limit: number;
  readonly #reasons = new Map<string, string>();

  constructor(limit = DEFAULT_LIMIT) {
    this.#limit = limit;
  }

  /** Bans a host; a second ban keeps the first reason and counts as fresh. */
  ban(host: string, reason: string): void {
    const first = this.#reasons.get(host) ?? reason;
    this.#reasons.delete(host);
    this.#reasons.set(host, first);
    if (this.#reasons.size <= this.#limit) return;
    for (const oldest of this.#reasons.keys()) {
      this.#reasons.delete(oldest);
      return;
    }
  }

  has(host: string): boolean {
    return this.#reasons.has(host);
  }

  /** Oldest first. */
  entries(): readonly BannedHost[] {
    return Array.from(this.#reasons, ([host, reason]) => ({ host, reason }));
  }
}
