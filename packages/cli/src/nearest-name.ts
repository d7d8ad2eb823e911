/** The name that somebody may have meant. Pure. */

/** Slips that a name may have and still be recognised. */
const MAX_SLIPS = 2;

/**
 * One that begins so, or the one with the fewest slips.
 * @returns undefined when none is near
 */
export function nearestName(name: string, names: readonly string[]): string | undefined {
  const beginning = names.find((candidate) => name.length > 1 && candidate.startsWith(name));
  if (beginning !== undefined) return beginning;
  let nearest: string | undefined;
  let least = Math.min(MAX_SLIPS, name.length - 1) + 1;
  for (const candidate of names) {
    const slips = slipsBetween(name, candidate);
    if (slips >= least) continue;
    nearest = candidate;
    least = slips;
  }
  return nearest;
}

/** Letters put in, left out, changed or swapped with their neighbour, to get from one to the other. */
function slipsBetween(a: string, b: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, at) => at);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const change = last[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      let slips = Math.min(last[j]! + 1, row[j - 1]! + 1, change);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        slips = Math.min(slips, beforeLast[j - 2]! + 1);
      row.push(slips);
    }
    beforeLast = last;
    last = row;
  }
  return last[b.length]!;
}
