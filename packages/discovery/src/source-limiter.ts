/** Shuts out who sends too much. Threat 33. */

export interface SourceLimits {
  /** Messages of one source in one window. */
  readonly messageLimit: number;
  readonly windowMs: number;
  /** How long a source that sent more is not heard. */
  readonly blockMs: number;
}

/** Sources remembered: past it the oldest is forgotten, so that made-up addresses cost no memory. */
const SOURCE_LIMIT = 2000;

interface Source {
  windowEndMs: number;
  count: number;
  blockedUntilMs: number;
}

/** Counts messages by source, for example by IP address. Times in milliseconds of one clock. */
export class SourceLimiter {
  readonly #limits: SourceLimits;
  readonly #sources = new Map<string, Source>();

  constructor(limits: SourceLimits) {
    this.#limits = limits;
  }

  /** Whether the source sent too much lately; notes nothing. */
  isBlocked(source: string, nowMs: number): boolean {
    const known = this.#sources.get(source);
    return known !== undefined && nowMs < known.blockedUntilMs;
  }

  /** Notes one message. @returns whether to hear it */
  allow(source: string, nowMs: number): boolean {
    const { messageLimit, windowMs, blockMs } = this.#limits;
    const known = this.#sources.get(source) ?? this.#remember(source);
    if (nowMs < known.blockedUntilMs) return false;
    if (nowMs >= known.windowEndMs) {
      known.windowEndMs = nowMs + windowMs;
      known.count = 0;
    }
    known.count++;
    if (known.count <= messageLimit) return true;
    known.blockedUntilMs = nowMs + blockMs;
    return false;
  }

  #remember(source: string): Source {
    if (this.#sources.size >= SOURCE_LIMIT) {
      const oldest = this.#sources.keys().next();
      if (!oldest.done) this.#sources.delete(oldest.value);
    }
    const neverMs = Number.NEGATIVE_INFINITY;
    const known = { windowEndMs: neverMs, count: 0, blockedUntilMs: neverMs };
    this.#sources.set(source, known);
    return known;
  }
}
