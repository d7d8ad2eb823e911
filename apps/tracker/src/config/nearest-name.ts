/** The name that somebody may have meant. Pure. */

/** Names further away than a third of their letters are not what was meant. */
const MAX_DISTANCE_RATIO = 1 / 3;

/** @returns undefined when none is near */
export function nearestName(name: string, names: readonly string[]): string | undefined {
  let nearest: string | undefined;
  let least = Number.POSITIVE_INFINITY;
  for (const candidate of names) {
    const steps = distance(name.toLowerCase().replaceAll('_', '-'), candidate);
    if (steps >= least || steps > Math.ceil(candidate.length * MAX_DISTANCE_RATIO)) continue;
    nearest = candidate;
    least = steps;
  }
  return nearest;
}

/** How many letters to add, take away or change (Levenshtein). */
function distance(a: string, b: string): number {
  let above = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let row = 1; row <= a.length; row++) {
    const current = [row];
    for (let column = 1; column <= b.length; column++) {
      const change = above[column - 1]! + (a[row - 1] === b[column - 1] ? 0 : 1);
      current.push(Math.min(change, above[column]! + 1, current[column - 1]! + 1));
    }
    above = current;
  }
  return above[b.length]!;
}
