/**
 * Which clients announce: the first bytes of peer ids, counted on a sample. BEP 20.
 *
 * A tracker need not keep peer ids, and a count of every announce would cost as much as the rest of
 * it; so each period counts its first announces up to a budget. Below that rate nothing is left out.
 */

/** The part of a peer id that names client and version, in bytes: `-SL0100-`. */
const PREFIX_LENGTH = 8;
/** Announces counted a period. */
const BUDGET = 64;
/** Different prefixes kept a window: made-up ones beyond that are counted as unnamed. */
const MAX_PREFIX_COUNT = 512;

/** Announces whose peer id begins with no readable name. */
const UNNAMED = '';

/** Counts over two windows: the present one, and the whole one before it. */
export class ClientCensus {
  readonly #windowMs: number;
  #budget = BUDGET;
  #present = new Map<string, number>();
  #before: ReadonlyMap<string, number> = new Map();
  #windowEndMs = Number.NEGATIVE_INFINITY;

  /** @param windowMs - one interval of announces: each peer comes about once in it */
  constructor(windowMs: number) {
    this.#windowMs = windowMs;
  }

  /** One announce; cheap when the budget of the period is used up. @param at - of the peer id */
  note(bytes: Uint8Array, at: number): void {
    if (this.#budget === 0) return;
    this.#budget--;
    const prefix = readPrefix(bytes, at);
    const count = this.#present.get(prefix);
    const isFull = count === undefined && this.#present.size >= MAX_PREFIX_COUNT;
    const key = isFull ? UNNAMED : prefix;
    this.#present.set(key, (this.#present.get(key) ?? 0) + 1);
  }

  /** The next period begins. @param nowMs - monotonic */
  tick(nowMs: number): void {
    this.#budget = BUDGET;
    if (nowMs < this.#windowEndMs) return;
    const isFirst = this.#windowEndMs === Number.NEGATIVE_INFINITY;
    this.#windowEndMs = nowMs + this.#windowMs;
    if (isFirst) return;
    this.#before = this.#present;
    this.#present = new Map();
  }

  /** Announces counted by prefix, 8 printable characters each; '' has those without a name. */
  counts(): ReadonlyMap<string, number> {
    const counts = new Map(this.#before);
    for (const [prefix, count] of this.#present)
      counts.set(prefix, (counts.get(prefix) ?? 0) + count);
    return counts;
  }
}

/** Names are letters, digits and a few signs; all else is random bytes. */
function readPrefix(bytes: Uint8Array, at: number): string {
  let prefix = '';
  for (let place = at; place < at + PREFIX_LENGTH; place++) {
    const code = bytes[place]!;
    if (code <= 0x20 || code >= 0x7f) return UNNAMED;
    prefix += String.fromCharCode(code);
  }
  return prefix;
}
