/** Trackers in tiers, in the order in which they are tried. Pure. BEP 12. */
import type { Random } from '@shoal/units';
import type { TrackerEntry } from './tracker-entry.ts';

/** Tiers that are gone through from the first to the last, each shuffled once. */
export class TrackerTiers {
  readonly #tiers: TrackerEntry[][];

  constructor(tiers: readonly (readonly TrackerEntry[])[], random: Random) {
    this.#tiers = tiers.map((tier) => shuffle(tier, random));
  }

  /** Every tracker, in order. */
  entries(): TrackerEntry[] {
    return this.#tiers.flat();
  }

  /** A tracker answered: it is the first of its tier from here on. */
  promote(entry: TrackerEntry): void {
    for (const tier of this.#tiers) {
      const at = tier.indexOf(entry);
      if (at > 0) tier.unshift(...tier.splice(at, 1));
    }
  }
}

/** A copy in random order, each order as likely (Fisher and Yates). */
function shuffle<Item>(items: readonly Item[], random: Random): Item[] {
  const shuffled = [...items];
  for (let last = shuffled.length - 1; last > 0; last--) {
    const other = random.below(last + 1);
    [shuffled[last], shuffled[other]] = [shuffled[other]!, shuffled[last]!];
  }
  return shuffled;
}
