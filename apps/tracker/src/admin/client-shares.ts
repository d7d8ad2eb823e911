/** How much of the announces each client has. Pure. */
import { readClientName, UNNAMED } from './client-names.ts';

/** Rows for people: the rest is one row. */
const MAX_CLIENT_COUNT = 12;
const MAX_VERSION_COUNT = 4;

/** One client of all versions. */
export interface ClientShare {
  readonly name: string;
  /** 0 to 1. */
  readonly share: number;
  /** The most frequent first; what is missing to `share` has other versions. */
  readonly versions: readonly { readonly version: string; readonly share: number }[];
}

interface Tally {
  count: number;
  readonly versions: Map<string, number>;
}

/** @param counts - announces by the first 8 characters of the peer id */
export function clientShares(counts: ReadonlyMap<string, number>): ClientShare[] {
  const clients = new Map<string, Tally>();
  let total = 0;
  for (const [prefix, count] of counts) {
    const { name, version } = readClientName(prefix);
    const tally = clients.get(name) ?? { count: 0, versions: new Map<string, number>() };
    clients.set(name, tally);
    tally.count += count;
    if (version !== '') tally.versions.set(version, (tally.versions.get(version) ?? 0) + count);
    total += count;
  }
  const rows = [...clients]
    .map(([name, { count, versions }]) => ({
      name,
      share: count / total,
      versions: mostFrequent(versions, total),
    }))
    .sort(
      (a, b) =>
        Number(a.name === UNNAMED.name) - Number(b.name === UNNAMED.name) || b.share - a.share,
    );
  if (rows.length <= MAX_CLIENT_COUNT) return rows;
  const rest = rows.splice(MAX_CLIENT_COUNT - 1);
  const share = rest.reduce((sum, row) => sum + row.share, 0);
  return [...rows, { name: 'others', share, versions: [] }];
}

function mostFrequent(versions: ReadonlyMap<string, number>, total: number) {
  return [...versions]
    .map(([version, count]) => ({ version, share: count / total }))
    .sort((a, b) => b.share - a.share)
    .slice(0, MAX_VERSION_COUNT);
}
