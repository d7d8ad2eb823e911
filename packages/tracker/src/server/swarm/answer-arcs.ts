/**
 * Which peers of a set an answer has: a run of its leechers and a run of its seeders, each from a random
 * place on, as many of both as is in proportion. A run is copied as it lies there.
 */
import type { PeerRun } from './peer-run.ts';
import type { QuickRandom } from './quick-random.ts';

export class AnswerArcs {
  readonly #random: QuickRandom;

  constructor(random: QuickRandom) {
    this.#random = random;
  }

  /**
   * Copies at most `maxCount` peers.
   * @param peers - leechers first, then seeders
   * @param seeders - those that may be in the answer
   * @param selfAt - the position of the asking peer, which is left out, or -1
   * @returns bytes written
   */
  copy(
    peers: PeerRun,
    leechers: number,
    seeders: number,
    selfAt: number,
    maxCount: number,
    into: Uint8Array,
    intoAt: number,
  ): number {
    const isLeecher = selfAt >= 0 && selfAt < leechers;
    const isSeeder = selfAt >= leechers && seeders > 0;
    const otherLeechers = leechers - (isLeecher ? 1 : 0);
    const others = otherLeechers + seeders - (isSeeder ? 1 : 0);
    const wanted = Math.min(maxCount, others);
    if (wanted === 0) return 0;
    const share = this.#shareOf(wanted, otherLeechers, others);
    const leecherAt = isLeecher ? selfAt : -1;
    const written = this.#copyArc(peers, 0, leechers, leecherAt, share, into, intoAt);
    const seederAt = isSeeder ? selfAt - leechers : -1;
    const rest = wanted - share;
    return (
      written + this.#copyArc(peers, leechers, seeders, seederAt, rest, into, intoAt + written)
    );
  }

  /** How many of `wanted` are of a part of all: in proportion, what is left over by chance. */
  #shareOf(wanted: number, part: number, all: number): number {
    const product = wanted * part;
    const share = Math.floor(product / all);
    const rest = product - share * all;
    return rest > 0 && this.#random.below(all) < rest ? share + 1 : share;
  }

  /** @param selfAt - the one left out, counted from `from`, or -1 */
  #copyArc(
    peers: PeerRun,
    from: number,
    size: number,
    selfAt: number,
    count: number,
    into: Uint8Array,
    intoAt: number,
  ): number {
    if (count === 0) return 0;
    const others = selfAt < 0 ? size : size - 1;
    const skipped = count === others ? 0 : this.#random.below(others);
    return peers.copyRing(from, size, selfAt, skipped, count, into, intoAt);
  }
}
