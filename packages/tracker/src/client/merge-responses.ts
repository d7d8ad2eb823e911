/** One answer out of those that a tracker gave over IPv4 and over IPv6. Pure. BEP 7. */
import type { AnnounceResponse } from '../protocol/announce.ts';
import { optional } from '../protocol/http-answer.ts';

/**
 * The first answer with the peers of all of them; counts are the largest said, because a tracker
 * may count both families together or each alone.
 * @param responses - one or more
 */
export function mergeAnnounceResponses(responses: readonly AnnounceResponse[]): AnnounceResponse {
  const first = responses[0]!;
  if (responses.length === 1) return first;
  return {
    ...first,
    peers: responses.flatMap(({ peers }) => peers),
    ...optional('seederCount', largest(responses.map((response) => response.seederCount))),
    ...optional('leecherCount', largest(responses.map((response) => response.leecherCount))),
  };
}

function largest(counts: readonly (number | undefined)[]): number | undefined {
  const known = counts.filter((count) => count !== undefined);
  return known.length === 0 ? undefined : Math.max(...known);
}
