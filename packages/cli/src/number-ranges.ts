/** Number lists such as `1-3,5`: files to select, pieces that are good. */
import { InvalidArgumentError } from 'commander';

/** Numbers one list may name: more than any torrent has files. */
const MAX_NUMBERS = 2_000_000;

/**
 * Reads `1-3,5`: numbers from 1, ranges inclusive.
 * @returns ascending, each once
 * @throws InvalidArgumentError for anything else
 */
export function parseNumberRanges(text: string): number[] {
  const numbers = new Set<number>();
  for (const part of text.split(',')) {
    const match = /^\s*(\d{1,7})(?:\s*-\s*(\d{1,7}))?\s*$/.exec(part);
    const first = Number(match?.[1] ?? 0);
    const last = Number(match?.[2] ?? first);
    if (first < 1 || last < first || last > MAX_NUMBERS)
      throw new InvalidArgumentError('Write numbers and ranges from 1 on, such as 1-3,5.');
    for (let n = first; n <= last; n++) numbers.add(n);
  }
  return [...numbers].sort((a, b) => a - b);
}

/** Writes ascending numbers as ranges, `0-41, 57`; more than `maxRanges` end in `… (N more)`. */
export function formatNumberRanges(numbers: Iterable<number>, maxRanges = 20): string {
  const ranges: { first: number; last: number }[] = [];
  for (const n of numbers) {
    const range = ranges.at(-1);
    if (range !== undefined && n === range.last + 1) range.last = n;
    else ranges.push({ first: n, last: n });
  }
  const shown = ranges
    .slice(0, maxRanges)
    .map(({ first, last }) => (first === last ? `${first}` : `${first}-${last}`));
  if (ranges.length > maxRanges) shown.push(`… (${ranges.length - maxRanges} more ranges)`);
  return shown.join(', ');
}
