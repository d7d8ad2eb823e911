/** What of the bench runs, by the words of the command line. */

export interface Choice {
  /** Names of parts, in their own order. */
  readonly parts: readonly string[];
  /** Whether a row runs: its title or the other program's name has every other word. */
  includes(title: string, rivalName: string): boolean;
}

/**
 * Words that name a part choose parts, and the rest choose rows within them.
 * @param partNames - all that there are; without one among the words all of them run
 */
export function chooseRows(words: readonly string[], partNames: readonly string[]): Choice {
  const named = partNames.filter((name) => words.includes(name));
  const others = words
    .filter((word) => !partNames.includes(word))
    .map((word) => word.toLowerCase());
  return {
    parts: named.length > 0 ? named : partNames,
    includes(title, rivalName) {
      const text = `${title} ${rivalName}`.toLowerCase();
      return others.every((word) => text.includes(word));
    },
  };
}
