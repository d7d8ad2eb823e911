/** From a tracker's name to the addresses that are asked: one of each family. BEP 7, BEP 15. */
import { isIP } from 'node:net';
import type { Clock, Timer } from '@shoal/units';
import { TrackerError } from '../protocol/tracker-error.ts';
import { orAborted } from './deadline.ts';

/** An address to ask. It is resolved once and then used as it is, so no name can change under us. */
export interface Endpoint {
  readonly ip: string;
  readonly family: 4 | 6;
  readonly port: number;
}

/** Turns a host name into IP addresses, best first. */
export type Resolve = (
  host: string,
  signal: AbortSignal,
) => Promise<readonly { address: string; family: number }[]>;

/** How long the second family may take beyond the first. */
const GRACE_MIN_MS = 100;
const GRACE_MAX_MS = 2_000;

/**
 * The first IPv4 and the first IPv6 address of a host, in the resolver's order.
 * @throws TrackerError `unreachable` when the name has no address
 */
export async function resolveEndpoints(
  host: string,
  port: number,
  resolve: Resolve,
  signal: AbortSignal,
): Promise<Endpoint[]> {
  const literal = isIP(host);
  if (literal !== 0) return [{ ip: host, family: literal === 6 ? 6 : 4, port }];
  const found = await orAborted(resolve(host, signal), signal).catch((error: unknown) => {
    if (signal.aborted) throw signal.reason;
    throw new TrackerError('unreachable', 'the tracker name has no address', { cause: error });
  });
  const endpoints: Endpoint[] = [];
  for (const { address, family } of found) {
    if (family !== 4 && family !== 6) continue;
    if (!endpoints.some((endpoint) => endpoint.family === family))
      endpoints.push({ ip: address, family, port });
  }
  if (endpoints.length > 0) return endpoints;
  throw new TrackerError('unreachable', 'the tracker name has no address');
}

/**
 * Asks every endpoint and gives the answers that came: all of them, or those there are when the
 * others take more than twice as long as the first good one (100 ms to 2 s more).
 *
 * @returns one answer or more
 * @throws the first error when no endpoint answers
 */
export function askEach<Answer>(
  endpoints: readonly Endpoint[],
  clock: Clock,
  ask: (endpoint: Endpoint) => Promise<Answer>,
): Promise<Answer[]> {
  const startedAtMs = clock.nowMs();
  return new Promise((resolve, reject) => {
    const answers: Answer[] = [];
    const errors: unknown[] = [];
    let grace: Timer | undefined;
    const settle = (): void => {
      const isDone = answers.length + errors.length === endpoints.length;
      if (!isDone && answers.length > 0) {
        const takenMs = clock.nowMs() - startedAtMs;
        const graceMs = Math.min(GRACE_MAX_MS, Math.max(GRACE_MIN_MS, 2 * takenMs));
        grace ??= clock.after(graceMs, () => resolve([...answers]));
      }
      if (!isDone) return;
      grace?.cancel();
      if (answers.length > 0) resolve(answers);
      else reject(errors[0]);
    };
    for (const endpoint of endpoints)
      ask(endpoint)
        .then(
          (answer) => answers.push(answer),
          (error: unknown) => errors.push(error),
        )
        .then(settle);
  });
}
