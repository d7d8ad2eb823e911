/** The file selection of a magnet link: `0,2,6-8`. BEP 53. */
import { MAX_SELECTED_FILES } from './limits.ts';
import { MetainfoError } from './metainfo-error.ts';

/** Reads file indexes and ranges (both ends included). @returns rising, none twice */
export function parseSelection(text: string): number[] {
  const selected = new Set<number>();
  for (const part of text.split(',')) {
    const [, from, to = from] = /^(\d{1,9})(?:-(\d{1,9}))?$/.exec(part.trim()) ?? [];
    if (from === undefined || Number(to) < Number(from))
      throw badSelection('no list such as 0,2,6-8');
    for (let index = Number(from); index <= Number(to); index++) {
      selected.add(index);
      if (selected.size > MAX_SELECTED_FILES)
        throw badSelection(`more than ${MAX_SELECTED_FILES} files`);
    }
  }
  return [...selected].sort((a, b) => a - b);
}

/** Writes rising file indexes, runs as ranges. */
export function formatSelection(indexes: readonly number[]): string {
  const runs: [number, number][] = [];
  for (const index of indexes) {
    const run = runs.at(-1);
    if (run !== undefined && run[1] === index - 1) run[1] = index;
    else runs.push([index, index]);
  }
  return runs.map(([from, to]) => (from === to ? `${from}` : `${from}-${to}`)).join(',');
}

function badSelection(why: string): MetainfoError {
  return new MetainfoError('bad-magnet', `this is no magnet link that we can use: so is ${why}`);
}
