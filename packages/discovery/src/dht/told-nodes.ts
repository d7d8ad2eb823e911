/** Which of the nodes that peers tell of are pinged: few of one host, and few over all. Threat 33. */
import { SourceLimiter } from '../source-limiter.ts';
import { TokenBucket } from '../token-bucket.ts';

/** Some torrents of one peer, and its node before and after a restart. */
const HOST_LIMITS = { messageLimit: 4, windowMs: 10 * 60_000, blockMs: 10 * 60_000 };
/** Nodes pinged at once. */
const PING_BURST = 8;
/** A ping that nobody answers holds one of the library's 16 places for 2.5 s: lookups need the rest. */
const PINGS_PER_S = 1;

/** Times in milliseconds of one clock. */
export class ToldNodes {
  readonly #hosts = new SourceLimiter(HOST_LIMITS);
  readonly #budget: TokenBucket;

  constructor(nowMs: number) {
    this.#budget = new TokenBucket({
      capacity: PING_BURST,
      perMs: PINGS_PER_S / 1000,
      nowMs,
    });
  }

  /** Notes that a peer told of a node of this host. @returns whether to ping it; it is forgotten otherwise */
  mayPing(host: string, nowMs: number): boolean {
    return this.#hosts.allow(host, nowMs) && this.#budget.take(1, nowMs);
  }
}
