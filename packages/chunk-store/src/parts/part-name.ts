/** How the chunks of one torrent are named in their folder. */

/** Digits at least, so that folders of small torrents list alike. */
const MIN_DIGITS = 4;

/**
 * `NAME.part0001` for index 0: counted from 1, with the digits of `chunkCount`, so that a plain
 * listing, and `cat NAME.part*`, are in order.
 */
export function partName(name: string, index: number, chunkCount: number): string {
  const digits = Math.max(MIN_DIGITS, String(chunkCount).length);
  return `${name}.part${String(index + 1).padStart(digits, '0')}`;
}

/** Parts by number, runs joined: `parts 2, 5-7`. At most ten runs are named. @param indexes - ascending */
export function formatParts(indexes: readonly number[]): string {
  const runs: { from: number; to: number }[] = [];
  for (const index of indexes) {
    const last = runs.at(-1);
    if (last?.to === index - 1) last.to = index;
    else runs.push({ from: index, to: index });
  }
  const named = runs
    .slice(0, 10)
    .map(({ from, to }) => (from === to ? `${from + 1}` : `${from + 1}-${to + 1}`));
  if (runs.length > named.length) named.push('…');
  return `${indexes.length === 1 ? 'part' : 'parts'} ${named.join(', ')}`;
}
