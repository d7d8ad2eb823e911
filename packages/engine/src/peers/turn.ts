/** A peer's turn to be served: from being unchoked to being choked again. */

/** From being unchoked to the first request takes a round trip or two. */
const IDLE_MS = 30_000;
/** Then others are served; it may want something again later. */
const PASSED_OVER_MS = 210_000;

export class Turn {
  /** Bytes sent to the peer, and its requests that wait for their answer. */
  readonly #sent: { readonly total: number };
  readonly #waiting: { readonly size: number };
  #beganAtMs: number | undefined;
  #sentBefore = 0;
  /** How the turn ended; undefined while it lasts. */
  #wasIdle: boolean | undefined;

  constructor(sent: { readonly total: number }, waiting: { readonly size: number }) {
    this.#sent = sent;
    this.#waiting = waiting;
  }

  /** When the last turn began, also when it is over; undefined: there was none. */
  get beganAtMs(): number | undefined {
    return this.#beganAtMs;
  }

  /** Bytes sent since then. */
  get sentLength(): number {
    return this.#sent.total - this.#sentBefore;
  }

  /** The peer is unchoked. */
  begin(nowMs: number): void {
    this.#beganAtMs = nowMs;
    this.#sentBefore = this.#sent.total;
    this.#wasIdle = undefined;
  }

  /** The peer is choked; to be called before its requests are dropped. */
  end(nowMs: number): void {
    this.#wasIdle = this.isIdle(nowMs);
  }

  /** The peer lets its turn pass, or let the last one pass: unchoked for long, it asked for nothing. */
  isIdle(nowMs: number): boolean {
    if (this.#wasIdle !== undefined) return this.#wasIdle;
    if (this.#beganAtMs === undefined || nowMs - this.#beganAtMs < IDLE_MS) return false;
    return this.sentLength === 0 && this.#waiting.size === 0;
  }

  /** Others come first: the peer let its turn pass lately. */
  isPassedOver(nowMs: number): boolean {
    return this.isIdle(nowMs) && nowMs - this.#beganAtMs! < PASSED_OVER_MS;
  }
}
